import type { SparkClient } from "./connect/client.ts";

/** Spark's 10,000 rows make a result of a hundred small messages; what a message may weigh is a limit of its own, a few MB. */
const BATCH_ROWS = { "spark.sql.execution.arrow.maxRecordsPerBatch": "50000" };
/** Whoever shows progress wants to hear of it sooner than every two seconds. */
const PROGRESS = { "spark.connect.progress.reportInterval": "500ms" };

/** Sets what a session of ours has better than by Spark's defaults, except what somebody has set, for this session or for the server. */
export async function setUp(
  client: SparkClient,
  { showsProgress }: { readonly showsProgress: boolean },
): Promise<void> {
  const set = await client.settings.all();
  const wanted = Object.entries({ ...BATCH_ROWS, ...(showsProgress && PROGRESS) }).filter(([key]) => !set.has(key));
  if (wanted.length > 0) await client.settings.set(Object.fromEntries(wanted));
}
