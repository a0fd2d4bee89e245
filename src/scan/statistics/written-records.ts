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

/** What the kernel looks for besides lengths: its `look`. */
const LOOKS: Readonly<Partial<Record<Kind["kind"], number>>> = { int: 1, decimal: 2, double: 3, bool: 4 };

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
    const { measureFields } = this.#kernel.calls;
    const { lengths, range } = this.#records;
    const look = LOOKS[this.#kind] ?? 0;
    this.#odd += measureFields(lengths, starts, skip, ends, stride, rows, valid, values, look, range);
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
