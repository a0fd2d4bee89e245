import { isTableSource } from "../tables/table-source.ts";
import { WRITES_ON_SPARK, withSpark } from "./engines/by-spark.ts";
import { Engines, refusedBySpark } from "./engines.ts";
import type { ChunkedOptions } from "./options.ts";
import type { ChunkedRun } from "./run.ts";
import { refuseOnSpark } from "./run-files.ts";
import type { LocalSource } from "./source.ts";
import { runOnSpark } from "./spark/run.ts";
import { writeOnSpark } from "./spark/write.ts";
import type { WrittenFile } from "./written-file.ts";

/** Files of this machine that Spark reads, and whose result it writes. */
export async function writtenBySpark(
  source: LocalSource,
  options: ChunkedOptions & { readonly to: string },
): Promise<WrittenFile & { readonly run: ChunkedRun }> {
  if (isTableSource(source)) refuseOnSpark(source);
  await using engines = new Engines(options);
  return await runOnSpark(
    { label: source.label, fileBytes: source.bytes, reason: WRITES_ON_SPARK },
    options,
    async () => {
      const session = await engines.spark(options);
      const written = await withSpark(
        session,
        () => engines.duckdb(),
        source,
        options,
        (result, plan) => writeOnSpark(result, plan, options.to, options),
      );
      if ("refused" in written) throw refusedBySpark(written);
      return { value: written, rows: written.inputRows };
    },
  );
}
