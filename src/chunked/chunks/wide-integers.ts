import { DataError } from "../../errors.ts";
import type { EngineColumn } from "../../query/engine-table.ts";
import type { ScanTable } from "../../scan/table.ts";
import type { FileSource } from "../../source/source.ts";
import { formatCount } from "../../units.ts";
import { quoteItem } from "../../words.ts";
import type { EngineChunk } from "./chunk-stream.ts";

/** Upper halves of integers below 2^53. */
const SAFE_HALF = 2 ** 21;

/**
 * Holds a column of integers to one kind of values over all chunks: numbers, or bigints from its first chunk on. Declared columns
 * may change from chunk to chunk.
 */
export class WideIntegers {
  readonly #label: string;
  readonly #declared: ReadonlySet<string>;
  /** Columns of which a chunk was given, and whether it had numbers that are too large. */
  readonly #isWide: Map<string, boolean>;

  /** `known` is what another one knew of the chunks before. */
  constructor({ label }: FileSource, { columns }: ScanTable, known: ReadonlyMap<string, boolean> = new Map()) {
    this.#label = label;
    this.#isWide = new Map(known);
    this.#declared = new Set(columns.filter(({ isDeclared }) => isDeclared).map(({ name }) => name));
  }

  /** By column. */
  get known(): ReadonlyMap<string, boolean> {
    return this.#isWide;
  }

  /** @throws {DataError} E_BAD_VALUE */
  checked(chunk: EngineChunk): EngineChunk {
    for (const column of chunk.columns) {
      if (!(column.values instanceof BigInt64Array) || column.type !== "int64" || this.#declared.has(column.name))
        continue;
      const at = firstWide(column.values);
      const before = this.#isWide.get(column.name);
      if (at >= 0 && before === false)
        throw this.#tooLate(column, column.values[at] as bigint, chunk.firstRow + at + 1);
      if (chunk.rows > 0) this.#isWide.set(column.name, before === true || at >= 0);
    }
    return chunk;
  }

  #tooLate({ name, type }: EngineColumn, value: bigint, row: number): DataError {
    const place = `${this.#label} row ${formatCount(row)}, column "${name}"`;
    return new DataError(
      "E_BAD_VALUE",
      `${place}: ${value} is beyond 2^53, and the rows before it were read as numbers`,
      {
        hint: `say --dtype ${quoteItem(name)}:${type}, and the whole column is read exactly`,
      },
    );
  }
}

/** Index of the first integer beyond 2^53, -1 without one. */
function firstWide(values: BigInt64Array): number {
  const halves = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  for (let i = 1; i < halves.length; i += 2) {
    const half = halves[i] as number;
    if (half >= SAFE_HALF || half < -SAFE_HALF) return (i - 1) / 2;
  }
  return -1;
}
