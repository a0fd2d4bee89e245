import { setImmediate as nextTurn } from "node:timers/promises";
import { arrowBytes, sizesOf } from "../profile/bytes.ts";
import type { ColumnFacts } from "../profile/facts.ts";
import { compileKernel } from "../scan/kernel.ts";
import { sampleColumn } from "../scan/parquet/sample-columns.ts";
import { ScanRefused } from "../scan/refused.ts";
import { pandasTypeOf } from "../scan/types/pandas-type.ts";
import type { WholeParquet } from "./engines/parquet-plan.ts";
import type { Prediction } from "./whole.ts";

/** What loading Parquet files as a whole takes, from what footers tell and the first rows of texts; undefined where these cannot be read. */
export async function predictParquet({ rows, parquet, nulls, others }: WholeParquet): Promise<Prediction | undefined> {
  const module = await compileKernel();
  const facts = others.map(({ name, bytes }) => factsOf(name, "str", rows, { nulls: 0, textBytes: bytes }));
  try {
    for (const [index, { name, type }] of parquet.columns.entries()) {
      const told = nulls[index];
      if (told !== undefined && type.kind !== "text") {
        facts.push(factsOf(name, pandasTypeOf(type), rows, { nulls: told, textBytes: 0 }));
        continue;
      }
      const sample = sampleColumn(module, parquet, index);
      const factor = rows / Math.max(1, sample.rows);
      const whole = { nulls: sample.nulls * factor, textBytes: sample.textBytes * factor };
      facts.push(factsOf(name, pandasTypeOf(type), rows, whole));
      // A page may be some megabytes.
      await nextTurn();
    }
  } catch (failure) {
    if (failure instanceof ScanRefused) return undefined;
    throw failure;
  }
  const types = facts.map(({ type }) => type);
  return {
    rows,
    bytes: () => {
      const { danfo, pandas2, pandas3 } = sizesOf(facts, types, rows, 0);
      return { danfo, pandas2, pandas3 };
    },
  };
}

function factsOf(
  name: string,
  type: string,
  rows: number,
  { nulls, textBytes }: { readonly nulls: number; readonly textBytes: number },
): ColumnFacts {
  const facts: ColumnFacts = {
    name,
    type,
    rows,
    nulls: Math.round(nulls),
    distinct: 0,
    distinctExact: false,
    min: null,
    max: null,
    text: { bytes: textBytes, chars: textBytes, wide: 0, longest: 0 },
  };
  return { ...facts, arrowBytes: arrowBytes(facts, type) };
}
