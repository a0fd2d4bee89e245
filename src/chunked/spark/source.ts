import type { SourceSchema } from "../../query/plan.ts";
import type { FileSource } from "../../source/source.ts";
import type { SparkDataFrame } from "../../spark/dataframe.ts";
import type { SparkSession } from "../../spark/session.ts";
import { sparkName, sparkText } from "./expression.ts";

/** A column under the name that a plan on Spark has for it. */
export interface SparkColumn {
  readonly name: string;
  readonly alias: string;
  readonly type: string;
}

/** Why Spark is not asked to read a source; undefined when it can, as far as is known before it does. */
export function whyNotOnSpark(source: FileSource, columns: SourceSchema["columns"]): string | undefined {
  const { format, compression, isDrifting, text } = source;
  if (format === "arrow") return "Spark reads no Arrow files";
  if (compression === "zstd") return "Spark reads Zstandard only with a library of its own";
  if (isDrifting) return "the files differ in their columns";
  if (format === "csv" && text.encoding === "utf-16") return "the text is UTF-16";
  if (format === "csv" && text.encoding === "windows-1252") return "the text is Windows-1252";
  if (format === "csv" && text.badRows === "skip") return "rows with another number of fields are to be left out";
  if (format === "csv" && (text.skipRows ?? 0) > 0) return "lines stand above the names";
  if (text.thousands !== undefined) return "numbers have separators of thousands";
  if (text.dateFormat !== undefined) return "dates are written in a pattern";
  const lower = columns.map(({ name }) => name.toLowerCase());
  if (format !== "csv" && new Set(lower).size < lower.length) return "names of columns differ only in their case";
  return undefined;
}

/** Why a plan's columns in the names of folders would not be the same: Spark finds their types by itself, where a text looks like a number or a time. */
export function oddFolders({ partitions }: FileSource, used: readonly SparkColumn[]): string | undefined {
  const names = new Set(used.map(({ name }) => name));
  const odd = partitions?.columns.find(
    ({ name, type, values }) =>
      names.has(name) && type === "str" && values.some((value) => /^[-+.\d]|^(nan|inf)/i.test(value)),
  );
  return odd && `to Spark the folders of "${odd.name}" hold no texts`;
}

/** Why a plan's days and moments would not be the same: Spark reads ISO, and in another format not the texts that the engines here do. */
export function oddMoments({ columns }: SourceSchema, used: readonly SparkColumn[]): string | undefined {
  const names = new Set(used.filter(({ type }) => /^date/.test(type)).map(({ name }) => name));
  const odd = columns.find(({ name, format }) => format !== undefined && names.has(name));
  return odd && `the dates of "${odd.name}" are written as ${odd.format}`;
}

/** Types that are the same on both sides. */
export function isSparkType(type: string): boolean {
  return /^(u?int\d+|float\d+|bool|str|category|date|datetime64\[us(, UTC)?\]|decimal\(.*\))$/.test(type);
}

/**
 * The columns of a source on Spark, each under its alias and of the plan's type. Texts are read as texts and cast here, so that what
 * does not fit is an error, and not a null.
 *
 * @param all the columns of the files in their order
 * @param used those that the plan needs
 * @param hasLongRows rows may go over several lines
 */
export function readOnSpark(
  session: SparkSession,
  source: FileSource,
  all: readonly { readonly name: string }[],
  used: readonly SparkColumn[],
  hasLongRows: boolean,
): SparkDataFrame {
  // Where the columns in the names of folders begin.
  const base = source.partitions && { basePath: source.partitions.root };
  const inFolders = new Set(source.partitions?.columns.map(({ name }) => name));
  const inFiles = all.filter(({ name }) => !inFolders.has(name));
  // A path is a pattern to Spark.
  const paths = source.files.map(({ path }) => path.replace(/[\\*?[\]{}]/g, "\\$&"));
  if (source.format === "parquet") {
    const frame = session.read.parquet(paths, { mergeSchema: paths.length > 1, ...base });
    return columnsOnSpark(frame, used);
  }
  if (source.format === "json") {
    const schema = used
      .filter(({ name }) => !inFolders.has(name))
      .map(({ name, type }) => `${sparkName(name)} ${jsonType(type)}`)
      .join(", ");
    const frame = session.read.json(paths, { schema, mode: "FAILFAST", multiLine: hasLongRows, ...base });
    return columnsOnSpark(frame, used);
  }
  const { sep = ",", header = true, encoding, decimal, na = [] } = source.text;
  const frame = session.read.csv(paths, {
    schema: inFiles.map((_, i) => `t${i} STRING`).join(", "),
    sep,
    header,
    quote: '"',
    escape: '"',
    mode: "FAILFAST",
    // A row is checked as a whole, also where few of its fields are wanted.
    columnPruning: false,
    multiLine: hasLongRows || inFiles.length === 1,
    ...base,
    ...(encoding === "latin-1" ? { encoding: "ISO-8859-1" } : {}),
  });
  const missing = ["", ...na].map(sparkText).join(", ");
  const places = new Map(inFiles.map(({ name }, i) => [name, `t${i}`]));
  return select(frame, used, ({ name, type }) => {
    if (inFolders.has(name)) return sparkName(name);
    const text = places.get(name) ?? "";
    const given = `CASE WHEN ${text} IN (${missing}) THEN NULL ELSE ${text} END`;
    return decimal === "," && /^(float|decimal)/.test(type) ? `replace(${given}, ',', '.')` : given;
  });
}

/** The columns of a frame on Spark, as they are there. */
export function columnsOnSpark(frame: SparkDataFrame, used: readonly SparkColumn[]): SparkDataFrame {
  return select(frame, used, ({ name }) => sparkName(name));
}

/** A query that needs no column needs its rows. */
function select(
  frame: SparkDataFrame,
  used: readonly SparkColumn[],
  read: (column: SparkColumn) => string,
): SparkDataFrame {
  const columns = used.map((column) => `${typed(read(column), column.type)} AS ${column.alias}`);
  return frame.selectExpr(columns.length > 0 ? columns : ["1 AS one"]);
}

function typed(value: string, type: string): string {
  if (type === "str" || type === "category") return `CAST(${value} AS STRING)`;
  // The session's zone has no say in what a moment is.
  if (type === "datetime64[us, UTC]")
    return `timestampadd(MICROSECOND, unix_micros(CAST(${value} AS TIMESTAMP)), TIMESTAMP_NTZ'1970-01-01 00:00:00')`;
  return `CAST(${value} AS ${sparkType(type)})`;
}

function sparkType(type: string): string {
  const decimal = /^decimal\((\d+), ?(\d+)\)$/.exec(type);
  if (decimal) return `DECIMAL(${decimal[1]}, ${decimal[2]})`;
  return TYPES[type] ?? "STRING";
}

function jsonType(type: string): string {
  return /^(u?int|float|bool)/.test(type) ? sparkType(type) : "STRING";
}

const TYPES: Readonly<Record<string, string>> = {
  int8: "TINYINT",
  int16: "SMALLINT",
  int32: "INT",
  int64: "BIGINT",
  uint8: "SMALLINT",
  uint16: "INT",
  uint32: "BIGINT",
  uint64: "DECIMAL(20, 0)",
  float32: "FLOAT",
  float64: "DOUBLE",
  bool: "BOOLEAN",
  date: "DATE",
  "datetime64[us]": "TIMESTAMP_NTZ",
};
