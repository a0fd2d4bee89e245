import type { DuckdbSession } from "./session.ts";

/** For this session's later queries nothing follows any more from what footers tell of values. */
export async function ignoreFooters(session: DuckdbSession): Promise<void> {
  await session.execute("SET disabled_optimizers = 'statistics_propagation'");
}
