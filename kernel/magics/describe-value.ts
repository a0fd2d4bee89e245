import { isFrame, isSeries } from "../../src/frame/danfo.ts";
import { countOf } from "../../src/units.ts";

export interface ValueDescription {
  /** `DataFrame`, `string`, `Map`, `async function`. */
  readonly type: string;
  /** In the value's own measure: rows, items, characters. */
  readonly size: string;
  /** Undefined when only a walk through the value could tell. */
  readonly bytes?: number | undefined;
}

/** A value in a few words, without touching its getters' insides or loading anything. */
export function describeValue(value: unknown): ValueDescription {
  if (typeof value === "string")
    return {
      type: "string",
      size: countOf(value.length, "character"),
      bytes: value.length * (isLatin(value) ? 1 : 2),
    };
  if (typeof value === "function") return { type: functionType(value), size: "" };
  if (typeof value !== "object" || value === null) return { type: value === null ? "null" : typeof value, size: "" };
  const type = isFrame(value) ? "DataFrame" : isSeries(value) ? "Series" : className(value);
  if (ArrayBuffer.isView(value))
    return {
      type,
      size: countOf("length" in value ? Number(value.length) : value.byteLength, "item"),
      bytes: value.byteLength,
    };
  if (value instanceof ArrayBuffer) return { type, size: "", bytes: value.byteLength };
  if (Array.isArray(value)) return { type, size: countOf(value.length, "item") };
  if (value instanceof Map || value instanceof Set) return { type, size: countOf(value.size, "item") };
  return { type, size: type === "SparkDataFrame" ? "a query on Spark" : (shapeOf(value) ?? "") };
}

/** One-byte characters are what V8 keeps Latin text in. Long text is judged by its start. */
function isLatin(text: string): boolean {
  return /^[\0-\xff]*$/.test(text.slice(0, 10_000));
}

function functionType(value: object): string {
  const text = Function.prototype.toString.call(value);
  if (text.startsWith("class")) return "class";
  return text.startsWith("async") ? "async function" : "function";
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  const maker = prototype === null ? undefined : Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  // The bundler marks a class that names itself.
  return typeof maker === "function" && maker.name !== "" ? maker.name.replace(/^_(?=[A-Z])/, "") : "object";
}

/** Frames and series say their shape. */
function shapeOf(value: object): string | undefined {
  try {
    const { shape } = value as { readonly shape?: unknown };
    if (!Array.isArray(shape) || !shape.every((part) => typeof part === "number")) return undefined;
    const [rows = 0, columns] = shape as readonly number[];
    return columns === undefined || columns === 1
      ? countOf(rows, "row")
      : `${countOf(rows, "row")} × ${countOf(columns, "column")}`;
  } catch {
    return undefined;
  }
}
