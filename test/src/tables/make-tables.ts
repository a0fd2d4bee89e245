import { arrow, type Data, type DataType } from "../../../src/frame/arrow.ts";
import { tablesOfFrame } from "../../../src/tables/frame-tables.ts";
import type { TableSource } from "../../../src/tables/table-source.ts";
import type { Random } from "../chunked/datasets.ts";

type Make = (random: Random, rows: number) => { readonly type: DataType; readonly data: object };

const TEXTS = [
  "",
  "a",
  "\uFEFFa",
  "b",
  "Straße",
  "日本",
  "fifteen letters",
  "a text that is longer than fifteen bytes",
  "null",
];

/** A table of many types with missing values, cut out of a larger one and into batches, some of them without rows. */
export function makeTables(random: Random): TableSource {
  const { Table, Schema, Field, RecordBatch, Struct, makeData } = arrow();
  const chosen = random.shuffled(Object.entries(MAKERS)).slice(0, 6);
  const sizes = Array.from({ length: random.pick([1, 3]) }, () => random.pick([0, 1, 63, 500, 9000]));
  const made = sizes.map((rows) => chosen.map(([, make]) => columnOf(random, make, rows)));
  const first = made[0] as Data[];
  const fields = chosen.map(([name], i) => new Field(name, (first[i] as Data).type, true));
  const schema = new Schema(fields);
  const batches = made.map((children, i) => {
    const data = makeData({ type: new Struct(fields), length: sizes[i] ?? 0, nullCount: 0, children });
    return new RecordBatch(schema, data);
  });
  const table = new Table(schema, batches);
  const from = random.pick([0, 1, 13]);
  return tablesOfFrame(from < table.numRows ? table.slice(from) : table);
}

/** With none, some or nothing but missing values, under which anything may stand. */
function columnOf(random: Random, make: Make, rows: number): Data {
  const { makeData } = arrow();
  const share = random.pick([0, 0, 0.2, 1]);
  const bits = new Uint8Array((rows + 7) >> 3);
  let missing = 0;
  for (let i = 0; i < rows; i++) {
    if (random.next() < share) missing++;
    else bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  }
  const { type, data } = make(random, rows);
  const nulls = missing === 0 ? { nullCount: 0 } : { nullCount: missing, nullBitmap: bits };
  return makeData({ type, length: rows, ...nulls, ...data } as never);
}

function integers(name: "Int8" | "Uint16" | "Int32" | "Uint64" | "Int64", values: readonly bigint[]): Make {
  return (random, rows) => {
    const type = new (arrow()[name])();
    const list = Array.from({ length: rows }, () => random.pick(values));
    const make = type.ArrayType as unknown as { from(values: readonly unknown[]): unknown };
    return { type, data: { data: make.from(name.endsWith("64") ? list : list.map(Number)) } };
  };
}

function doubles(name: "Float32" | "Float64", value: (random: Random) => number): Make {
  return (random, rows) => {
    const type = new (arrow()[name])();
    const values = Array.from({ length: rows }, () => value(random));
    return { type, data: { data: name === "Float32" ? Float32Array.from(values) : Float64Array.from(values) } };
  };
}

function moments(make: () => DataType, factor: bigint): Make {
  return (random, rows) => ({
    type: make(),
    data: { data: BigInt64Array.from({ length: rows }, () => BigInt(random.pick([-5, 0, 1, 1_700_000_001])) * factor) },
  });
}

function texts(isLarge: boolean): Make {
  return (random, rows) => {
    const list = Array.from({ length: rows }, () => Buffer.from(random.pick(TEXTS)));
    const offsets = new (isLarge ? BigInt64Array : Int32Array)(rows + 1);
    let at = 0;
    for (const [i, text] of list.entries()) {
      at += text.length;
      offsets[i + 1] = (isLarge ? BigInt(at) : at) as never;
    }
    const type = isLarge ? new (arrow().LargeUtf8)() : new (arrow().Utf8)();
    return { type, data: { valueOffsets: offsets, data: Buffer.concat(list) } };
  };
}

/** Texts in views: short ones lie in them, others in a buffer behind each other. */
function views(): Make {
  return (random, rows) => {
    const words = new Int32Array(rows * 4);
    const bytes = Buffer.from(words.buffer);
    const long = TEXTS.map((text) => Buffer.from(text));
    const places = long.map((_, i) => long.slice(0, i).reduce((sum, { length }) => sum + length, 0));
    for (let row = 0; row < rows; row++) {
      const i = random.below(TEXTS.length);
      const text = long[i] as Buffer;
      words[row * 4] = text.length;
      if (text.length <= 12) text.copy(bytes, row * 16 + 4);
      else words.set([text.readInt32LE(), 0, places[i] as number], row * 4 + 1);
    }
    const type = new (arrow().Utf8View)();
    return { type, data: { views: new Uint8Array(words.buffer), variadicBuffers: [Buffer.concat(long)] } };
  };
}

/** A dictionary with a text that no row has, and a place for a missing one. */
function codes(): Make {
  return (random, rows) => {
    const { Dictionary, Utf8, Int8, vectorFromArray } = arrow();
    const dictionary = vectorFromArray([...TEXTS, "of no row", null], new Utf8());
    const type = new Dictionary(new Utf8(), new Int8(), 7);
    const places = Array.from(TEXTS, (_, i) => i).concat(TEXTS.length + 1);
    return { type, data: { data: Int8Array.from({ length: rows }, () => random.pick(places)), dictionary } };
  };
}

function decimals(precision: number, values: readonly bigint[]): Make {
  return (random, rows) => {
    const words = new BigInt64Array(rows * 2);
    for (let i = 0; i < rows; i++) {
      const value = random.pick(values);
      words.set([BigInt.asIntN(64, value), value >> 64n], 2 * i);
    }
    return { type: new (arrow().Decimal)(2, precision, 128), data: { data: new Uint32Array(words.buffer) } };
  };
}

const MAKERS: Readonly<Record<string, Make>> = {
  i8: integers("Int8", [-128n, -1n, 0n, 1n, 4n, 127n]),
  u16: integers("Uint16", [0n, 3n, 65_535n]),
  i32: integers("Int32", [-(2n ** 31n), 0n, 5n, 2n ** 31n - 1n]),
  i64: integers("Int64", [-(2n ** 63n), 0n, 7n, 2n ** 53n + 1n, 2n ** 63n - 1n]),
  u64: integers("Uint64", [0n, 9n, 2n ** 53n + 1n, 2n ** 63n - 1n]),
  f32: doubles("Float32", (random) => random.pick([0.1, -0, 0.5, Number.NaN, 3e38])),
  f64: doubles("Float64", (random) => random.pick([Number.NaN, -0, 1e-9, 1e100, Number.POSITIVE_INFINITY, -1e100])),
  cents: doubles("Float64", (random) => Math.round(random.next() * 100_000) / 100),
  signed: doubles("Float64", (random) => Math.round((random.next() - 0.5) * 100_000) / 100),
  cancelling: doubles("Float64", (random) => random.pick([0.01, 1e13 + 0.01, -1e13, 2.5])),
  bool: (random, rows) => {
    const bits = Uint8Array.from({ length: (rows + 7) >> 3 }, () => Math.floor(random.next() * 256));
    return { type: new (arrow().Bool)(), data: { data: bits } };
  },
  day: (random, rows) => ({
    type: new (arrow().DateDay)(),
    data: { data: Int32Array.from({ length: rows }, () => random.pick([-1, 0, 19_000])) },
  }),
  ms: moments(() => new (arrow().DateMillisecond)(), 1000n),
  second: moments(() => new (arrow().TimestampSecond)(), 1n),
  zonedMs: moments(() => new (arrow().TimestampMillisecond)("Europe/Berlin"), 1000n),
  micro: moments(() => new (arrow().TimestampMicrosecond)(), 999_999n),
  zonedNano: moments(() => new (arrow().TimestampNanosecond)("UTC"), 1_000_000_001n),
  nano: moments(() => new (arrow().TimestampNanosecond)(), 1_000_000_001n),
  text: texts(false),
  large: texts(true),
  viewed: views(),
  coded: codes(),
  price: decimals(9, [-1n, 0n, 125n, 999_999_999n]),
  wide: decimals(18, [-(10n ** 18n) + 1n, 0n, 10n ** 18n - 1n]),
  nothing: (_random, rows) => ({ type: new (arrow().Null)(), data: { length: rows } }),
};
