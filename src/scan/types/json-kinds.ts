import { fitsFormat } from "../../source/moment-formats.ts";
import { ScanRefused } from "../refused.ts";
import type { JsonKey } from "../rows/json-rows.ts";
import type { Kind, ScanColumn } from "../table.ts";
import { kindOfPandas } from "./declared-kinds.ts";
import { inferKind } from "./infer.ts";
import { widen } from "./widen.ts";

/** What JSON's values are. */
export type JsonValues = NonNullable<JsonKey["values"]>;

/** Of strings that are days or moments, all in one of these, the general engine makes dates and timestamps, and so does this. */
const DATE_FORMAT = "%Y-%m-%d";
const TIMESTAMP_FORMATS = [
  "%Y-%m-%dT%H:%M:%SZ",
  "%Y-%m-%dT%H:%M:%S.%fZ",
  "%Y-%m-%d %H:%M:%S",
  "%Y-%m-%d %H:%M:%S.%f",
  "%Y-%m-%dT%H:%M:%S",
];
/** What that engine may take for a day, a moment or a time of day. */
const LIKE_A_MOMENT = /^\s*(\d{1,4}-\d{1,2}-\d{1,4}|\d{1,2}:\d{1,2}|-?infinity|epoch)/i;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The kind that holds the values of a key in samples, as the general engine would find it; undefined where that has a type which this has not. */
export function inferJson(values: JsonValues, texts: readonly string[]): Kind | undefined {
  if (values === "booleans") return { kind: "bool" };
  return values === "strings" ? stringsKind(texts) : numbersKind(texts);
}

/** A kind of JSON's values as a declared type, under pandas' name, has it; undefined where it would have to be made into something else. */
export function declareJson(found: Kind, type: string): Kind | undefined {
  const wanted = kindOfPandas(type);
  if (found.kind === "date") return wanted.kind === "date" ? found : undefined;
  if (found.kind === "timestamp")
    return wanted.kind === "timestamp" && wanted.zoned === found.zoned ? found : undefined;
  if (found.kind === "text" || found.kind === "bool") return wanted.kind === found.kind ? wanted : undefined;
  return wanted.kind === "int" || wanted.kind === "double" ? wanted : undefined;
}

const TEXT: Kind = { kind: "text" };

/** What the reader of lines should find under a column's key. */
export function jsonKeyOf({ name, type }: ScanColumn): JsonKey {
  const isNumber = type.kind === "int" || type.kind === "decimal" || type.kind === "double";
  return { name, values: isNumber ? "numbers" : type.kind === "bool" ? "booleans" : "strings" };
}

/**
 * The least kind that holds a column's values and one more, as `widen` has it for text.
 *
 * @throws {ScanRefused}
 */
export function widenJson({ name, type }: ScanColumn, text: string): Kind {
  if (type.kind === "date" || type.kind === "timestamp") {
    if (LIKE_A_MOMENT.test(text)) throw new ScanRefused("type", `"${name}" has times that are written in several ways`);
    return TEXT;
  }
  if (!/^-?\d/.test(text)) throw new ScanRefused("type", `"${name}" has values of several kinds`);
  const wider = widen(type, text);
  if (wider.kind === "text") throw new ScanRefused("type", `"${name}" has numbers of more than 64 bits`);
  return wider;
}

function numbersKind(texts: readonly string[]): Kind | undefined {
  const kind = inferKind(texts);
  return kind.kind === "text" ? undefined : kind;
}

function stringsKind(texts: readonly string[]): Kind | undefined {
  if (texts.every((text) => UUID.test(text))) return texts.some((text) => /[A-F]/.test(text)) ? undefined : TEXT;
  if (!texts.every((text) => LIKE_A_MOMENT.test(text))) return TEXT;
  const fits = (format: string) => texts.every((text) => fitsFormat(text.trim(), format));
  if (fits(DATE_FORMAT)) return { kind: "date", format: DATE_FORMAT };
  const format = TIMESTAMP_FORMATS.find(fits);
  return format === undefined ? undefined : { kind: "timestamp", zoned: format.endsWith("Z"), format };
}
