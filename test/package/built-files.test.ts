import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { root } from "../support/python.ts";

const dist = path.join(root, "dist");
const ENTRIES = ["src/index.js", "src/scan/index.js", "kernel/main.js", "kernel/library.js", "kernel/executor/main.js"];

describe("the built files", () => {
  test.each(ENTRIES)(
    "%s needs no letter beyond Latin-1: for one, the engine keeps two bytes for each letter",
    (entry) => {
      const lines = loadedBy(entry).text.split("\n");
      const wide = lines.filter((line) => /[^\0-\xff]/.test(line));
      expect(wide, "write ... in a comment inside of a class, and \\u20ac in a pattern").toEqual([]);
    },
  );

  test("are few for the scanner alone, and need no package", () => {
    const { text, packages } = loadedBy("src/scan/index.js");
    expect(packages).toEqual([]);
    expect(text.length).toBeLessThan(250_000);
    expect(loadedBy("src/index.js").text.length).toBeGreaterThan(2 * text.length);
  });

  test("are all needed: nothing that an earlier build made lies among them", () => {
    const names = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) => /\.c?js$/.test(name));
    const chunks = new Set(names.filter((name) => name.startsWith("chunks")));
    const needed = names.filter((name) => !chunks.has(name));
    for (const name of needed)
      for (const [file] of readFileSync(path.join(dist, name), "utf8").matchAll(/[\w-]+\.js(?=")/g)) {
        const chunk = path.join("chunks", file);
        if (chunks.delete(chunk)) needed.push(chunk);
      }
    expect([...chunks], "npm run build").toEqual([]);
  });

  test("have one scanner for who imports all and for who imports it alone", async () => {
    const [all, scanner] = await Promise.all(
      ["src/index.js", "src/scan/index.js"].map(
        (name): Promise<Record<string, unknown>> => import(pathToFileURL(path.join(dist, name)).href),
      ),
    );
    const names = Object.keys(scanner ?? {});
    expect(names).toContain("scanGroups");
    for (const name of names) expect(scanner?.[name], name).toBe(all?.[name]);
  });

  test.each(["src/index.js", "kernel/library.js"])(
    "%s gives classes the names that they are exported by",
    async (name) => {
      const exported: Record<string, unknown> = await import(pathToFileURL(path.join(dist, name)).href);
      const classes = Object.entries(exported).filter(([, value]) => /^class\b/.test(String(value)));
      expect(classes.length).toBeGreaterThan(50);
      expect(classes.filter(([key, value]) => (value as { readonly name: string }).name !== key)).toEqual([]);
    },
  );
});

/** The text of a file and of all that is loaded with it, and the packages among that. */
function loadedBy(entry: string): { readonly text: string; readonly packages: readonly string[] } {
  const texts = new Map<string, string>();
  const packages = new Set<string>();
  const load = (file: string) => {
    if (texts.has(file)) return;
    const text = readFileSync(file, "utf8");
    texts.set(file, text);
    for (const [, specifier = ""] of text.matchAll(/(?:\bfrom |^import )"([^"]+)";$/gm)) {
      if (specifier.startsWith(".")) load(path.resolve(path.dirname(file), specifier));
      else if (!specifier.startsWith("node:")) packages.add(specifier);
    }
  };
  load(path.join(dist, entry));
  return { text: [...texts.values()].join("\n"), packages: [...packages] };
}
