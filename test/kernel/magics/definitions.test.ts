import { describe, expect, test } from "vitest";
import { splitCell } from "../../../kernel/cell/split.ts";
import { helpBundle, optionUsage, usageLines } from "../../../kernel/magics/help.ts";
import type { OptionDefinition } from "../../../kernel/magics/magic.ts";
import { COMMON } from "../../../kernel/magics/options.ts";
import { parseMagic } from "../../../kernel/magics/parse.ts";
import { magics } from "../../../kernel/magics/registry.ts";
import { MIME } from "../../../src/render/bundle.ts";

const all = [...magics.values()];
const uses = all.flatMap((magic) =>
  Object.entries<OptionDefinition>(magic.options).map(([name, option]) => ({ magic: magic.name, name, option })),
);

describe("one option, one meaning, in every magic", () => {
  test("one letter stands for one long name", () => {
    const letters = new Map<string, string>(
      Object.entries<OptionDefinition>(COMMON).flatMap(([name, { short }]) => (short ? [[short, name]] : [])),
    );
    expect(uses.length).toBeGreaterThan(20);
    for (const { magic, name, option } of uses)
      if (option.short) expect(letters.get(option.short), `-${option.short} of %${magic}`).toBe(name);
  });

  test("a long name has one kind, value and meaning", () => {
    const seen = new Map<string, OptionDefinition>(Object.entries<OptionDefinition>(COMMON));
    for (const { magic, name, option } of uses) {
      const { kind, short } = seen.get(name) ?? option;
      expect({ kind: option.kind, short: option.short }, `--${name} of %${magic}`).toEqual({ kind, short });
      seen.set(name, option);
    }
  });

  test("a magic takes a common option as it is", () => {
    const common: Readonly<Record<string, OptionDefinition>> = COMMON;
    for (const { magic, name, option } of uses)
      if (common[name]) expect(option, `--${name} of %${magic}`).toBe(common[name]);
  });

  test("no option hides behind --no- or help", () => {
    for (const { name } of uses) expect(name).not.toMatch(/^no-|^help$/);
  });
});

describe.each(all)("%$name", (magic) => {
  test("is named and described so that help reads well", () => {
    expect(magic.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(magic.summary).toMatch(/^[A-Za-z].*[^.]$/);
    // The list of magics stays within a line of text.
    expect(magic.summary.length).toBeLessThanOrEqual(72);
    expect(magic.forms.length).toBeGreaterThan(0);
    if (magic.forms.includes("%%")) expect(magic.body).not.toBe("none");
    for (const [name, option] of Object.entries<OptionDefinition>(magic.options)) {
      expect(option.summary, name).toMatch(/^\S.*[^.]$/);
      if (option.kind === "choice") expect(option.choices?.length, name).toBeGreaterThan(1);
      if (option.kind !== "flag" && option.kind !== "choice") expect(option.value, name).toBeTypeOf("string");
    }
  });

  test("its examples parse, and belong to it", () => {
    expect(magic.examples.length).toBeGreaterThan(0);
    for (const example of magic.examples) {
      const [call] = splitCell(example, magics).magics;
      expect(call?.name).toBe(magic.name);
      expect(call?.known).toBe(true);
      if (call) expect(parseMagic(magic, call, []).options).toBeTypeOf("object");
    }
  });

  test("its help names summary, usage, every option with its default, and the examples", () => {
    const text = String(helpBundle(magic)[MIME.text]);
    const flat = text.replace(/\s+/g, " ");
    expect(flat).toContain(magic.summary);
    for (const line of usageLines(magic)) expect(text).toContain(line.split("\n")[0]);
    for (const [name, option] of Object.entries<OptionDefinition>(magic.raw ? {} : magic.options)) {
      expect(text, name).toContain(optionUsage(name, option));
      if (option.default !== undefined && option.kind !== "flag")
        expect(flat, name).toContain(`(default ${option.default})`);
    }
    for (const example of magic.examples) expect(text).toContain(example.split("\n")[0]);
    if (magic.standsFor) expect(flat).toContain(magic.standsFor);
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(120);
    expect(helpBundle(magic)[MIME.html]).toBeTypeOf("string");
    expect(helpBundle(magic)[MIME.markdown]).toBeTypeOf("string");
  });
});
