// biome-ignore-all lint/suspicious/noTemplateCurlyInString: magics bind ${} themselves
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Interrupted } from "../../../src/errors.ts";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import type { Profile } from "../../../src/profile/profile.ts";
import { MIME } from "../../../src/render/bundle.ts";
import type { SparkConfig } from "../../../src/spark/config/config.ts";
import { failureOf } from "./call.ts";
import { probe, runMagic } from "./context.ts";

const ROWS = 3000;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-profile-magic-"));
  const lines = ["user_id,city,amount"];
  for (let row = 0; row < ROWS; row++) lines.push(`${row % 50},${row % 2 ? "Paris" : "Lyon"},${row / 4}`);
  writeFileSync(path.join(folder, "sales.csv"), `${lines.join("\n")}\n`);
  writeFileSync(path.join(folder, "semicolon.txt"), `${lines.join("\n").replaceAll(",", ";")}\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("%profile", () => {
  test("estimate and report stand in one output; the report is whole and exact", async () => {
    const notebook = probe(folder);
    const profile = (await runMagic("%profile sales.csv -o report", notebook)) as Profile;
    expect(notebook.variables.get("report")).toBe(profile);
    expect(profile).toMatchObject({ rows: ROWS, exact: true });
    expect(profile.columns.map(({ name }) => name)).toEqual(["user_id", "city", "amount"]);
    expect(notebook.shown.length).toBeGreaterThanOrEqual(1);
    expect(new Set(notebook.shown.map(({ displayId }) => displayId)).size).toBe(1);
    expect(notebook.shown.map(({ update }) => update)).toEqual(notebook.shown.map((_, index) => index > 0));
    expect(notebook.outputs()).toHaveLength(1);
    expect(notebook.outputs()[0]).toContain("user_id");
  });

  test("--fast is an estimate", async () => {
    const profile = (await runMagic("%profile semicolon.txt --fast --sep ;", probe(folder))) as Profile;
    expect(profile.columns.map(({ name }) => name)).toEqual(["user_id", "city", "amount"]);
    expect(Math.abs(profile.rows - ROWS)).toBeLessThan(ROWS / 10);
  });

  test("-q shows nothing, --json shows data alone", async () => {
    const quiet = probe(folder);
    await runMagic("%profile sales.csv -q", quiet);
    expect(quiet.shown).toEqual([]);
    const json = probe(folder);
    await runMagic("%profile sales.csv --json", json);
    expect(json.shown).toHaveLength(1);
    expect(json.shown[0]?.data[MIME.json]).toMatchObject({ rows: ROWS });
    expect(json.shown[0]?.data).not.toHaveProperty(MIME.html);
  });

  test("a frame in a variable, a path in a variable, a bound frame", async () => {
    const frame = frameFromColumns([
      { name: "n", type: "int32", values: Int32Array.from({ length: 9 }, (_, row) => row) },
    ]);
    const notebook = probe(folder, { frame, file: "sales.csv" });
    expect(await runMagic("%profile frame", notebook)).toMatchObject({ rows: 9, exact: true });
    expect(await runMagic("%profile file", notebook)).toMatchObject({ rows: ROWS });
    expect(await runMagic("%profile ${frame}", notebook, [frame])).toMatchObject({ rows: 9 });
    const rows = [{ a: 1 }, { a: 2, b: "x" }];
    const { columns } = (await runMagic("%profile rows", probe(folder, { rows }))) as Profile;
    expect(columns.map(({ name, type, nulls }) => [name, type, nulls])).toEqual([
      ["a", "int64", 0],
      ["b", "str", 1],
    ]);
  });

  test.each([
    ["%profile", "E_MISSING_ARGUMENT", "%profile"],
    ["%profile sale.csv", "E_NO_FILE", "sale.csv"],
    ["%profile sales", "E_NO_VARIABLE", "sales"],
    ["%profile number", "E_BAD_SOURCE", "number"],
    ["%profile sales.csv --sep ab", "E_BAD_TEXT_OPTION", "ab"],
    ["%profile sales.csv --fast --full", "E_BAD_USE", "%profile sales.csv --fast --full"],
    ["%profile https://example.org/a.csv", undefined, undefined],
  ])("%s", async (code, expected, under) => {
    const failure = await failureOf(() => runMagic(code, probe(folder, { number: 1 })));
    if (expected) expect(failure).toMatchObject({ code: expected, under });
    expect(failure.hint).toBeTypeOf("string");
  });

  test("Stop is an error, and what stands there says that it stopped", async () => {
    const notebook = probe(folder);
    notebook.controller.abort(new Interrupted());
    const cold = path.join(folder, "cold.csv");
    writeFileSync(cold, "a,b\n1,2\n");
    await expect(runMagic(`%profile "${cold}" --full`, notebook)).rejects.toThrow(Interrupted);
    if (notebook.shown.length > 0) expect(notebook.outputs().at(-1)).toContain("stopped");
  });
});

describe("%spark-config", () => {
  test("a table with formulas for this data", async () => {
    const notebook = probe(folder);
    const config = (await runMagic("%spark-config sales.csv -o config", notebook)) as SparkConfig;
    expect(notebook.variables.get("config")).toBe(config);
    expect(config.settings.length).toBeGreaterThan(5);
    for (const { key, value, reason } of config.settings)
      expect([key, value, reason].every((text) => text !== "")).toBe(true);
    expect(notebook.outputs().at(-1)).toContain("spark.sql.shuffle.partitions");
  });

  test("a cluster, given values, and exactly the file on stdout", async () => {
    const notebook = probe(folder);
    const code =
      "%spark-config --nodes 6 --cores 16 --memory 64g --driver-memory 8g --executor-memory 4g --shuffle-partitions 200 --format spark-submit";
    await runMagic(code, notebook);
    const text = notebook.printed.join("");
    expect(notebook.shown).toEqual([]);
    expect(text).toContain("--driver-memory 8g");
    expect(text).toContain("--executor-memory 4g");
    expect(text).toMatch(/spark\.sql\.shuffle\.partitions=200/);
  });

  test("a profile in a variable says all that is needed", async () => {
    const notebook = probe(folder);
    await runMagic("%profile sales.csv -o report -q", notebook);
    const config = (await runMagic("%spark-config report", notebook)) as SparkConfig;
    expect(config.inputs.dataBytes).toBe((notebook.variables.get("report") as Profile).sizes.file);
  });

  test.each([
    ["%spark-config --nodes 0", "E_OUT_OF_RANGE", "0"],
    ["%spark-config --format pysparc", "E_BAD_CHOICE", "pysparc"],
    ["%spark-config nothing.csv", "E_NO_FILE", "nothing.csv"],
    ["%spark-config nothing", "E_NO_VARIABLE", "nothing"],
  ])("%s", async (code, expected, under) => {
    expect(await failureOf(() => runMagic(code, probe(folder)))).toMatchObject({ code: expected, under });
  });
});
