import { describe, expect, test } from "vitest";
import { Variables } from "../../../kernel/executor/debug/variables.ts";
import { frameFromColumns } from "../../../src/frame/frame.ts";

const touched: string[] = [];
const touch = (what: string) => () => {
  touched.push(what);
  throw new Error(`${what} ran`);
};

class Meter {
  readonly reading = 5;
  #hidden = 1;
  get costly() {
    return touch("getter")() ?? this.#hidden;
  }
  toString = touch("toString");
  get [Symbol.toStringTag]() {
    return touch("toStringTag")();
  }
}
class OddMap extends Map<string, number> {
  constructor() {
    super();
    Map.prototype.set.call(this, "k", 1);
  }
  override get size() {
    return touch("size")();
  }
  override entries() {
    return touch("entries")();
  }
  override [Symbol.iterator]() {
    return touch("iterator")();
  }
}
const proxy = new Proxy(
  { a: 1 },
  { get: touch("get"), ownKeys: touch("ownKeys"), getPrototypeOf: touch("getPrototypeOf") },
);
class Named {
  own() {}

  static get name() {
    return touch("static name")();
  }
}
const circular: { self?: unknown } = {};
circular.self = circular;

/** Line and kind of a value, and whether it opens. */
const CASES: readonly (readonly [value: unknown, line: string, type: string, opens: boolean])[] = [
  [undefined, "undefined", "undefined", false],
  [null, "null", "null", false],
  [-0, "-0", "number", false],
  [Number.NaN, "NaN", "number", false],
  [2 ** 53, "9007199254740992", "number", false],
  [10n ** 20n, "100000000000000000000n", "bigint", false],
  ['say "hi"\n', '"say \\"hi\\"\\n"', "string", false],
  ["x".repeat(1000), `"${"x".repeat(120)}…"`, "string", false],
  [Symbol("s"), "Symbol(s)", "symbol", false],
  [function named() {}, "ƒ named", "function", false],
  [class Box {}, "class Box", "class", false],
  [[], "Array(0) []", "Array", false],
  [[1, "a", null], 'Array(3) [1, "a", null]', "Array", true],
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is looked at
  [[1, , 3], "Array(3) [1, undefined, 3]", "Array", true],
  [new Float64Array(7), "Float64Array(7) [0, 0, 0, 0, 0, …]", "Float64Array", true],
  [new Map([["a", { b: 1 }]]), 'Map(1) {"a" → {…}}', "Map", true],
  [new Set([1, 2]), "Set(2) {1, 2}", "Set", true],
  [{ a: 1, b: [1] }, "{a: 1, b: Array(1)}", "Object", true],
  [Object.create(null), "{}", "Object", false],
  [circular, "{self: {…}}", "Object", true],
  [new Date(0), "1970-01-01T00:00:00.000Z", "Date", false],
  [new Date(Number.NaN), "Invalid Date", "Date", false],
  [/a+/gi, "/a+/gi", "RegExp", false],
  [new RangeError("too far"), "RangeError: too far", "RangeError", true],
  [new ArrayBuffer(2048), "ArrayBuffer 2.0 KiB", "ArrayBuffer", false],
  [proxy, "Proxy", "Proxy", false],
  [new Proxy([], {}), "Proxy", "Proxy", false],
  [new Named(), "{}", "Object", false],
];

describe("a variable in one line", () => {
  test.each(CASES)("%#", (value, line, type, opens) => {
    const { variablesReference, ...shown } = new Variables().variable("v", value);
    expect(shown).toEqual({ name: "v", value: line, type });
    expect(variablesReference > 0).toBe(opens);
  });

  test("runs no code of the user's, nor does a look below", () => {
    const variables = new Variables();
    const odd = new OddMap();
    for (const value of [
      new Meter(),
      odd,
      proxy,
      {
        get bad() {
          return touch("bad")();
        },
        proxy,
      },
    ]) {
      const { variablesReference } = variables.variable("v", value, true);
      variables.below(variablesReference);
    }
    expect(touched).toEqual([]);
    expect(variables.variable("v", odd).value).toBe('OddMap(1) {"k" → 1}');
    const meter = variables.below(
      variables.variable("v", {
        get bad() {
          return 1;
        },
      }).variablesReference,
    );
    expect(meter).toEqual([{ name: "bad", value: "(…)", type: "getter", variablesReference: 0 }]);
  });

  test("says the rows, columns and bytes of a frame, and its columns below", () => {
    const variables = new Variables();
    const frame = frameFromColumns([
      { name: "user_id", type: "int32", values: new Int32Array(1000) },
      { name: "amount", type: "float64", values: new Float64Array(1000) },
    ]);
    const { value, type, variablesReference } = variables.variable("sales", frame, true);
    expect(value).toBe("DataFrame 1,000 rows × 2 columns, 11.8 KiB");
    expect(type).toBe("DataFrame");
    expect(variables.below(variablesReference)?.map(({ name, type }) => [name, type])).toEqual([
      ["user_id", "int32"],
      ["amount", "float32"],
    ]);
  });
});

describe("what is below a value", () => {
  test("of a long list are ranges, down to its elements", () => {
    const variables = new Variables();
    const open = (reference: number) => variables.below(reference) ?? [];
    const list = Array.from({ length: 10_050 }, (_, i) => i);
    const ranges = open(variables.variable("list", list).variablesReference);
    expect(ranges).toHaveLength(2);
    expect(ranges.map(({ name }) => name)).toEqual(["[0 … 9999]", "[10000 … 10049]"]);
    expect(open(ranges[1]?.variablesReference ?? 0).map(({ value }) => value)).toEqual(list.slice(10_000).map(String));
    const hundreds = open(ranges[0]?.variablesReference ?? 0);
    expect(hundreds.map(({ name }) => name).slice(0, 2)).toEqual(["[0 … 99]", "[100 … 199]"]);
    expect(open(hundreds[1]?.variablesReference ?? 0)[0]).toMatchObject({ name: "100", value: "100" });
    expect(open(variables.variable("hundred", list.slice(0, 100)).variablesReference)).toHaveLength(100);
  });

  test("of a large object or map is the beginning, and how many more", () => {
    const variables = new Variables();
    const map = new Map(Array.from({ length: 1200 }, (_, i) => [`k${i}`, i]));
    const below = variables.below(variables.variable("map", map).variablesReference) ?? [];
    expect(below).toHaveLength(101);
    expect(below[0]).toMatchObject({ name: '"k0"', value: "0" });
    expect(below.at(-1)).toMatchObject({ name: "…", value: "1,100 more" });
  });

  test("is gone when the code has gone on", () => {
    const variables = new Variables();
    const { variablesReference } = variables.variable("v", { a: 1 });
    variables.forget();
    expect(variables.below(variablesReference)).toBeUndefined();
    expect(variables.variable("v", { a: 1 }).variablesReference).not.toBe(variablesReference);
  });
});
