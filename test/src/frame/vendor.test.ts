import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { danfo } from "../../../src/frame/danfo.ts";

const vendored = new URL("../../../dist/vendor/", import.meta.url);

test("Danfo's tensors, statistics, sampling and Excel work in the bundle, and nothing is printed", async () => {
  const { DataFrame, tensorflow } = danfo();
  const frame = new DataFrame({ a: [1, 2, 3, 4] });
  expect(frame.tensor.add(1).arraySync()).toEqual([[2], [3], [4], [5]]);
  expect(tensorflow.moments(frame.tensor, 0).variance.arraySync()).toEqual([1.25]);
  expect([frame.a.median(), frame.a.std(), frame.a.mode()]).toEqual([2.5, Math.sqrt(5 / 3), [1, 2, 3, 4]]);
  expect((await frame.sample(2)).shape).toEqual([2, 1]);
  const script = `const d = require(${JSON.stringify(new URL("danfo.cjs", vendored).pathname)}); new d.DataFrame({ a: [1, 2] }).tensor.add(1).arraySync();`;
  expect(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })).toBe("");
});

test("a sample is drawn from all rows, by their places, and the same for the same seed", async () => {
  const { DataFrame } = danfo();
  const frame = new DataFrame({ a: Array.from({ length: 10_000 }, (_, i) => i) });
  const drawn = async (seed: number) => (await frame.sample(1000, { seed })).a.values as number[];
  const values = await drawn(7);
  expect(new Set(values).size).toBe(1000);
  expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / 1000 - 5000)).toBeLessThan(400);
  expect(await drawn(7)).toEqual(values);
  expect(await drawn(8)).not.toEqual(values);
  const tail = frame.tail(3);
  expect((await tail.sample(3)).a.values.toSorted()).toEqual([9997, 9998, 9999]);
  expect((await tail.a.sample(-1)).values.toSorted()).toEqual([9997, 9998, 9999]);
});

test("TensorFlow is loaded with the first tensor, not with a frame", () => {
  const script = `const { DataFrame, Series, tensorflow } = require(${JSON.stringify(new URL("danfo.cjs", vendored).pathname)});
    const isLoaded = () => "_tfengine" in globalThis;
    const series = new DataFrame({ a: [1, 2] })["a"];
    const seen = [isLoaded()];
    seen.push(series.tensor instanceof tensorflow.Tensor, isLoaded(), {} instanceof tensorflow.Tensor);
    seen.push(new Series(tensorflow.tensor1d([3, 4])).values);
    console.log(JSON.stringify(seen));`;
  const printed = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
  expect(JSON.parse(printed)).toEqual([false, true, true, false, [3, 4]]);
});

test("what few use is in files of its own, which nobody reads before", () => {
  const holders = (text: string) =>
    ["danfo.cjs", "danfo-tensors.cjs", "danfo-math.cjs"].filter((name) =>
      readFileSync(new URL(name, vendored), "utf8").includes(text),
    );
  expect(holders("KernelBackend = class")).toEqual(["danfo-tensors.cjs"]);
  expect(holders("loadArrayIntoNdframe = ")).toEqual(["danfo.cjs"]);
});

test("an address that cannot be fetched is a rejection with the reason", async () => {
  await expect(danfo().readCSV("http://127.0.0.1:9/none.csv")).rejects.toThrow(
    "http://127.0.0.1:9/none.csv cannot be fetched",
  );
});

test("Excel without its package says what to install", () => {
  const bundle = readFileSync(new URL("danfo.cjs", vendored), "utf8");
  const script = `require("node:module")._load = ((load) => (name, ...rest) => { if (name.includes("xlsx")) throw Object.assign(new Error(), { code: "MODULE_NOT_FOUND" }); return load(name, ...rest); })(require("node:module")._load);
    const d = require(${JSON.stringify(new URL("danfo.cjs", vendored).pathname)});
    try { d.toExcel(new d.DataFrame({ a: [1] }), { filePath: ${JSON.stringify(`${tmpdir()}/never.xlsx`)} }); } catch (error) { console.log(error.message); }`;
  expect(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })).toContain("npm install xlsx");
  expect(bundle).not.toContain("SheetJS");
});

test("every bundled package has its licence", () => {
  const licences = readFileSync(new URL("LICENSES.txt", vendored), "utf8");
  for (const name of ["danfojs-node", "jmp", "@tensorflow/tfjs-core", "mathjs", "papaparse", "uuid"])
    expect(licences).toMatch(new RegExp(`^${name} \\d`, "m"));
});
