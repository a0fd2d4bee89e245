import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { FieldColumn } from "../rows/field-table.ts";
import type { Kind } from "../table.ts";
import type { OddTexts, WrittenFigures } from "./column-figures.ts";
import { lengthsOf, rangeOf, TextRecords, type TextRecordsPart } from "./text-records.ts";

/** What a part of the rows says of how a column's values are written. */
export interface WrittenPart {
  readonly records: TextRecordsPart;
  readonly odd: number;
  readonly misfits: number;
  readonly misfitRange: TextRecordsPart | undefined;
}

/** The kernel looks for something else in each kind. */
const MEASURES = {
  int: "measureInts",
  decimal: "measureDecimals",
  double: "measureDoubles",
  bool: "measureBools",
  date: "measureOthers",
  timestamp: "measureOthers",
  text: "measureOthers",
} as const satisfies Record<Kind["kind"], string>;

/** How the values of a column that is no text are written, and the fields that are no value of its kind. */
export class WrittenRecords {
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly #kind: Kind["kind"];
  readonly #records: TextRecords;
  #odd = 0;
  #misfits = 0;
  #misfitRecords: TextRecords | undefined;

  constructor(kernel: Kernel, arena: Arena, kind: Kind["kind"]) {
    this.#kernel = kernel;
    this.#arena = arena;
    this.#kind = kind;
    this.#records = new TextRecords(kernel, arena);
  }

  /** Adds fields of which `valid` (0 for all) have the given values. */
  add({ starts, skip, ends, stride }: FieldColumn, rows: number, values: number, valid: number): void {
    const { lengths, range } = this.#records;
    const measure = this.#kernel.calls[MEASURES[this.#kind]];
    this.#odd += measure(lengths, starts, skip, ends, stride, rows, valid, values, range);
  }

  /** Keeps the fields that are neither missing nor valid. */
  addMisfits({ starts, skip, ends, stride }: FieldColumn, rows: number, valid: number): void {
    this.#misfitRecords ??= new TextRecords(this.#kernel, this.#arena);
    this.#misfits += this.#kernel.calls.rangeMisfits(
      this.#misfitRecords.range,
      starts,
      skip,
      ends,
      stride,
      rows,
      valid,
    );
  }

  /** Zeros with a minus, which a decimal does not tell from others. */
  get negativeZeros(): number {
    return this.#kind === "decimal" ? this.#odd : 0;
  }

  part(): WrittenPart {
    const [odd, misfits] = [this.#odd, this.#misfits];
    return { records: this.#records.part(), odd, misfits, misfitRange: this.#misfitRecords?.part() };
  }

  merge({ records, odd, misfits, misfitRange }: WrittenPart): void {
    this.#records.merge(records);
    this.#odd += odd;
    this.#misfits += misfits;
    if (!misfitRange) return;
    this.#misfitRecords ??= new TextRecords(this.#kernel, this.#arena);
    this.#misfitRecords.merge(misfitRange);
  }

  figures(): { readonly written: WrittenFigures; readonly misfits: OddTexts | undefined } {
    const part = this.#records.part();
    const count = (kind: Kind["kind"]) => (this.#kind === kind ? this.#odd : 0);
    return {
      written: {
        ...lengthsOf(part),
        odd: count("int"),
        digits: count("double"),
        spelled: oddTexts(part, count("bool")),
      },
      misfits: oddTexts(this.#misfitRecords?.part(), this.#misfits),
    };
  }

  free(): void {
    this.#records.free();
    this.#misfitRecords?.free();
  }
}

function oddTexts(part: TextRecordsPart | undefined, count: number): OddTexts | undefined {
  const range = part && rangeOf(part);
  return range && { count, ...range };
}
