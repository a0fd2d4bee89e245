// biome-ignore-all lint/suspicious/noTemplateCurlyInString: magics bind ${} themselves
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { ChunkedRun } from "../../../src/chunked/chunked.ts";
import { Interrupted } from "../../../src/errors.ts";
import type { DataFrame } from "../../../src/frame/frame.ts";
import { MIME } from "../../../src/render/bundle.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { failureOf } from "./call.ts";
import { type Probe, probe as probeWith, runMagic } from "./context.ts";

const ROWS = 5000;
const USERS = 7;
let folder = "";
const totals = new Map<number, number>();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-chunked-magic-"));
  const lines = ["user_id,category,amount"];
  for (let row = 0; row < ROWS; row++) {
    const user = (row * 31) % USERS;
    const amount = (row % 97) / 4;
    totals.set(user, (totals.get(user) ?? 0) + amount);
    lines.push(`${user},${"abc"[row % 3]},${amount}`);
  }
  writeFileSync(path.join(folder, "sales.csv"), `${lines.join("\n")}\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether work was quick enough to leave no bar must not depend on the machine. */
function probe(cwd: string, variables: Readonly<Record<string, unknown>> = {}, afterMs = 1e9): Probe {
  return probeWith(cwd, variables, { afterMs });
}

type Result = DataFrame & { readonly run: ChunkedRun };

const DTYPE = "--dtype user_id:int32,category:category,amount:float64";
const SUM = 'return chunk.groupby(["user_id"]).col(["amount"]).sum();';

function expectTotals(frame: DataFrame): void {
  const [users = [], sums = []] = ["user_id", "amount_sum"].map((name) => frame.column(name).values as number[]);
  expect([...users]).toEqual([...totals.keys()].sort((a, b) => a - b));
  for (const [index, user] of [...users].entries()) expect(sums[index]).toBeCloseTo(totals.get(user) ?? Number.NaN, 9);
}

describe("%chunked", () => {
  test("aggregates, shows result and memory table, fills -o", async () => {
    const notebook = probe(folder);
    const value = await runMagic("%chunked sales.csv --by user_id --agg amount:sum,*:count -o byUser", notebook);
    expect(notebook.variables.get("byUser")).toBe(value);
    const frame = value as Result;
    expectTotals(frame);
    expect(frame.run).toMatchObject({ rows: ROWS, complete: true });
    const [table, memory] = notebook.outputs();
    expect(table).toContain("amount_sum");
    expect(memory).toContain("peak resident memory");
    expect(notebook.shown[0]?.data[MIME.html]).toContain("amount_sum");
  });

  test("-q shows nothing, -n limits only what is shown", async () => {
    const quiet = probe(folder);
    await runMagic("%chunked sales.csv --by user_id --agg *:count -q", quiet);
    expect(quiet.shown).toEqual([]);
    const short = probe(folder);
    const frame = (await runMagic("%chunked sales.csv --by user_id --agg *:count -n 2", short)) as Result;
    expect(frame.shape).toEqual([USERS, 2]);
    expect(short.outputs()[0]).toMatch(/2 of 7 rows/);
  });

  test("bound values are values", async () => {
    const notebook = probe(folder);
    const code = "%chunked ${file} --by ${keys} --agg ${column}:sum --where ${condition}";
    const frame = (await runMagic(code, notebook, ["sales.csv", ["category"], "amount", "user_id = 1"])) as Result;
    expect(frame.columns).toEqual(["category", "amount_sum"]);
  });

  test.each([
    ["%chunked sales.csv", "E_NO_AGGREGATE", "%chunked sales.csv"],
    ["%chunked sales.csv --by usr_id --agg *:count", "E_NO_COLUMN", "usr_id"],
    ["%chunked sales.csv --agg amout:sum", "E_NO_COLUMN", "amout"],
    ["%chunked sale.csv --agg *:count", "E_NO_FILE", "sale.csv"],
    ["%chunked sales --agg *:count", "E_NO_VARIABLE", "sales"],
    ["%chunked number --agg *:count", "E_BAD_SOURCE", "number"],
    ["%chunked sales.csv --agg *:count --where 'amount >'", "E_BAD_WHERE", undefined],
    ["%chunked sales.csv --agg *:count --where 'abs(amout) > 1'", "E_NO_COLUMN", "amout"],
    ["%%chunked sales.csv --agg *:count\nreturn 1", "E_BAD_USE", "%%chunked sales.csv --agg *:count"],
    ["%chunked sales.csv --agg amount:quantile:7", "E_BAD_AGGREGATE", "quantile:7"],
    ["%chunked sales.csv --agg *:count --order nope", "E_NO_COLUMN", undefined],
    ["%chunked sales.csv --by 'nope(user_id) AS x' --agg *:count", "E_BAD_KEY", undefined],
    ["%chunked sales.csv --agg *:count --concurrency 2", "E_BAD_USE", undefined],
    ["%%chunked sales.csv --limit 3\nreturn 1", "E_BAD_USE", "%%chunked sales.csv --limit 3"],
    ["%%chunked sales.csv -e spark\nreturn 1", "E_ENGINE_CHOICE", undefined],
    ["%%chunked sales.csv\n", "E_EMPTY_CELL", "%%chunked"],
    ["%%chunked sales.csv -o all\nlet x = 1;", "E_NO_VALUE", undefined],
    ["%%chunked sales.csv --merge adUp\nreturn 1", "E_NO_VARIABLE", "adUp"],
    ["%%chunked sales.csv --merge number\nreturn 1", "E_BAD_VALUE", undefined],
  ])("%j: %s", async (code, expected, under) => {
    const notebook = probe(folder, { addUp: () => 1, number: 5 });
    const failure = await failureOf(() => runMagic(code, notebook));
    expect(failure).toMatchObject({ code: expected });
    if (under) expect(failure.under).toBe(under);
    expect(failure.hint).toBeTypeOf("string");
    expect(notebook.variables.has("all")).toBe(false);
  });

  test("the caret stands under the word of the condition, though the file is called alike", async () => {
    const line = "%chunked sales.csv --where 'sales > 1' --agg *:count";
    const failure: unknown = await runMagic(line, probe(folder)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ at: { text: line, start: line.lastIndexOf("sales") } });
  });

  test("--order and --limit give the largest first, a computed key its groups", async () => {
    const top = (await runMagic(
      "%chunked sales.csv --by user_id --agg amount:sum --order amount_sum:desc --limit 2 -q",
      probe(folder),
    )) as Result;
    const largest = [...totals.entries()].sort((a, b) => b[1] - a[1]).slice(0, 2);
    expect(top.values).toEqual(largest);
    expect(top.run.rows).toBe(ROWS);
    const code = '%chunked sales.csv --by "user_id % 2 AS odd" --agg amount:quantile:1 -q';
    const halves = (await runMagic(code, probe(folder))) as Result;
    expect([halves.columns, halves.values]).toEqual([
      ["odd", "amount_quantile_1"],
      [
        [0, 24],
        [1, 24],
      ],
    ]);
  });

  test("a frame, an Arrow file and rows that come one after another give what the file gives", async () => {
    await runMagic("%chunked sales.csv --to sales.arrow -q", probe(folder));
    const notebook = probe(folder);
    notebook.variables.set("sales", await runMagic("%head sales.arrow -n 9000 -q", probe(folder)));
    notebook.variables.set("three", [{ a: 1 }, { a: 2 }, { a: null }]);
    for (const source of ["sales.arrow", "sales"]) {
      expectTotals((await runMagic(`%chunked ${source} --by user_id --agg amount:sum`, notebook)) as Result);
      expectTotals((await runMagic(`%%chunked ${source} -s 700\n${SUM}`, notebook)) as Result);
    }
    expect(notebook.outputs().join("\n")).toMatch(/sales · .*\n[\s\S]*the data are a frame in memory/);
    const [sum] = ((await runMagic("%chunked three --agg a:sum,*:count -q", notebook)) as Result).values;
    expect(sum).toEqual([3, 3]);
    notebook.variables.set("seven", 7);
    const failure = await failureOf(() => runMagic("%chunked seven --agg *:count", notebook));
    expect(failure).toMatchObject({ code: "E_BAD_SOURCE", message: "seven is a number, not data" });
    notebook.variables.set("rows", () => [{ a: 1 }]);
    const uncalled = await failureOf(() => runMagic("%chunked rows --agg *:count", notebook));
    expect(uncalled).toMatchObject({ hint: "keep what it gives in a variable, and name that: const data = rows()" });
    notebook.variables.set("given", (function* () {})());
    const given = await failureOf(() => runMagic("%head given", notebook));
    expect(given).toMatchObject({ code: "E_BAD_SOURCE", message: "given is a Generator, not data" });
    rmSync(path.join(folder, "sales.arrow"));
  });

  test("--explain without --agg tells of the rows, and binds the condition", async () => {
    const notebook = probe(folder);
    expect(await runMagic("%chunked sales.csv --where amount>5 --explain", notebook)).toMatchObject({
      engine: "scanner",
    });
    expect(notebook.outputs()[0]).toMatch(/columns\s.*amount \(float64\)/);
    const rows = "%chunked sales.csv --where 'amount > 5 OR user_id = 1' --to rows.parquet --explain -q";
    expect(await runMagic(rows, probe(folder))).toMatchObject({ engine: "DuckDB", plan: { aggregates: [] } });
    const wrong = "%chunked sales.csv --where amuont>5 --explain";
    expect(await failureOf(() => runMagic(wrong, probe(folder)))).toMatchObject({
      code: "E_NO_COLUMN",
      hint: "did you mean amount?",
    });
  });

  test("--explain shows who takes it and who refuses, and runs nothing", async () => {
    const notebook = probe(folder);
    const plan = await runMagic("%chunked sales.csv --by user_id --agg amount:median --explain", notebook);
    expect(plan).toMatchObject({ engine: "DuckDB", plan: { keys: [{ name: "user_id" }] } });
    expect(notebook.outputs()).toHaveLength(1);
    expect(notebook.outputs()[0]).toMatch(/scanner\s.*median needs all values of a group at once/);
    const scans = await runMagic("%chunked sales.csv --agg *:count --where amount>5 --explain -q", probe(folder));
    expect(scans).toMatchObject({ engine: "scanner" });
    const onSpark = "%chunked sales.csv --agg amount:first --explain -e spark";
    expect(await failureOf(() => runMagic(onSpark, probe(folder)))).toMatchObject({ code: "E_ENGINE_CHOICE" });
  });

  test("for what is refused no Spark is started, and a slip is told before what Spark does not take", async () => {
    const builder = vi.spyOn(SparkSession, "builder", "get");
    const failing = [
      ["%chunked absent.csv --agg *:count -e spark", "E_NO_FILE"],
      ["%chunked sales.csv --agg amount:first -e spark", "E_ENGINE_CHOICE"],
      ["%chunked sales.csv --agg *:count --date-format day:%d.%m.%Y -e spark", "E_NO_COLUMN"],
      ['%chunked sales.csv --agg amout:sum --thousands "\'" -e spark', "E_NO_COLUMN"],
    ];
    for (const [line = "", code] of failing)
      expect(await failureOf(() => runMagic(line, probe(folder))), line).toMatchObject({ code });
    expect(builder).not.toHaveBeenCalled();
    builder.mockRestore();
  });

  test("--to writes the result, or the chosen rows, and says where", async () => {
    const notebook = probe(folder);
    const value = await runMagic(
      "%chunked sales.csv --where 'user_id = 3' --usecols amount --to some.csv -o some",
      notebook,
    );
    expect(value).toMatchObject({ path: path.join(folder, "some.csv"), rows: Math.ceil(ROWS / USERS) });
    expect(notebook.variables.get("some")).toBe(value);
    expect(readFileSync(path.join(folder, "some.csv"), "utf8")).toMatch(/^amount\n/);
    expect(notebook.outputs().join("\n")).toContain("the result goes to a file");
    const again = (await runMagic("%chunked some.csv --agg *:count -q", probe(folder))) as Result;
    expect(again.values).toEqual([[Math.ceil(ROWS / USERS)]]);
    rmSync(path.join(folder, "some.csv"));
  });

  test("a file that a bare word means is named", async () => {
    const { hint } = await failureOf(() => runMagic("%chunked sales --agg *:count", probe(folder)));
    expect(hint).toContain('write "sales.csv"');
  });
});

describe("%%chunked", () => {
  test("runs the cell once for each chunk and merges users that repeat across chunks", async () => {
    const notebook = probe(folder);
    const frame = (await runMagic(`%%chunked sales.csv -s 700 ${DTYPE} -o byUser\n${SUM}`, notebook)) as Result;
    expectTotals(frame);
    expect(frame.run).toMatchObject({ rows: ROWS, chunks: 8, complete: true });
    expect(notebook.outputs().at(-1)).toMatch(/chunks\s+8/);
  });

  test("where a bar stands its output shows the memory while it runs, and ends as the memory table", async () => {
    const notebook = probe(folder, {}, 0);
    await runMagic("%%chunked sales.csv -s 700\nreturn chunk.shape[0];", notebook);
    const [bar, result, ...others] = notebook.outputs();
    expect(others).toEqual([]);
    expect(String(notebook.shown[0]?.data[MIME.text])).toMatch(/^chunked · .*\n\nmemory of this process\n/);
    expect(bar).toMatch(/^chunked · 5,000 rows in 8 chunks · .*\n\nsales\.csv · scanner.*chunks +8\n/s);
    expect(result).toContain("700");
    const failing = probe(folder, {}, 0);
    const late = "%%chunked sales.csv -s 700\nif (chunk.shape[0] < 700) throw new RangeError('no');";
    await expect(runMagic(late, failing)).rejects.toThrow("no");
    expect(failing.outputs()).toHaveLength(1);
    expect(failing.outputs()[0]).toMatch(/^chunked · failed.*stopped/s);
  });

  test("--as names the frame, plain values are collected in order", async () => {
    const notebook = probe(folder);
    const rows = await runMagic("%%chunked sales.csv -s 2k --as piece\nreturn piece.shape[0];", notebook);
    expect(rows).toEqual([2000, 2000, 1000]);
    expect(notebook.outputs()[0]).toContain("2000");
  });

  test("a function that the cell gives is called with the chunk", async () => {
    const sizes = "%%chunked sales.csv -s 2k\nreturn async (piece, { index }) => [piece.shape[0], index];";
    expect(await runMagic(sizes, probe(folder))).toEqual([
      [2000, 0],
      [2000, 1],
      [1000, 2],
    ]);
  });

  test("--concurrency lets chunks wait together, and keeps their order", async () => {
    let [running, most] = [0, 0];
    const wait = async (rows: number) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return rows;
    };
    Reflect.set(globalThis, "waitFor", wait);
    const notebook = probe(folder);
    const rows = await runMagic(
      "%%chunked sales.csv -s 900 --concurrency 4\nreturn waitFor(chunk.shape[0]);",
      notebook,
    );
    Reflect.deleteProperty(globalThis, "waitFor");
    expect(rows).toEqual([900, 900, 900, 900, 900, 500]);
    expect(most).toBe(4);
  });

  test("a run that fails at once says that its checkpoint was not written", async () => {
    // A folder takes its place in the middle.
    Reflect.set(globalThis, "ask", (rows: number) => {
      mkdirSync(path.join(folder, "torn.part"), { recursive: true });
      if (rows < 900) throw new RangeError("no more");
      return rows;
    });
    const notebook = probe(folder);
    const code = "%%chunked sales.csv -s 900 --checkpoint torn.part\nreturn ask(chunk.shape[0]);";
    await expect(runMagic(code, notebook)).rejects.toThrow("no more");
    expect(notebook.printed.join("")).toContain("the checkpoint was not written: ");
    const quiet = probe(folder);
    rmSync(path.join(folder, "torn.part"), { recursive: true });
    await expect(runMagic(code.replace("-s", "-q -s"), quiet)).rejects.toThrow("no more");
    expect(quiet.printed).toEqual([]);
    rmSync(path.join(folder, "torn.part"), { recursive: true });
    Reflect.deleteProperty(globalThis, "ask");
  });

  test("--checkpoint lets a run that failed go on, and is of its cell", async () => {
    let isDown = true;
    Reflect.set(globalThis, "ask", (rows: number) => {
      if (isDown && rows === 500) throw new RangeError("down");
      return rows;
    });
    const code = "%%chunked sales.csv -s 900 --checkpoint run.part\nreturn ask(chunk.shape[0]);";
    await expect(runMagic(code, probe(folder))).rejects.toThrow("down");
    expect(readdirSync(folder)).toContain("run.part");
    isDown = false;
    const changed = await failureOf(() => runMagic(code.replace("return ask", "return 2 * ask"), probe(folder)));
    expect(changed).toMatchObject({ code: "E_CHECKPOINT" });
    const notebook = probe(folder);
    expect(await runMagic(code, notebook)).toEqual([900, 900, 900, 900, 900, 500]);
    expect(notebook.outputs().at(-1)).toContain("goes on from a checkpoint at row 4,501");
    Reflect.deleteProperty(globalThis, "ask");
    expect(readdirSync(folder)).not.toContain("run.part");
  });

  test("--merge takes a function of the notebook", async () => {
    const addUp = (values: unknown[]) => (values as number[]).reduce((a, b) => a + b, 0);
    const code = "%%chunked sales.csv -s 1000 --merge addUp\nreturn chunk.shape[0];";
    expect(await runMagic(code, probe(folder, { addUp }))).toBe(ROWS);
    expect(await runMagic(code.replace("addUp", "${addUp}"), probe(folder), [addUp])).toBe(ROWS);
  });

  test("a body without a value is fine without -o", async () => {
    const notebook = probe(folder);
    await runMagic(
      "%%chunked sales.csv -s 2000\nglobalThis.seenRows = (globalThis.seenRows ?? 0) + chunk.shape[0];",
      notebook,
    );
    expect(Reflect.get(globalThis, "seenRows")).toBe(ROWS);
    expect(notebook.outputs()).toHaveLength(1);
    Reflect.deleteProperty(globalThis, "seenRows");
  });

  test("an error of the body says in which chunk, and nothing is bound", async () => {
    const notebook = probe(folder);
    const code = `%%chunked sales.csv -s 700 -o out\nif (chunk.values.length < 700) throw new RangeError("short"); return 1;`;
    await expect(runMagic(code, notebook)).rejects.toThrow(/short.*chunk 8/);
    expect(notebook.variables.has("out")).toBe(false);
  });

  test("Stop keeps the part that was merged, shown and in -o, and the cell is an error", async () => {
    const notebook = probe(folder, {});
    let seen = 0;
    notebook.variables.set("tick", () => {
      if (++seen === 3) notebook.controller.abort(new Interrupted());
    });
    Reflect.set(globalThis, "tick", notebook.variables.get("tick"));
    const run = runMagic(`%%chunked sales.csv -s 500 ${DTYPE} -o part\ntick();\n${SUM}`, notebook);
    await expect(run).rejects.toThrow(Interrupted);
    Reflect.deleteProperty(globalThis, "tick");
    const part = notebook.variables.get("part") as Result;
    expect(part.run.complete).toBe(false);
    expect(part.run.rows).toBeLessThan(ROWS);
    expect(notebook.outputs().at(-1)).toContain("stopped");
    expect(readdirSync(folder)).toEqual(["sales.csv"]);
  });
});
