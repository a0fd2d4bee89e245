import type { DataType } from "#spark-proto/types";

/** One column of a query, with its type in Spark's words: `bigint`, `decimal(18,2)`, `array<string>`. */
export interface SparkField {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** The columns of a struct type. */
export function sparkFields({ kind }: DataType): readonly SparkField[] {
  if (kind.case !== "struct") return [];
  return kind.value.fields.map(({ name, dataType, nullable }) => ({ name, type: typeName(dataType), nullable }));
}

const SIMPLE: Readonly<Record<string, string>> = {
  null: "void",
  binary: "binary",
  boolean: "boolean",
  byte: "tinyint",
  short: "smallint",
  integer: "int",
  long: "bigint",
  float: "float",
  double: "double",
  date: "date",
  timestamp: "timestamp",
  timestampNtz: "timestamp_ntz",
  calendarInterval: "interval",
  variant: "variant",
};
/** Of a column whose shapes are not all in one reference system. */
const MIXED_SRID = -1;
const YEAR_MONTH = ["year", "month"];
const DAY_TIME = ["day", "hour", "minute", "second"];

/** Spark's own short name of a type. */
export function typeName(type: DataType | undefined): string {
  const kind = type?.kind;
  switch (kind?.case) {
    case "decimal":
      return `decimal(${kind.value.precision ?? 10},${kind.value.scale ?? 0})`;
    case "string":
      return kind.value.collation && kind.value.collation !== "UTF8_BINARY"
        ? `string collate ${kind.value.collation}`
        : "string";
    case "char":
      return `char(${kind.value.length})`;
    case "varChar":
      return `varchar(${kind.value.length})`;
    case "array":
      return `array<${typeName(kind.value.elementType)}>`;
    case "map":
      return `map<${typeName(kind.value.keyType)},${typeName(kind.value.valueType)}>`;
    case "struct":
      return `struct<${kind.value.fields.map(({ name, dataType }) => `${name}:${typeName(dataType)}`).join(",")}>`;
    case "yearMonthInterval":
      return intervalName(YEAR_MONTH, kind.value.startField, kind.value.endField);
    case "dayTimeInterval":
      return intervalName(DAY_TIME, kind.value.startField, kind.value.endField);
    case "udt":
      return /\bVectorUDT$/.test(kind.value.jvmClass ?? "") ? "vector" : typeName(kind.value.sqlType);
    case "time":
      return `time(${kind.value.precision ?? 6})`;
    case "timestampNtzNanos":
      return `timestamp_ntz(${kind.value.precision ?? 9})`;
    case "timestampLtzNanos":
      return `timestamp_ltz(${kind.value.precision ?? 9})`;
    case "geometry":
    case "geography":
      return `${kind.case}(${kind.value.srid === MIXED_SRID ? "any" : kind.value.srid})`;
    case "unparsed":
      return kind.value.dataTypeString;
    default:
      return SIMPLE[kind?.case ?? ""] ?? "unknown";
  }
}

function intervalName(units: readonly string[], start = 0, end = units.length - 1): string {
  return start === end ? `interval ${units[start]}` : `interval ${units[start]} to ${units[end]}`;
}
