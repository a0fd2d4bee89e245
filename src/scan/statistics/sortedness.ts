import type { Kernel } from "../kernel.ts";
import { ScanRefused } from "../refused.ts";
import { copyOut, made } from "./records.ts";

/** How the values of a column follow one another; missing ones are left out. */
export type Order = "constant" | "ascending" | "descending" | "strictly ascending" | "strictly descending" | "none";

export interface OrderPart {
  /** Some value is greater (1), less (2) or the same (4) as the one before. */
  readonly flags: number;
  readonly stretches: readonly Stretch[];
}

/** Rows that were seen one after another; their first and last value as bytes. */
interface Stretch {
  readonly row: number;
  readonly first: Uint8Array<ArrayBuffer>;
  readonly last: Uint8Array<ArrayBuffer>;
}

const [RISES, FALLS, STAYS] = [1, 2, 4];
/** Where the kernel's record holds what. */
const AT = { hasValues: 4, first: 8, last: 16, firstText: 24, lastText: 28 } as const;

/** Whether a column is sorted, from stretches of rows that may be seen in any order. */
export class Sortedness {
  readonly #kernel: Kernel;
  readonly #isText: boolean;
  readonly #record: number;
  #flags = 0;
  #stretches: Stretch[] = [];
  #row = -1;
  #next = -1;

  constructor(kernel: Kernel, isText: boolean) {
    const bytes = kernel.calls.orderBytes();
    this.#kernel = kernel;
    this.#isText = isText;
    this.#record = made(kernel.calls.alloc(bytes), "an order");
    kernel.bytes.fill(0, this.#record, this.#record + bytes);
  }

  /** It both rises and falls: nothing more is to be found out. */
  get isSettled(): boolean {
    return (this.#flags & (RISES | FALLS)) === (RISES | FALLS);
  }

  /** The kernel's record to follow `rows` rows with, of which `firstRow` is the number of the first one. */
  record(firstRow: number, rows: number): number {
    if (firstRow !== this.#next) {
      this.#close();
      this.#row = firstRow;
    }
    this.#next = firstRow + rows;
    return this.#record;
  }

  /** Takes what following gave: flags, or -1 when there was no memory. */
  note(flags: number): void {
    if (flags < 0) throw new ScanRefused("memory", "no memory for a text within the scanner's limit");
    this.#flags |= flags;
    if (this.isSettled) this.#stretches = [];
  }

  part(): OrderPart {
    this.#close();
    return { flags: this.#flags, stretches: this.#stretches };
  }

  merge({ flags, stretches }: OrderPart): void {
    this.note(flags);
    if (!this.isSettled) this.#stretches.push(...stretches);
  }

  /** Undefined without a value. `compare` says whether the first value is greater or less than the second. */
  order(compare: (a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>) => number): Order | undefined {
    this.#close();
    let flags = this.#flags;
    const stretches = this.#stretches.toSorted((a, b) => a.row - b.row);
    for (const [i, { first }] of stretches.entries()) {
      const before = stretches[i - 1];
      const sign = before ? Math.sign(compare(first, before.last)) : Number.NaN;
      flags |= sign > 0 ? RISES : sign < 0 ? FALLS : sign === 0 ? STAYS : 0;
    }
    if (flags === 0 && stretches.length === 0) return undefined;
    if ((flags & (RISES | FALLS)) === (RISES | FALLS)) return "none";
    const strictly = flags & STAYS ? "" : "strictly ";
    if (flags & RISES) return `${strictly}ascending`;
    return flags & FALLS ? `${strictly}descending` : "constant";
  }

  free(): void {
    this.#kernel.calls.orderStart(this.#record);
    this.#kernel.calls.free(this.#record);
  }

  /** Ends the present stretch and begins another. */
  #close(): void {
    const kernel = this.#kernel;
    const view = new DataView(kernel.bytes.buffer, this.#record);
    if (view.getUint8(AT.hasValues) && !this.isSettled) {
      const bytesOf = (value: number, text: number) =>
        this.#isText
          ? copyOut(kernel, view.getUint32(text, true), view.getUint32(value, true))
          : copyOut(kernel, this.#record + value, 8);
      const [first, last] = [bytesOf(AT.first, AT.firstText), bytesOf(AT.last, AT.lastText)];
      this.#stretches.push({ row: this.#row, first, last });
    }
    kernel.calls.orderStart(this.#record);
    this.#next = -1;
  }
}
