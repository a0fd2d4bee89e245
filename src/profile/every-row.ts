import type { DuckdbSession } from "../duckdb/session.ts";
import { COPYING, inUtf8 } from "../duckdb/utf8-copy.ts";
import { DataError } from "../errors.ts";
import { withFileChecks } from "../source/file-checks.ts";
import type { FileSource } from "../source/source.ts";
import { withTitleAdvice } from "../source/text-columns.ts";
import type { Estimate } from "./estimate.ts";
import { runPass } from "./pass.ts";
import type { PassResult } from "./pass-facts.ts";
import { planPass } from "./plan.ts";
import { readRejects, refusalOf } from "./rejects.ts";
import { type ScanPassOptions, scanPass } from "./scan-pass.ts";
import type { Rejected } from "./types.ts";

export const NO_REJECTS: Rejected = { rows: 0, more: false, examples: [] };

/** What every row says. */
interface Pass extends PassResult {
  readonly rejected: Rejected;
}

/** By the scanner, which reads text several times as fast, else by the general engine. */
export async function passOf(
  source: FileSource,
  estimate: Estimate,
  engine: () => Promise<DuckdbSession>,
  options: ScanPassOptions,
): Promise<Pass> {
  return (await passOfText(source, estimate, options)) ?? passOfEngine(source, await engine(), estimate, options);
}

/** Undefined where it does not. */
async function passOfText(
  source: FileSource,
  { facts }: Estimate,
  options: ScanPassOptions,
): Promise<Pass | undefined> {
  const isText = source.format === "csv" || source.format === "json";
  const result = isText ? await scanPass(source, facts, options) : undefined;
  return result && { ...result, rejected: NO_REJECTS };
}

async function passOfEngine(
  source: FileSource,
  session: DuckdbSession,
  estimate: Estimate,
  options: ScanPassOptions,
): Promise<Pass> {
  const result = await withFileChecks(source, options.signal, () => pass(source, session, estimate, options));
  const rejected = source.format === "csv" ? await readRejects(session) : NO_REJECTS;
  const refusal = refusalOf(rejected, result.rows);
  if (refusal !== undefined) throw await withTitleAdvice(refusal, source);
  return { ...result, rejected };
}

async function pass(given: FileSource, session: DuckdbSession, estimate: Estimate, { onProgress }: ScanPassOptions) {
  const onFraction = (fraction: number) => onProgress?.({ operation: "profile", fraction, note: COPYING });
  const source = await inUtf8(session, given, { onFraction });
  const plan = await planPass(source, session, estimate.facts);
  try {
    return await runPass(session, plan.scan, plan.columns, onProgress);
  } catch (error) {
    if (source.format !== "json" || !(error instanceof DataError) || error.code === "E_BAD_JSON") throw error;
    const thorough = await planPass(source, session, estimate.facts, { isThorough: true });
    return runPass(session, thorough.scan, thorough.columns, onProgress);
  }
}
