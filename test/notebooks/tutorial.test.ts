import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { executeNotebook } from "../support/notebook.ts";
import { python, root, run, workingCopy } from "../support/python.ts";

interface Output {
  readonly output_type: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly data?: Readonly<Record<string, string | string[]>>;
}

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: string | string[];
    readonly outputs?: readonly Output[];
  }[];
}

const NAME = "01-profile-and-chunk.ipynb";
const source = path.join(root, "notebooks", NAME);

const FORMATS = {
  html: ["--to", "html"],
  "sanitized html": ["--to", "html", "--HTMLExporter.sanitize_html=True"],
  markdown: ["--to", "markdown"],
};

/** The command `nbconvert` for each format, which takes longer to load than to convert. */
const EXPORT = `
import json, sys
from nbconvert.nbconvertapp import NbConvertApp
book, folder, formats = sys.argv[1:]
for name, options in json.loads(formats).items():
    NbConvertApp.launch_instance([*options, "--output-dir", folder, "--output", name, book])
    NbConvertApp.clear_instance()
`;

describe(NAME, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-tutorial-"));
  const executed = path.join(folder, NAME);
  let notebook: Notebook;

  beforeAll(async () => {
    // The data lies beside the working copy.
    await executeNotebook({ source, target: executed, folder: workingCopy, timeoutSeconds: 170 });
    notebook = JSON.parse(readFileSync(executed, "utf8"));
    const done = await run(python, ["-c", EXPORT, executed, path.join(folder, "exported"), JSON.stringify(FORMATS)]);
    expect(done.code, done.stderr).toBe(0);
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has fewer than 15 cells, with saved outputs", () => {
    const saved: Notebook = JSON.parse(readFileSync(source, "utf8"));
    expect(saved.cells.length).toBeLessThan(15);
    // A cell that was told to be quiet has none.
    for (const cell of code(saved).filter(({ source }) => !/^%.* -q$/m.test(text(source))))
      expect(cell.outputs?.length, text(cell.source)).toBeGreaterThan(0);
  });

  test("no cell fails", () => {
    const errors = code(notebook).flatMap((cell) =>
      (cell.outputs ?? []).filter((output) => output.output_type === "error"),
    );
    expect(errors).toEqual([]);
  });

  test("the chunked forms agree and the concatenated one has users twice", () => {
    const all = code(notebook)
      .flatMap((cell) => cell.outputs ?? [])
      .map((output) => text(output.data?.["text/plain"] ?? ""))
      .join("\n");
    expect(all).toMatch(/agree: true/);
    expect(all).toMatch(/sameUsers: true/);
    const tooMany = /tooMany: (\d+)/.exec(all);
    expect(Number(tooMany?.[1])).toBeGreaterThan(100_000);
  });

  test("every table is HTML, Markdown and text", () => {
    const tables = code(notebook)
      .flatMap((cell) => cell.outputs ?? [])
      .filter((output) => text(output.data?.["text/html"] ?? "").includes("<table"));
    expect(tables.length).toBeGreaterThanOrEqual(6);
    for (const { data } of tables) {
      expect(text(data?.["text/markdown"] ?? "")).toContain("|");
      expect(text(data?.["text/plain"] ?? "").length).toBeGreaterThan(20);
    }
  });

  test.each(["html.html", "sanitized html.html", "markdown.md"])("exports %s with whole tables", (file) => {
    const shown = readFileSync(path.join(folder, "exported", file), "utf8");
    expect(shown.match(/<table/g)?.length ?? 0).toBeGreaterThanOrEqual(6);
    expect(shown).not.toMatch(/&lt;\/?(table|tbody|thead|th|td|caption|small)\b/);
  });
});

function code(notebook: Notebook): Notebook["cells"] {
  return notebook.cells.filter((cell) => cell.cell_type === "code");
}

function text(value: string | readonly string[]): string {
  return typeof value === "string" ? value : value.join("");
}
