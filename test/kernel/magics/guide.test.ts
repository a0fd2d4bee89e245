import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oddOnSpark } from "../../../src/chunked/spark/expression.ts";
import { COLUMN_TYPES } from "../../../src/query/dtypes.ts";
import { parseExpression } from "../../../src/query/parse-expression.ts";
import { AGGREGATE_FUNCTIONS } from "../../../src/query/query.ts";
import { probe, runMagic } from "./context.ts";

const guide = readFileSync(new URL("../../../docs/queries.md", import.meta.url), "utf8");
const EXAMPLE = /^```\n(%[^\n]+)\n```\n\n```text\n(.*?)\n```$/gms;
const examples = Array.from(guide.matchAll(EXAMPLE), ([, line = "", table = ""]) => ({ line, table }));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-guide-"));
  writeFileSync(path.join(folder, "orders.csv"), /```csv\n(.*?)```/s.exec(guide)?.[1] ?? "");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(examples)("$line gives what the guide shows", async ({ line, table }) => {
  const notebook = probe(folder, {}, { afterMs: 1e9 });
  await runMagic(line, notebook);
  const shown = notebook.outputs().join("\n").replace(/ +$/gm, "");
  expect(shown).toContain(table.replace(/ +$/gm, ""));
});

test("has examples, and names every function and type", () => {
  expect(examples.length).toBeGreaterThan(4);
  // An example whose table was forgotten, or is written another way, would not be tried.
  expect(guide.match(/^%chunked /gm)).toHaveLength(examples.length);
  for (const name of AGGREGATE_FUNCTIONS) expect(guide).toMatch(new RegExp(`\`${name}(:0.9)?\``));
  // Of whole numbers it names the least and the largest.
  const others = COLUMN_TYPES.filter((type) => !/^u?int/.test(type));
  expect(others).toHaveLength(8);
  for (const type of others) expect(guide).toContain(`\`${type}\``);
});

/** One of these fits any function of the guide's lists. */
const ARGUMENTS = ["text", "number", "time", "text, text", "text, text, text", "number, number"];
const TYPES: Readonly<Record<string, string>> = { text: "str", number: "float64", time: "datetime64[us]" };

test("the functions that it says all engines read alike are read by all of them", () => {
  const lists = Array.from(guide.matchAll(/^- (?:texts|numbers|anything|moments): (.*)$/gm), ([, list = ""]) => list);
  const quoted = lists.flatMap((list) => Array.from(list.matchAll(/`([^`]*)`/g), ([, words = ""]) => words));
  const names = quoted.filter((words) => /^[a-z ]+$/.test(words)).flatMap((words) => words.split(" "));
  expect(names.length).toBeGreaterThan(25);
  const isAlike = (sql: string) => {
    const expression = parseExpression(sql, Object.keys(TYPES));
    return expression !== undefined && oddOnSpark(expression, (column) => TYPES[column] ?? "") === undefined;
  };
  for (const name of names)
    expect(
      ARGUMENTS.some((list) => isAlike(`${name}(${list})`)),
      name,
    ).toBe(true);
});
