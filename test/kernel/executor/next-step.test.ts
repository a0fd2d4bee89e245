import { expect, test } from "vitest";
import { compileCell } from "../../../kernel/cell/compile.ts";
import { CellScope } from "../../../kernel/cell/scope.ts";
import { nextStep, PANDAS_NAMES } from "../../../kernel/executor/next-step.ts";
import { danfo as loadDanfo } from "../../../src/frame/danfo.ts";
import { distFile } from "../../../src/paths.ts";
import * as F from "../../../src/spark/functions.ts";
import { Pipeline } from "../../../src/spark/ml/pipeline.ts";
import { SparkSession } from "../../../src/spark/session.ts";

const notDefined = (name: string): Error => new ReferenceError(`${name} is not defined`);

test.each([
  [
    "const out = !ls",
    "ls",
    '!ls; to keep what it prints: import { execSync } from "node:child_process"; execSync("ls"',
  ],
  ["files = !ls -l *.csv", "ls", "!ls -l *.csv;"],
  ["let x = !git log;", "git", "!git log;"],
])("a command that is assigned, as in IPython: %s", (line, name, step) => {
  expect(nextStep(notDefined(name), line)).toContain(step);
});

test.each([
  ["const flag = !a && b", "a"],
  ["const flag = !a.b(c)", "a"],
  ["const flag = !known + other", "other"],
  ["flag == !a", "a"],
  ["const flag = !!a", "a"],
])("a negation is none: %s", (line, name) => {
  expect(nextStep(notDefined(name), line)).toBeUndefined();
});

test("names of Python, a package that is not there, a database's limit", () => {
  expect(nextStep(notDefined("print"), "print(1)")).toContain("console.log");
  expect(nextStep(notDefined("something"), "something")).toBeUndefined();
  const absent = Object.assign(new Error("Cannot find package '@a/b/c' imported from /x"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  expect(nextStep(absent, undefined)).toBe("install it with: %npm install @a/b");
  const full = "Out of Memory Error: failed to allocate data of size 16.0 MiB (50.4 MiB/57.2 MiB used)";
  expect(nextStep(new Error(full), undefined)).toContain("memory_limit");
});

test("a part of the kernel that a new build has taken away asks for a restart", () => {
  const gone = Object.assign(new Error(`Cannot find module '${distFile("chunks/profile-ABC.js")}' imported from x`), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  expect(nextStep(gone, undefined)).toBe("Outgrow was built or installed anew under this kernel: restart it");
});

test.each([
  ["!echo ${HOME}", "HOME", "the shell is $HOME"],
  ["!!ls -l", "ls", "one exclamation mark: !ls -l"],
  ["__dirname", "__dirname", "import.meta.dirname"],
  ["exit", "exit", "Ctrl+D leaves a console"],
  ["quit()", "quit", "Ctrl+D leaves a console"],
])("what is of the shell or of older scripts: %s", (line, name, step) => {
  expect(nextStep(notDefined(name), line)).toContain(step);
});

test("a Spark frame comes by the name that it has here, not by PySpark's", () => {
  const frame = SparkSession.deferred(() => Promise.reject(new Error("nothing is asked"))).range(1);
  expect(frame.toDanfo).toBeTypeOf("function");
  expect(() => (frame as unknown as { toPandas(): void }).toPandas()).toThrow(
    expect.toSatisfy((failure: Error) => (nextStep(failure, undefined) ?? "").includes("await frame.toDanfo()")),
  );
});

test("dates that Danfo does not describe are left out as it says", () => {
  const { DataFrame } = loadDanfo();
  const frame = new DataFrame({ n: [1, 2], x: [1.5, 2.5], day: [new Date(0), new Date(1)], s: ["a", "b"] });
  let failure = new Error("nothing was thrown");
  try {
    frame.describe();
  } catch (error) {
    failure = error as Error;
  }
  expect(nextStep(failure, undefined)).toContain('selectDtypes(["int32", "float32"])');
  expect(frame.selectDtypes(["int32", "float32"]).describe().columns).toEqual(["n", "x"]);
});

test("a function of PySpark is a member of F", () => {
  const absent = (name: string) =>
    new SyntaxError(`The requested module 'outgrow' does not provide an export named '${name}'`);
  expect(nextStep(absent("avg"), "import { avg } from 'outgrow'")).toBe("it is F.avg, and F needs no import");
  expect(nextStep(absent("functions"), undefined)).toContain("F, which needs no import");
  expect(nextStep(absent("Vectors"), undefined)).toContain("F.array_to_vector");
  expect(nextStep(absent("StructType"), undefined)).toContain("id bigint, name string");
  expect(nextStep(absent("chunkd"), undefined)).toBeUndefined();
});

test("a name of the library is imported", () => {
  expect(nextStep(notDefined("VectorAssembler"), "new VectorAssembler({})")).toBe(
    'it comes with Outgrow: import { VectorAssembler } from "outgrow"',
  );
  expect(nextStep(notDefined("toString"), "toString")).toBeUndefined();
});

test.each([
  ["x = 5", "x", "const x = …"],
  ["  größe= [1]", "größe", "const größe = …"],
  ["x == 5", "x", undefined],
  ["x => 5", "x", undefined],
  ["y = x", "x", undefined],
])("a name that is assigned as in Python is declared: %s", (line, name, step) => {
  const said = nextStep(notDefined(name), line);
  if (step === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(step);
});

test.each([
  ["frame.write.csv('x', mode='overwrite')", "mode", "{ mode: … }"],
  ["f(mode = 5)", "mode", "{ mode: … }"],
  ["f(mode == 5)", "mode", undefined],
  ["f(mode => 5, other)", "other", undefined],
])("a named argument of Python stands in an object: %s", (line, name, step) => {
  const said = nextStep(notDefined(name), line);
  if (step === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(step);
});

test("a method by pandas' name has the name that Danfo has", () => {
  const danfo = loadDanfo();
  const holders = [danfo, danfo.DataFrame.prototype, danfo.Series.prototype];
  const has = (name: string): boolean => holders.some((holder) => name in holder);
  expect([...PANDAS_NAMES.values()].filter((name) => !has(name))).toEqual([]);
  expect([...PANDAS_NAMES.keys()].filter(has)).toEqual([]);
  for (const [name, danfoName] of PANDAS_NAMES) {
    expect(nextStep(new TypeError(`a.b(...).${name} is not a function`), undefined)).toContain(danfoName);
  }
  expect(nextStep(new TypeError("a.my_own is not a function"), undefined)).toBeUndefined();
});

test("what Danfo has not, and where its own functions are, is told", () => {
  const frame = loadDanfo().DataFrame.prototype;
  for (const name of ["rolling", "pivot", "pivotTable", "dropDuplicates"]) {
    expect(name in frame).toBe(false);
    expect(nextStep(new TypeError(`frame.${name} is not a function`), undefined)).toMatch(/^(Danfo|frames of Danfo's)/);
  }
  const absent = new SyntaxError("The requested module 'outgrow' does not provide an export named 'merge'");
  expect(nextStep(absent, undefined)).toBe('it is Danfo\'s: import { merge } from "danfojs-node"');
  expect(nextStep(notDefined("merge"), "merge({})")).toContain("danfojs-node");
  expect("merge" in loadDanfo()).toBe(true);
  expect(nextStep(notDefined("sql"), 'sql("SELECT 1")')).toContain("%%spark");
});

test.each([
  ["frame.columns.map((c) => c)", "await frame.columns()"],
  ["for (const c of frame.columns) c", "await frame.columns()"],
  ["[...frame.dtypes]", "await frame.dtypes()"],
  ["frame.rdd.map((row) => row)", "no RDDs"],
  ["spark.sparkContext.parallelize([1])", "spark.createDataFrame(rows)"],
  ['frame.fare_amount.cast("int")', 'frame.col("fare_amount")'],
  ['frame.collect()[0]["id"]', "(await frame.collect(…))[0].id"],
  ["frame.where(F.expr('id > 1')).take(5)[0].id", "(await frame.take(…))[0].id"],
  ["[{ take: () => [] }][0].take(1)[0].id", "where that is of a Spark frame"],
  ["Promise.resolve([]).rows.head[0]", undefined],
  ["udf((x) => x)", "%%chunked"],
  ["F.udf((x) => x)", "%%chunked"],
  ["new Pipeline({ stages: [] }).setStages([])", "{ stages: … }"],
  ["new Pipeline({ stages: [] }).getStages()", "operator.params.stages"],
  ["frame.mapInPandas((rows) => rows)", "%%chunked"],
  ['frame.groupBy("id").applyInPandas((rows) => rows)', "%%chunked"],
  ['spark.udf.register("f", (x) => x)', "%%chunked"],
  ['spark.readStream.format("rate")', "spark.read "],
  ['spark.range(3).withWatermark("at", "1 minute")', "spark.read "],
  ['spark.range(3).plot.line({ x: "id", y: "id" })', "await frame.toDanfo(1000)"],
  ["new Map().setMaximum(3)", undefined],
  ["new Map().getMaximum(3)", undefined],
  ["({ columns: [1] }).columns()", undefined],
  ["({}).rows.map((row) => row)", undefined],
  ["[].columns.cast(1)", 'frame.col("columns")'],
])("PySpark's way of writing it: %s", (line, step) => {
  // Some lines ask, and nobody waits for the answer.
  const spark = SparkSession.deferred(() => new Promise(() => {}));
  const values = { spark, frame: spark.range(1), F, Pipeline };
  const run = new Function(...Object.keys(values), line);
  let failure: Error | undefined;
  try {
    run(...Object.values(values));
  } catch (error) {
    failure = error as Error;
  }
  expect(failure).toBeInstanceOf(Error);
  const said = nextStep(failure as Error, line);
  if (step === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(step);
});

test.each([
  ["ls", "ls", "!ls"],
  ["ls -la", "ls", "!ls -la"],
  ["  pwd", "pwd", "!pwd"],
  ["head - 1", "head", undefined],
  ["find.call()", "find", undefined],
  ["const n = ls", "ls", undefined],
])("a command of the shell stands behind an exclamation mark: %s", (line, name, step) => {
  const said = nextStep(notDefined(name), line);
  if (step === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(step);
});

test("what cannot be read gives nothing", () => {
  const hostile = Object.defineProperty(new Error("x"), "message", {
    get() {
      throw new Error("no");
    },
  });
  expect(nextStep(hostile, undefined)).toBeUndefined();
});

test("a percent sign in a text is no magic", () => {
  const options = { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() };
  expect(() => compileCell("console.log('x=%d' 3)", options)).not.toThrow(/magic/);
  expect(() => compileCell("console.log('x=%d' 3)", options)).toThrow(SyntaxError);
});

test.each([
  ["import pandas as pd", "danfojs-node"],
  ["import os.path", "import { name } from"],
  ["from os import path", "an import of Python's"],
  ["from pyspark.sql import functions as F", "the functions F are here"],
  ["def f(x):\n    return x", "function name(x)"],
  ["for i in range(10): print(i)", "for (const x of list)"],
  ["if x > 3:\n    y = 1", "blocks in braces"],
  ["g = lambda x: x + 1", "(x) => x + 1"],
  ["# a comment", "a comment begins with //"],
  ["f'{x} is'", "in backticks"],
  ["pip install pandas", "!pip install pandas"],
  ["npm install lodash", "%npm install lodash"],
  ["cd data", "%cd data"],
  ["SELECT a FROM b", "below %%spark"],
  ["1\nlet x = %time 1 + 1", "a magic stands alone on its line"],
])("what is no TypeScript, and its cure: %s", (code, cure) => {
  expect(() => compileCell(code, { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() })).toThrow(cure);
});

test.each([
  [`console.log("if f'x" 3)`],
  ["for (const key in rows) out[key] = { n: 3 4 };"],
  ["console.log('a: # b', 'lambda x: y' 3)"],
])("what is TypeScript with a slip is not taken for Python: %s", (code) => {
  const compile = () => compileCell(code, { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() });
  expect(compile).toThrow(/^(?!.*Python).*Expected/);
});
