import { type ArrowSchema, arrow, type DataType, type Table, type Vector } from "../../frame/arrow.ts";

type Field = ArrowSchema["fields"][number];

/**
 * A table in the types that Spark's reader of local relations takes: no dictionaries, no unsigned integers, timestamps in
 * microseconds. Milliseconds without a zone are what a `Date` holds, an instant, and become Spark's `timestamp`.
 */
export function sparkTable(table: Table): Table {
  const { Field, RecordBatch, Schema, Table: ArrowTable } = arrow();
  const { fields } = table.schema;
  if (fields.every(({ type }) => sparkType(type) === type)) return table;
  const columns = fields.map(({ type }, i) => {
    const vector = table.getChildAt(i) as Vector;
    const target = sparkType(type);
    return [String(i), target === type ? vector : converted(vector, target)] as const;
  });
  // Names can stand twice in a table, but not in the object that one is made of.
  const { batches, schema } = new ArrowTable(Object.fromEntries(columns));
  const named = new Schema(fields.map(({ name }, i) => new Field(name, schema.fields[i]?.type as DataType, true)));
  return new ArrowTable(
    named,
    batches.map(({ data }) => new RecordBatch(named, data)),
  );
}

/** The type itself where Spark takes it. */
function sparkType(type: DataType): DataType {
  const types = arrow();
  const { DataType: is } = types;
  if (is.isDictionary(type)) return sparkType(type.dictionary);
  if (is.isInt(type) && !type.isSigned)
    return type.bitWidth === 8 ? new types.Int16() : type.bitWidth === 16 ? new types.Int32() : wideType(type.bitWidth);
  if (is.isTimestamp(type) && type.unit !== types.TimeUnit.MICROSECOND)
    return new types.TimestampMicrosecond(
      type.unit === types.TimeUnit.MILLISECOND ? (type.timezone ?? "UTC") : type.timezone,
    );
  if (is.isDate(type) && type.unit !== types.DateUnit.DAY) return new types.DateDay();
  if (is.isList(type)) {
    const item = type.children[0] as Field;
    const inner = sparkType(item.type);
    return inner === item.type ? type : new types.List(new types.Field(item.name, inner, true));
  }
  if (is.isStruct(type)) {
    const fields = type.children.map((field) => new types.Field(field.name, sparkType(field.type), true));
    return fields.every((field, i) => field.type === type.children[i]?.type) ? type : new types.Struct(fields);
  }
  return type;
}

/** The digits of 64 bits without a sign fill twenty decimals. */
function wideType(bits: number): DataType {
  const types = arrow();
  return bits === 32 ? new types.Int64() : new types.Decimal(0, 20, 128);
}

function converted(vector: Vector, type: DataType): Vector {
  const types = arrow();
  const { DataType: is } = types;
  if (is.isTimestamp(vector.type) && is.isTimestamp(type)) {
    const { unit } = vector.type;
    const data = vector.data.map((part) => {
      const values = BigInt64Array.from(part.values as BigInt64Array, (value) => microseconds(value, unit));
      const { length, offset, nullCount, nullBitmap } = part;
      return types.makeData({ type, length, offset, nullCount, nullBitmap, data: values } as never);
    });
    return new types.Vector(data) as Vector;
  }
  if (is.isDecimal(type)) return types.vectorFromArray([...vector].map(decimalWords), type) as Vector;
  const isWide = is.isInt(type) && type.bitWidth === 64;
  const values = isWide ? [...vector].map((value) => (value === null ? null : BigInt(value as number))) : [...vector];
  return types.vectorFromArray(values.map(plain), type) as Vector;
}

function microseconds(value: bigint, unit: number): bigint {
  const { TimeUnit } = arrow();
  if (unit === TimeUnit.SECOND) return value * 1_000_000n;
  return unit === TimeUnit.MILLISECOND ? value * 1000n : value / 1000n;
}

function decimalWords(value: unknown): Uint32Array | null {
  if (value === null || value === undefined) return null;
  const number = BigInt(value as bigint);
  return Uint32Array.of(Number(number & 0xffffffffn), Number(number >> 32n), 0, 0);
}

/** Arrow's own builders read plain lists and objects. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== "object" || value instanceof Date || value instanceof Uint8Array) return value;
  if (Symbol.iterator in value && "toArray" in value) return [...(value as Iterable<unknown>)].map(plain);
  if ("toJSON" in value)
    return Object.fromEntries(
      Object.entries((value as { toJSON(): object }).toJSON()).map(([name, one]) => [name, plain(one)]),
    );
  return value;
}
