import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { arrowOf, frameFromColumns } from "../../../src/frame/frame.ts";
import { cell } from "../../../src/frame/preview.ts";
import { BUNDLE_BYTES, MIME, renderText, toBundle, toBundleAsync } from "../../../src/render/bundle.ts";
import { renderProgress } from "../../../src/render/progress.ts";
import { sanitize } from "./jupyterlab.ts";

const frame = frameFromColumns([{ name: "n", type: "int32", values: Int32Array.of(1, 2) }]);
const text = (value: unknown) => toBundle(value).data[MIME.text];
const display = Symbol.for("Jupyter.display");
const bytesOf = (data: Readonly<Record<string, unknown>>) =>
  Object.values(data).reduce((sum: number, form) => sum + Buffer.byteLength(String(form)), 0);

describe("tables", () => {
  test.each([
    ["a frame", frame],
    ["a series", frame.n],
    ["an Arrow table", arrowOf(frame)],
    ["a preview", { caption: "c", columns: [{ name: "n", align: "right" }], rows: [[cell("1")]] }],
    ["a report", { blocks: [{ kind: "text", text: "hello" }] }],
  ])("%s has three forms and no JSON", (_name, value) => {
    expect(Object.keys(toBundle(value).data)).toEqual([MIME.html, MIME.markdown, MIME.text]);
  });

  test("the caption can be added to", () => {
    expect(toBundle(frame, { caption: "DuckDB · 38 ms" }).data[MIME.text]).toContain(
      "2 rows × 1 column · DuckDB · 38 ms",
    );
  });

  test("a short table keeps its words beside a long one", () => {
    const columns = [{ name: "n", align: "left" as const }];
    const table = (rows: number, text: string) => ({
      kind: "table" as const,
      preview: { caption: "", columns, rows: Array.from({ length: rows }, () => [cell(text)]) },
    });
    const words = "texts as Python objects; memory_usage(deep=True)";
    const { data } = toBundle({ blocks: [table(3000, "x".repeat(70)), table(7, words)] });
    expect(String(data[MIME.text]).split(words)).toHaveLength(8);
    expect(data[MIME.text]).toMatch(/x{39}…/);
  });

  test("the largest of tables stay under the limit and say what is missing", () => {
    const wide = frameFromColumns(
      Array.from({ length: 20 }, (_, i) => ({
        name: `${"<".repeat(70)}${i}`,
        type: "str",
        values: Array(10).fill("|".repeat(200)),
      })),
    );
    const { data } = toBundle(wide);
    expect(bytesOf(data)).toBeLessThanOrEqual(BUNDLE_BYTES);
    expect(data[MIME.text]).toMatch(/to keep the output small/);
    const long = {
      blocks: [
        {
          kind: "table",
          preview: {
            caption: "",
            columns: [{ name: "n", align: "left" }],
            rows: Array.from({ length: 5000 }, (_, i) => [cell(`row ${i}`)]),
          },
        },
      ],
    };
    const forms = toBundle(long).data;
    expect(bytesOf(forms)).toBeLessThanOrEqual(BUNDLE_BYTES);
    expect(forms[MIME.text]).toContain("row 4999");
    expect(forms[MIME.text]).toMatch(/Only \d+ rows are shown/);
    expect(
      bytesOf(toBundle({ blocks: [{ kind: "code", code: "x".repeat(200_000), language: "ts" }] }).data),
    ).toBeLessThanOrEqual(BUNDLE_BYTES);
  });
});

describe("objects that show themselves", () => {
  test("have their own forms, and text besides", () => {
    const data = { [MIME.png]: Uint8Array.of(1, 2), [MIME.svg]: "<svg/>" };
    const bundle = toBundle({ name: "chart", [display]: () => data }).data;
    expect(bundle[MIME.png]).toBe("AQI=");
    expect(bundle[MIME.svg]).toBe("<svg/>");
    expect(bundle[MIME.text]).toContain("chart");
  });

  test("keep their own text, lose JSON beside HTML, keep it otherwise", () => {
    expect(toBundle({ [display]: () => ({ [MIME.html]: "x", [MIME.json]: {}, [MIME.text]: "own" }) }).data).toEqual({
      [MIME.html]: "x",
      [MIME.text]: "own",
    });
    expect(toBundle({ [display]: () => ({ [MIME.json]: { a: 1 } }) }).data[MIME.json]).toEqual({ a: 1 });
  });

  test("may be asynchronous", async () => {
    const value = { [display]: async () => ({ [MIME.html]: "later" }) };
    expect((await toBundleAsync(value)).data[MIME.html]).toBe("later");
    expect(Object.keys(toBundle(value).data)).toEqual([MIME.text]);
    expect(Object.keys((await toBundleAsync({ [display]: () => Promise.reject(new RangeError("no")) })).data)).toEqual([
      MIME.text,
    ]);
    expect((await toBundleAsync(3)).data).toEqual({ [MIME.text]: "3" });
  });

  test.each([
    [
      "throws",
      () => {
        throw new RangeError("no");
      },
    ],
    ["gives nothing", () => undefined],
    ["gives no bundle", () => ({ hello: 1 })],
    ["gives an empty one", () => ({})],
  ])("one that %s is plain text", (_name, method) => {
    expect(Object.keys(toBundle({ [display]: method }).data)).toEqual([MIME.text]);
  });
});

describe("plain values", () => {
  class Point {
    #secret = 1;
    x = this.#secret;
  }
  test.each([
    [undefined, "undefined"],
    [null, "null"],
    ["it's", `"it's"`],
    [12n, "12n"],
    [Symbol("s"), "Symbol(s)"],
    [() => 1, "[Function (anonymous)]"],
    [Point, "[class Point]"],
    [new Point(), "Point { x: 1 }"],
    [new Array(2), "[ <2 empty items> ]"],
    [new Map([["a", 1]]), "Map(1) { 'a' => 1 }"],
    [Buffer.from("ab"), "<Buffer 61 62>"],
    [Promise.resolve(1), "Promise { 1 }"],
    [{ caption: "mine", columns: 3 }, "{ caption: 'mine', columns: 3 }"],
    [{ blocks: [] }, "{ blocks: [] }"],
  ])("%o", (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  test("an error is its name, its message and its stack", () => {
    expect(text(new RangeError("too far"))).toMatch(/^RangeError: too far\n +at /);
  });

  test("a value that throws whenever it is touched is survived", () => {
    const hostile = () => {
      throw new RangeError("no");
    };
    const proxy = new Proxy(
      {},
      { get: hostile, ownKeys: hostile, getPrototypeOf: hostile, getOwnPropertyDescriptor: hostile, has: hostile },
    );
    const values = [
      proxy,
      {
        get bad() {
          return hostile();
        },
        good: 1,
      },
      { [inspect.custom]: hostile, good: 1 },
      {
        get [Symbol.toStringTag]() {
          return hostile();
        },
      },
      {
        get [display]() {
          return hostile();
        },
      },
      {
        get $isSeries() {
          return hostile();
        },
        get batches() {
          return hostile();
        },
        get blocks() {
          return hostile();
        },
      },
    ];
    for (const value of values) expect(text(value)).toEqual(expect.any(String));
    expect(text(values[2])).toContain("good: 1");
  });

  test("is bounded, and has no colours", () => {
    expect(String(text(Array.from({ length: 10_000 }, (_, i) => i))).length).toBeLessThan(5000);
    expect(String(text("x".repeat(1_000_000))).length).toBeLessThan(11_000);
    const many = String(text(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key${i}`, i]))));
    expect(Buffer.byteLength(many)).toBeLessThanOrEqual(BUNDLE_BYTES);
    expect(many).toContain("cut: this output is longer");
    expect(text({ a: "x", n: 1 })).not.toContain("\u001b");
    expect(Buffer.byteLength(String(renderText("€".repeat(40_000)).data[MIME.text]))).toBeLessThanOrEqual(BUNDLE_BYTES);
  });
});

describe("progress", () => {
  const view = { operation: "chunks of <sales>.csv", fraction: 0.371, note: "37 of 100 chunks", seconds: 12.1 };

  test("is a bar with words, unchanged by the sanitiser", () => {
    const { data } = renderProgress({ ...view, state: "running" });
    expect(data[MIME.text]).toBe("chunks of <sales>.csv · 37 % · 37 of 100 chunks · 12.1 s, 20.5 s left");
    expect(data[MIME.html]).toContain('<progress max="1" value="0.371"');
    expect(sanitize(String(data[MIME.html]))).toBe(data[MIME.html]);
  });

  test("of unknown length has no value", () => {
    const { data } = renderProgress({ operation: "read", seconds: 1, state: "running" });
    expect(data[MIME.html]).toContain('<progress max="1" title="running"></progress>');
    expect(sanitize(String(data[MIME.html]))).toBe(data[MIME.html]);
  });

  test("ends as one quiet line, or where it stopped", () => {
    expect(renderProgress({ ...view, state: "done" }).data[MIME.html]).not.toContain("<progress");
    expect(renderProgress({ ...view, state: "done" }).data[MIME.text]).toBe(
      "chunks of <sales>.csv · 37 of 100 chunks · 12.1 s",
    );
    expect(renderProgress({ ...view, state: "stopped" }).data[MIME.text]).toContain("· stopped · 37 %");
    expect(renderProgress({ ...view, state: "failed", fraction: 7 }).data[MIME.html]).toContain('value="1"');
  });
});
