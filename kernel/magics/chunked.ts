import type { ChunkedRun } from "../../src/chunked/chunked.ts";
import type { SourceInput } from "../../src/chunked/source.ts";
import { UsageError } from "../../src/errors.ts";
import type { ProgressListener } from "../../src/progress.ts";
import type { SparkDataFrame } from "../../src/spark/dataframe.ts";
import { countOf } from "../../src/units.ts";
import { chunkCallback, mergeOf } from "./chunk-callback.ts";
import { showPartial, showResult } from "./chunked-output.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicContext, MagicDefinition, MagicInvocation, OptionValues, Size, SourceWord } from "./magic.ts";
import { COMMON, TEXT_OPTIONS } from "./options.ts";
import { nameOfType } from "./read-value.ts";
import { heldBy } from "./source.ts";
import { openedSession } from "./spark-session.ts";
import { textOptions } from "./text-options.ts";

const options = {
  by: COMMON.by,
  agg: COMMON.agg,
  where: COMMON.where,
  order: COMMON.order,
  limit: COMMON.limit,
  to: {
    kind: "text",
    value: "FILE",
    complete: "file",
    summary: "write the result to a .parquet, .csv, .jsonl or .arrow file; without --agg the chosen rows",
  },
  explain: { kind: "flag", summary: "show the plan and which engine takes it, and run nothing" },
  chunksize: COMMON.chunksize,
  as: { kind: "name", value: "NAME", default: "chunk", summary: "%%chunked: name of the frame in the cell below" },
  merge: {
    kind: "value",
    value: "auto|concat|FUNCTION",
    choices: ["auto", "concat"],
    summary: "%%chunked: how the values of the chunks become one; auto merges aggregates and lists plain values",
  },
  concurrency: {
    kind: "count",
    value: "N",
    min: 1,
    max: 1024,
    summary: "%%chunked: chunks that a cell which awaits works on at a time; default 1",
  },
  checkpoint: {
    kind: "text",
    value: "FILE",
    complete: "file",
    summary: "%%chunked: a file from which a run that was stopped goes on; removed at its end",
  },
  dtype: COMMON.dtype,
  usecols: COMMON.usecols,
  ...TEXT_OPTIONS,
  engine: COMMON.engine,
  "memory-limit": COMMON["memory-limit"],
  threads: COMMON.threads,
  rows: COMMON.rows,
  output: COMMON.output,
  quiet: COMMON.quiet,
} as const;

export const chunked: MagicDefinition = {
  name: "chunked",
  forms: ["%", "%%"],
  summary: "work through data in bounded memory: aggregates or chunks",
  args: [
    {
      name: "SOURCE",
      required: true,
      complete: "source",
      summary:
        "a file, folder or pattern, or a variable with a frame, here or on Spark, or an iterable of rows; a table of the Spark session that is there",
    },
  ],
  options,
  examples: [
    "%chunked data/sales.csv --by user_id --agg amount:sum,*:count -o byUser",
    "%chunked data/sales.csv --where amount>0 --to data/sales.parquet",
    '%chunked data/sales.csv --by "year(day) AS year" --agg amount:quantile:0.9 --order year:desc -e spark',
    '%%chunked data/sales.csv -s 50000 --dtype user_id:int32 -o byUser\nchunk.groupby(["user_id"]).col(["amount"]).sum()',
  ],
  standsFor: 'chunked("data/sales.csv", { by: "user_id", agg: "amount:sum,*:count" })',
  body: "function",
  parameters: (given) => [typeof given.as === "string" ? given.as : options.as.default],
  async run(invocation, context) {
    const given = optionsOf(options, invocation);
    checkForm(invocation, given);
    if (given.explain === true) return explain(invocation, given, context);
    let run: ChunkedRun | undefined;
    const work = (onProgress: ProgressListener) =>
      start(invocation, context, { onProgress, onRun: (facts) => (run = facts) });
    const bar = given.quiet === true ? undefined : context.progress();
    const { memoryDocument } = await import("../../src/chunked/chunked.ts");
    const report = () => run && (() => memoryDocument(run as ChunkedRun));
    // Where a bar stands, the memory table takes its place; work that was too quick for one has it below the result.
    const below = (isTold: boolean | undefined) => ({ ...given, run: isTold ? undefined : run });
    try {
      const result = await work(bar?.onProgress ?? (() => undefined));
      await showResult(result, below(bar?.end(run && summaryOf(run), report())), context);
      return result;
    } catch (error) {
      await showPartial(error, below(bar?.fail(error, report())), context);
      throw error;
    }
  },
};

type Given = OptionValues<typeof options>;

/** The line form needs something to compute; the cell form computes in the cell. */
function checkForm({ isCell, line }: MagicInvocation, { agg, ...given }: Given): void {
  const at = { text: line, start: 0, end: line.length };
  if (!isCell && !given.explain && agg === undefined && (given.to === undefined || given.by !== undefined))
    throw new UsageError("E_NO_AGGREGATE", "%chunked needs --agg: there is nothing to compute", {
      hint: `add ${given.by === undefined ? "--agg amount:sum, --to FILE for the rows themselves" : "--agg amount:sum or --agg *:count"}, or write code for each chunk below a %%chunked line`,
      at,
    });
  const ofCells = isCell ? undefined : OF_CELLS.find((name) => given[name] !== undefined);
  if (ofCells)
    throw new UsageError("E_BAD_USE", `--${ofCells} belongs to %%chunked, which runs a cell for each chunk`, {
      hint: `leave --${ofCells} out: the engine computes aggregates by itself`,
      at,
    });
  const foreign = isCell ? DECLARED.find((name) => (name === "agg" ? agg : given[name]) !== undefined) : undefined;
  if (foreign)
    throw new UsageError("E_BAD_USE", `--${foreign} belongs to %chunked: in %%chunked the cell says what to compute`, {
      hint: `write %chunked with one percent sign and no cell below, or leave --${foreign} out`,
      at,
    });
}

/** What says how a cell is run for each chunk. */
const OF_CELLS = ["merge", "concurrency", "checkpoint"] as const;

/** What says the whole computation. */
const DECLARED = ["by", "agg", "order", "limit", "to", "explain"] as const;

/** Shows and gives the plan, with nothing run. */
async function explain(invocation: MagicInvocation, given: Given, context: MagicContext): Promise<unknown> {
  const { explainChunked, explanationDocument } = await import("../../src/chunked/chunked.ts");
  const plan = await explainChunked(await dataOf(invocation, context), declaredOf(given, context));
  if (!given.quiet) context.show(explanationDocument(plan));
  return plan;
}

/** The options of a declared query as the library takes them. */
function declaredOf(given: Given, context: MagicContext) {
  return {
    ...commonOf(given, context),
    by: given.by,
    agg: given.agg,
    order: given.order,
    limit: given.limit,
    to: given.to,
  };
}

function commonOf(given: Given, { signal, cwd }: MagicContext) {
  return {
    ...textOptions(given),
    where: given.where,
    dtype: given.dtype,
    usecols: given.usecols,
    engine: given.engine,
    memoryLimit: given["memory-limit"],
    threads: given.threads,
    signal,
    cwd,
  };
}

/** A path, what a variable holds (a frame here or on Spark, or rows that come one after another), or a table's name where no variable has it. */
async function dataOf(invocation: MagicInvocation, context: MagicContext): Promise<SourceInput | SparkDataFrame> {
  const word = invocation.args.SOURCE as SourceWord;
  const { isSparkFrame, tableOnSpark } = await import("../../src/chunked/chunked.ts");
  const { engine } = optionsOf(options, invocation);
  const isUnknown = word.kind === "variable" && !context.variables.has(word.name);
  const value = (isUnknown && (await tableOnSpark(word.name, engine))) || heldBy(word, context);
  const { isChunkable, labelled } = await import("../../src/chunked/source.ts");
  if (typeof value === "string" || isSparkFrame(value)) return value;
  const name = word.kind === "variable" ? word.name : "the value";
  if (isChunkable(value)) return labelled(value, name);
  throw new UsageError("E_BAD_SOURCE", `${name} is ${nameOfType(value)}, not data`, {
    hint:
      typeof value === "function"
        ? `keep what it gives in a variable, and name that: const data = ${name}()`
        : "give a file, a folder, a frame or an iterable of rows",
    ...("at" in word && { at: word.at }),
  });
}

interface Listeners {
  readonly onProgress: ProgressListener;
  readonly onRun: (run: ChunkedRun) => void;
}

async function start(invocation: MagicInvocation, context: MagicContext, listeners: Listeners): Promise<unknown> {
  const given = optionsOf(options, invocation);
  const source = await dataOf(invocation, context);
  const { chunked: library } = await import("../../src/chunked/chunked.ts");
  if (!invocation.isCell) {
    const session = given.engine === "spark" ? () => openedSession(context, listeners.onProgress) : undefined;
    return library(source, { ...declaredOf(given, context), ...listeners, session });
  }
  const callback = chunkCallback(invocation, given.output);
  // The library refuses a frame on Spark, with the way that works.
  return library(source as string, callback, {
    ...commonOf(given, context),
    ...listeners,
    chunksize: sizeOf(given.chunksize),
    merge: mergeOf(given.merge, context),
    concurrency: given.concurrency,
    checkpoint: given.checkpoint === undefined ? undefined : { file: given.checkpoint, code: invocation.bodyText },
  });
}

function sizeOf(size: Size | undefined): number | string | undefined {
  if (size === undefined) return undefined;
  return "rows" in size ? size.rows : `${size.bytes}B`;
}

function summaryOf({ rows, chunks }: ChunkedRun): string {
  return `${countOf(rows, "row")}${chunks > 0 ? ` in ${countOf(chunks, "chunk")}` : ""}`;
}
