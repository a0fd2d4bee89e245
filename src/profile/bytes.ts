import { JS_BYTES } from "../frame/sizes.ts";
import { parseType } from "../frame/types.ts";
import type { ColumnFacts, TextFacts } from "./facts.ts";
import type { ProfileSizes } from "./types.ts";

/** pandas' costs of one value, slot included: measured with `memory_usage(deep=True)`. */
const PANDAS = {
  slot: 8,
  /** A Python text of ASCII characters; others take at least two bytes a character. */
  text: 57,
  wideText: 82,
  /** NaN among objects. */
  missing: 32,
  /** A bool, date or decimal as an object. */
  boolObject: 36,
  dateObject: 48,
  decimalObject: 112,
  /** A dict of up to five keys, a list of a few values or the array that a Parquet list becomes, and bytes: themselves, not what is in them. */
  dictObject: 192,
  listObject: 108,
  bytesObject: 41,
  /** None among objects. */
  none: 24,
  index: 132,
} as const;

/** Bytes of a column in Arrow under a type. */
export function arrowBytes(facts: ColumnFacts, type: string): number {
  const { rows, nulls, text } = facts;
  const validity = nulls > 0 ? Math.ceil(rows / 8) : 0;
  const info = parseType(type);
  switch (info.family) {
    case "int":
    case "float":
      return validity + (rows * info.bits) / 8;
    case "bool":
      return validity + Math.ceil(rows / 8);
    case "date":
      return validity + rows * 4;
    case "timestamp":
      return validity + rows * 8;
    case "decimal":
      return validity + rows * (info.precision > 38 ? 32 : 16);
    case "category":
      // Codes of 4 bytes, and each text once.
      return validity + rows * 4 + (facts.distinct + 1) * 4 + Math.round(facts.distinct * meanLength(facts));
    default:
      return validity + (rows + 1) * 4 + (text?.bytes ?? 0);
  }
}

/** The sizes of a whole in each form, to which its columns are added. */
export class WholeSizes {
  #width = 0;
  #js = 0;
  #arrow = 0;
  #arrowAdvised = 0;
  #pandas2: number = PANDAS.index;
  #pandas3: number = PANDAS.index;

  add(facts: ColumnFacts, advised: string): void {
    this.#width++;
    this.#js += jsBytes(facts);
    this.#arrow += bytesUnder(facts, facts.type);
    this.#arrowAdvised += bytesUnder(facts, advised);
    this.#pandas2 += pandasBytes(facts, 2);
    this.#pandas3 += pandasBytes(facts, 3);
  }

  of(rows: number, file: number): ProfileSizes {
    const width = this.#width;
    const row = JS_BYTES.row(width) + width * JS_BYTES.slot * JS_BYTES.slack + JS_BYTES.slot;
    return {
      file,
      js: Math.round(this.#js),
      danfo: width === 0 ? 0 : Math.round(this.#js + rows * row),
      arrow: this.#arrow,
      arrowAdvised: this.#arrowAdvised,
      pandas2: Math.round(this.#pandas2),
      pandas3: Math.round(this.#pandas3),
    };
  }
}

/** Bytes in Arrow under a type; what is in memory already is known and not computed. */
export function bytesUnder(facts: ColumnFacts, type: string): number {
  return type === facts.type && facts.arrowBytes !== undefined ? facts.arrowBytes : arrowBytes(facts, type);
}

/** In JavaScript, dates of a text file stay the texts that they are, since nothing turns them into dates. */
function jsBytes(facts: ColumnFacts): number {
  const { rows, nulls, min, max, written } = facts;
  const { family } = parseType(facts.type);
  const present = rows - nulls;
  if (family === "bool") return rows * JS_BYTES.slot;
  if (family === "int") {
    if (typeof min === "bigint" || typeof max === "bigint") return nulls * JS_BYTES.slot + present * JS_BYTES.bigint;
    const isSmall = Number(min) >= -(2 ** 31) && Number(max) < 2 ** 31;
    return nulls === 0 || isSmall ? rows * JS_BYTES.slot : nulls * JS_BYTES.slot + present * JS_BYTES.boxedDouble;
  }
  if (family === "float" || family === "decimal")
    return nulls === 0 ? rows * JS_BYTES.slot : nulls * JS_BYTES.slot + present * JS_BYTES.boxedDouble;
  if (family === "date" || family === "timestamp")
    return nulls * JS_BYTES.slot + (written ? textObjects(written, present) : present * JS_BYTES.date);
  if (facts.arrowBytes !== undefined && family === "category")
    return rows * JS_BYTES.slot + facts.distinct * (16 + meanLength(facts));
  return nulls * JS_BYTES.slot + (facts.text ? textObjects(facts.text, present) : present * 64);
}

/** Each text an object of its own, its characters filled up to 8 bytes. */
function textObjects(text: TextFacts, count: number): number {
  if (count === 0) return 0;
  const wide = text.wide / count;
  const mean = (text.chars / count) * (1 + wide);
  const filled = text.longest * count === text.bytes ? Math.ceil(mean / 8) * 8 : mean + 3.5;
  return count * (JS_BYTES.text(0, false) + filled);
}

/** A plain read leaves dates of a text file as texts. */
function pandasBytes(facts: ColumnFacts, version: 2 | 3): number {
  const { rows, nulls, written } = facts;
  const present = rows - nulls;
  const info = parseType(facts.type);
  switch (info.family) {
    case "int":
      return nulls > 0 ? rows * 8 : (rows * info.bits) / 8;
    case "float":
      return (rows * info.bits) / 8;
    case "bool":
      return nulls > 0 ? present * PANDAS.boolObject + nulls * PANDAS.missing : rows;
    case "timestamp":
      return written ? pandasText(written, rows, nulls, version) : rows * 8;
    case "date":
      return written ? pandasText(written, rows, nulls, version) : present * PANDAS.dateObject + nulls * PANDAS.slot;
    case "decimal":
      return present * PANDAS.decimalObject + nulls * PANDAS.slot;
    case "category":
      return (
        rows * (facts.distinct < 128 ? 1 : facts.distinct < 32768 ? 2 : 4) +
        facts.distinct * (PANDAS.text + meanLength(facts))
      );
    case "other":
      return objectBytes(facts, present) + nulls * PANDAS.none;
    default:
      return pandasText(facts.text ?? { bytes: 0, chars: 0, wide: 0, longest: 0 }, rows, nulls, version);
  }
}

/** What pandas keeps as Python objects of no type of its own; `deep` does not look into them. */
function objectBytes({ type, text }: ColumnFacts, present: number): number {
  if (type === "struct") return present * PANDAS.dictObject;
  if (type === "list") return present * PANDAS.listObject;
  return present * PANDAS.bytesObject + (text?.bytes ?? 0);
}

function pandasText(text: TextFacts, rows: number, nulls: number, version: 2 | 3): number {
  if (version === 3) return text.bytes + (rows + 1) * 8 + (nulls > 0 ? rows / 8 : 0);
  const present = rows - nulls;
  const wide = present === 0 ? 0 : text.wide / present;
  return (
    present * (PANDAS.text + wide * (PANDAS.wideText - PANDAS.text)) + text.chars * (1 + wide) + nulls * PANDAS.missing
  );
}

function meanLength({ text, rows, nulls }: ColumnFacts): number {
  return text && rows > nulls ? text.bytes / (rows - nulls) : 0;
}
