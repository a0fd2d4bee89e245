import { sizeOfData } from "../frame/data-size.ts";
import { commonType } from "../source/common-type.ts";
import { type ColumnSize, columnSize, type TableBatch, type TableSource } from "../tables/table-source.ts";
import type { Prediction } from "./whole.ts";
import { predictionOf } from "./whole-columns.ts";

interface ColumnSum {
  type: string;
  present: number;
  textBytes: number;
  words: number;
}

/** What loading tables as a whole takes, from their types and what their batches say of all columns while some are worked on. */
export class WholeTables {
  #rows = 0;
  readonly #columns = new Map<string, ColumnSum>();

  /** The same tables, whose batches are counted when they are read. */
  counted(tables: TableSource): TableSource {
    return { ...tables, batches: (isWanted) => this.#count(tables.batches(isWanted)) };
  }

  /** Once all batches were read. */
  prediction(): Prediction {
    const rows = this.#rows;
    const columns = [...this.#columns].map(([name, { type, present, textBytes, words }]) => ({
      name,
      type,
      nulls: rows - present,
      textBytes,
      words,
    }));
    return predictionOf(columns, rows);
  }

  async *#count(batches: AsyncIterable<TableBatch>): AsyncGenerator<TableBatch, void, undefined> {
    for await (const batch of batches) {
      this.#rows += batch.rows;
      const sizes =
        batch.sizes ?? batch.columns.map(({ name, data }) => columnSize({ name, type: data.type }, sizeOfData(data)));
      for (const size of sizes) this.#add(size, batch.rows);
      yield batch;
    }
  }

  #add({ name, type, nulls, textBytes, words }: ColumnSize, rows: number): void {
    const sum = this.#columns.get(name) ?? { type, present: 0, textBytes: 0, words: 0 };
    sum.type = commonType(sum.type, type) ?? type;
    sum.present += rows - nulls;
    sum.textBytes += words > 0 ? (textBytes / words) * (rows - nulls) : textBytes;
    // Batches share a dictionary, or have one that goes on.
    sum.words = Math.max(sum.words, words);
    this.#columns.set(name, sum);
  }
}
