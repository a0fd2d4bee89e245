import type { RuntimeConfig } from "../../spark/conf.ts";

const ANSI = "spark.sql.ansi.enabled";

/** Why a session is given no plan: its errors would be silent. */
export async function whyNotAnsi(conf: Pick<RuntimeConfig, "get">): Promise<string | undefined> {
  if ((await conf.get(ANSI, "true")) !== "false") return undefined;
  return `with ${ANSI} false, as it is in this session, what is too large wraps around and what is no number is null, without an error`;
}
