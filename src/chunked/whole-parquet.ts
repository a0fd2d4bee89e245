import { setImmediate as nextTurn } from "node:timers/promises";
import { compileKernel } from "../scan/kernel.ts";
import { sampleColumn } from "../scan/parquet/sample-columns.ts";
import { ScanRefused } from "../scan/refused.ts";
import { pandasTypeOf } from "../scan/types/pandas-type.ts";
import type { WholeParquet } from "./engines/parquet-plan.ts";
import type { Prediction } from "./whole.ts";
import { predictionOf, type WholeColumn } from "./whole-columns.ts";

/** What loading Parquet files as a whole takes, from what footers tell and the first rows of texts; undefined where these cannot be read. */
export async function predictParquet({ rows, parquet, nulls, others }: WholeParquet): Promise<Prediction | undefined> {
  const module = await compileKernel();
  const columns = others.map(({ name, bytes }): WholeColumn => ({ name, type: "str", nulls: 0, textBytes: bytes }));
  try {
    for (const [index, { name, type }] of parquet.columns.entries()) {
      const told = nulls[index];
      if (told !== undefined && type.kind !== "text") {
        columns.push({ name, type: pandasTypeOf(type), nulls: told, textBytes: 0 });
        continue;
      }
      const sample = sampleColumn(module, parquet, index);
      const factor = rows / Math.max(1, sample.rows);
      const [missing, textBytes] = [sample.nulls * factor, sample.textBytes * factor];
      columns.push({ name, type: pandasTypeOf(type), nulls: missing, textBytes });
      // A page may be some megabytes.
      await nextTurn();
    }
  } catch (failure) {
    if (failure instanceof ScanRefused) return undefined;
    throw failure;
  }
  return predictionOf(columns, rows);
}
