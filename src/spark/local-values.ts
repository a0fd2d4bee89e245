import type { DataType as SparkType } from "#spark-proto/types";

/** The name of a column as Spark reads it, whatever is in it. */
export function columnText(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Whether a map is anywhere in a type: Arrow has no values of TypeScript that become one, so that such columns travel as JSON. */
export function hasMap({ kind }: SparkType): boolean {
  if (kind.case === "array") return hasMap(kind.value.elementType as SparkType);
  if (kind.case === "struct") return kind.value.fields.some(({ dataType }) => hasMap(dataType as SparkType));
  return kind.case === "map";
}

/** A value in a form that Spark's casts make the type of: days and decimals as text, so that no time zone and no double is in between. */
export function wireValue(value: unknown, type: SparkType): unknown {
  if (value === null || value === undefined) return null;
  return hasMap(type) ? jsonText(value, type) : castable(value, type);
}

function castable(value: unknown, type: SparkType): unknown {
  if (value === null || value === undefined) return null;
  const { kind } = type;
  if (value instanceof Date && kind.case === "date") return value.toISOString().slice(0, 10);
  if (value instanceof Date && (kind.case === "timestampNtz" || kind.case === "string"))
    return value.toISOString().slice(0, -1).replace("T", " ");
  if (kind.case === "decimal") return String(value);
  if (kind.case === "array" && Array.isArray(value))
    return value.map((item) => castable(item, kind.value.elementType as SparkType));
  if (kind.case === "struct") {
    const record = value as Readonly<Record<string, unknown>>;
    const entries = kind.value.fields.map(({ name, dataType }, i) => {
      const part = Array.isArray(value) ? value[i] : record[name];
      return [name, castable(part, dataType as SparkType)];
    });
    return Object.fromEntries(entries);
  }
  return value;
}

/** JSON with whole numbers of any length and bytes as Spark reads them. */
function jsonText(value: unknown, type: SparkType): string {
  if (value === null || value === undefined) return "null";
  const { kind } = type;
  if (kind.case === "array") {
    const items = (value as readonly unknown[]).map((item) => jsonText(item, kind.value.elementType as SparkType));
    return `[${items.join(",")}]`;
  }
  if (kind.case === "map") {
    const pairs = value instanceof Map ? [...value] : Object.entries(value);
    return objectText(pairs.map(([key, one]) => [key, jsonText(one, kind.value.valueType as SparkType)]));
  }
  if (kind.case === "struct") {
    const record = value as Readonly<Record<string, unknown>>;
    return objectText(
      kind.value.fields.map(({ name, dataType }) => [name, jsonText(record[name], dataType as SparkType)]),
    );
  }
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  if (typeof value === "bigint" || kind.case === "decimal") return String(value);
  if (value instanceof Date && kind.case !== "timestamp") return JSON.stringify(castable(value, type));
  return JSON.stringify(value);
}

function objectText(pairs: readonly (readonly [unknown, string])[]): string {
  return `{${pairs.map(([name, text]) => `${JSON.stringify(String(name))}:${text}`).join(",")}}`;
}
