import type { FileSource } from "../source/source.ts";
import { withSpark } from "./engines/by-spark.ts";
import { Engines } from "./engines.ts";
import type { ChunkedOptions } from "./options.ts";
import { planOnSpark, refusedBySpark } from "./plan-on.ts";
import type { ChunkedRun } from "./run.ts";
import type { LocalSource } from "./source.ts";
import { runOnSpark } from "./spark/run.ts";
import { writeOnSpark } from "./spark/write.ts";
import type { WrittenFile } from "./written-file.ts";

/** Files of this machine that Spark reads, and whose result it writes. */
export async function writtenBySpark(
  source: LocalSource,
  options: ChunkedOptions & { readonly to: string },
): Promise<WrittenFile & { readonly run: ChunkedRun }> {
  await using engines = new Engines(options);
  const { reason, work } = await planOnSpark(source, options, () => engines.duckdb());
  return await runOnSpark({ label: source.label, fileBytes: source.bytes, reason }, options, async () => {
    const session = await engines.spark(options);
    const written = await withSpark(session, work, source as FileSource, (result, plan) =>
      writeOnSpark(result, plan, options.to, options),
    );
    if ("refused" in written) throw refusedBySpark(written.refused);
    return { value: written, rows: written.inputRows };
  });
}
