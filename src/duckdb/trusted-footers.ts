import type { QueryPlan } from "../query/plan.ts";
import type { FileSource } from "../source/source.ts";
import { type Question, questionOf } from "./attempt.ts";
import type { DescribedSource } from "./describe.ts";
import { isWrongFooter } from "./failures.ts";
import { ignoreFooters } from "./ignore-footers.ts";
import type { DuckdbSession } from "./session.ts";

/** What a reader of the result should know. */
interface Noted {
  readonly notes: readonly string[];
}

/**
 * Does work with what the files say of themselves beforehand. Where the work finds keys outside of the bounds that footers tell, it is done
 * again without all that: the engine itself puts keys by such bounds into the fewest bits, where different ones become the same.
 */
export async function trustingFooters<T>(
  session: DuckdbSession,
  source: FileSource,
  described: DescribedSource,
  plan: QueryPlan,
  work: (question: Question) => Promise<T>,
): Promise<T & Noted> {
  const question = await questionOf(session, source, described, plan);
  try {
    return { ...(await work(question)), notes: [] };
  } catch (failure) {
    if (!isWrongFooter(failure)) throw failure;
    await ignoreFooters(session);
    const note = `footers of ${source.label} tell wrong bounds of the keys: the work was done again without what they tell`;
    return { ...(await work({ ...question, statistics: undefined, close: undefined })), notes: [note] };
  }
}
