import { type ArrowSchema, arrow, type DataType } from "./arrow.ts";

/** One column of a data set. `type` is pandas' name: `int64`, `str`, `datetime64[us, UTC]`, `decimal(18, 2)`. */
interface ColumnSchema {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

export interface Schema {
  readonly columns: readonly ColumnSchema[];
}

const UNITS = ["s", "ms", "us", "ns"] as const;

/**
 * The schema of Arrow data under pandas' type names.
 *
 * @example
 * schemaOf(table.schema).columns[0]; // { name: "user_id", type: "int32", nullable: false }
 */
export function schemaOf(schema: ArrowSchema): Schema {
  return { columns: schema.fields.map(({ name, type, nullable }) => ({ name, type: pandasType(type), nullable })) };
}

/** pandas' name for an Arrow type. */
export function pandasType(type: DataType): string {
  const { DataType } = arrow();
  if (DataType.isInt(type)) return `${type.isSigned ? "" : "u"}int${type.bitWidth}`;
  if (DataType.isFloat(type)) return ["float16", "float32", "float64"][type.precision] ?? "float64";
  if (DataType.isBool(type)) return "bool";
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) return "str";
  if (DataType.isDictionary(type)) return "category";
  if (DataType.isTimestamp(type)) return `datetime64[${UNITS[type.unit]}${type.timezone ? `, ${type.timezone}` : ""}]`;
  if (DataType.isDate(type)) return type.unit === 0 ? "date" : "datetime64[ms]";
  if (DataType.isDecimal(type)) return `decimal(${type.precision}, ${type.scale})`;
  if (DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type)) return "list";
  if (DataType.isStruct(type) || DataType.isMap(type)) return "struct";
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isBinaryView(type)) return "binary";
  if (DataType.isFixedSizeBinary(type)) return "binary";
  if (DataType.isTime(type)) return "time";
  if (DataType.isDuration(type)) return `timedelta64[${UNITS[type.unit]}]`;
  return "object";
}
