import type { Data } from "../../frame/arrow.ts";
import { typeKey } from "../../frame/type-key.ts";
import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory, ScanRefused } from "../refused.ts";
import type { Kind, ScanColumn } from "../table.ts";
import { type BlockValues, type ColumnSource, ReadBlock, WIDTHS } from "../values/columns.ts";
import { dataOf, requireLength, type TableBlock } from "./table-block.ts";
import { TableTexts } from "./table-texts.ts";
import { type Lay, layerOf } from "./table-values.ts";

/** Lays one column of tables into the kernel's memory, block by block, in the form in which a text's values are read. Its memory is the arena's. */
export class TableColumn implements ColumnSource<TableBlock> {
  readonly name: string;
  readonly kind: Kind;
  readonly dictionary: number;
  /** Tables have types: what is of another one is refused. */
  readonly misfit = undefined;
  readonly #kernel: Kernel;
  readonly #values: number;
  readonly #valid: number;
  readonly #width: number;
  /** Room for what lies in another form there. */
  readonly #scratch: number;
  readonly #texts: TableTexts | undefined;
  readonly #layers = new Map<string, Lay>();
  readonly #block = new ReadBlock();

  constructor(kernel: Kernel, arena: Arena, { name, type }: ScanColumn, maxRows: number) {
    this.name = name;
    this.kind = type;
    this.#kernel = kernel;
    this.#width = WIDTHS[type.kind];
    this.#values = arena.take(maxRows * this.#width);
    this.#valid = arena.take(maxRows);
    this.#scratch = arena.take((maxRows + 1) * MOST_WIDTH);
    this.dictionary = type.kind === "text" ? kernel.calls.dictNew() >>> 0 : 0;
    if (type.kind !== "text") return;
    if (this.dictionary === 0) throw noMemory("the texts");
    this.#texts = new TableTexts(kernel, arena, { name, dictionary: this.dictionary, maxRows });
  }

  parse({ table, from, rows }: TableBlock): BlockValues {
    const data = dataOf(table, this.name);
    const nulls = data ? this.#lay(data, from, rows) : this.#layNothing(rows);
    return this.#block.set(this.#values, this.#valid, nulls, rows);
  }

  free(): void {
    if (this.dictionary !== 0) this.#kernel.calls.dictFree(this.dictionary);
  }

  #layNothing(rows: number): number {
    this.#kernel.bytes.fill(0, this.#valid, this.#valid + rows);
    this.#kernel.bytes.fill(0, this.#values, this.#values + rows * this.#width);
    return rows;
  }

  #lay(data: Data, from: number, rows: number): number {
    const nulls = this.#layValid(data, from, rows);
    const places = { values: this.#values, valid: this.#valid, scratch: this.#scratch };
    if (this.#texts) return this.#texts.lay(data, from, rows, nulls, places);
    if (!this.#layer(data)(data, from, rows, places)) throw this.#tooLarge(data);
    if (nulls > 0) this.#kernel.calls.clearMissing(this.#values, this.#width, this.#valid, rows);
    if (isUnsigned(this.kind) && this.#kernel.calls.hasSign(this.#values, rows)) throw this.#tooLarge(data);
    return nulls;
  }

  /** A byte a row, 1 for a value; gives how many are missing. */
  #layValid({ nullBitmap, nullCount, offset }: Data, from: number, rows: number): number {
    if (nullCount === 0 || !nullBitmap) {
      this.#kernel.bytes.fill(1, this.#valid, this.#valid + rows);
      return 0;
    }
    const first = offset + from;
    requireLength(nullBitmap.length, (first + rows + 7) >> 3);
    const bits = nullBitmap.subarray(first >> 3, (first + rows + 7) >> 3);
    this.#kernel.bytes.set(bits, this.#scratch);
    return this.#kernel.calls.unpackBits(this.#scratch, first & 7, rows, this.#valid);
  }

  #layer({ type }: Data): Lay {
    const key = typeKey(type);
    const layer = this.#layers.get(key) ?? layerOf(this.#kernel, this.kind, type);
    if (!layer) throw new ScanRefused("type", `"${this.name}" is ${type} in some of the rows`);
    this.#layers.set(key, layer);
    return layer;
  }

  #tooLarge({ type }: Data): ScanRefused {
    return new ScanRefused("type", `"${this.name}" has values of ${type} that 64 bits with a sign do not hold`);
  }
}

/** Bytes of the widest value: a decimal of 128 bits. */
const MOST_WIDTH = 16;

function isUnsigned(kind: Kind): boolean {
  return kind.kind === "int" && kind.range !== undefined && kind.range.max > 2n ** 63n;
}
