import { UsageError } from "../../src/errors.ts";
import type { DataFrame } from "../../src/frame/frame.ts";
import type { ProgressListener } from "../../src/progress.ts";
import { boundExpressions } from "../../src/spark/bound-sql.ts";
import type { SparkDataFrame } from "../../src/spark/dataframe.ts";
import type { ActionOptions } from "../../src/spark/query.ts";
import type { SparkStatement } from "../../src/spark/script.ts";
import { splitSql } from "../../src/spark/split-sql.ts";
import { formatSeconds } from "../../src/units.ts";
import { withProgress } from "../display/progress.ts";
import { inCell } from "./in-cell.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicContext, MagicDefinition, OptionValues } from "./magic.ts";
import { COMMON } from "./options.ts";
import { sparkSession } from "./spark-session.ts";

const options = {
  output: COMMON.output,
  rows: COMMON.rows,
  limit: COMMON.limit,
  view: { kind: "text", value: "NAME", summary: "name the last query for later SQL: a temporary view" },
  quiet: COMMON.quiet,
} as const;

/** What stands below `%%spark`; `%spark` is another magic. */
export const sparkSql: MagicDefinition = {
  name: "spark",
  forms: ["%%"],
  summary: "run SQL on Spark; ${} binds a value, -o brings rows here",
  args: [],
  options,
  examples: [
    "%%spark\nSELECT user_id, sum(amount) AS total FROM parquet.`data/sales.parquet` GROUP BY user_id",
    "%%spark -o top --limit 100\nSELECT * FROM sales WHERE amount > ${least} ORDER BY amount DESC",
    "%%spark --view busy\nCREATE OR REPLACE TEMP VIEW visits AS SELECT * FROM json.`data/clicks.json`;\nSELECT user_id, count(*) AS n FROM visits GROUP BY user_id",
  ],
  standsFor: 'sparkSql("SELECT * FROM sales WHERE amount > ${}", { values: [100] })',
  body: "text",
  bodyExpressions: boundExpressions,
  async run({ bodyText = "", bodyLine, bodyValues, options: typed, line }, context) {
    const given = optionsOf(options, { options: typed });
    checkView(given.view, line);
    const text = { text: bodyText, line: bodyLine };
    const count = await inCell(text, async () => splitSql(bodyText).length);
    const { sparkSql: library } = await import("../../src/spark/script.ts");
    const session = await sparkSession(context);
    const { signal } = context;
    let done = 0;
    let result: unknown;
    await inCell(text, () =>
      withProgress(context.progress(), (onProgress) => {
        const onStatement = async (statement: SparkStatement): Promise<void> => {
          const isLast = ++done === count;
          const asked = isLast ? given : { rows: given.rows, quiet: given.quiet };
          result = await finish(statement, asked, context, onProgress);
        };
        // What is shown or kept runs here, which checks it too.
        const checks = given.quiet === true && !(count === 1 && given.output !== undefined);
        return library(bodyText, { session, values: bodyValues, signal, onProgress, onStatement, checks });
      }),
    );
    if (given.output !== undefined && result === undefined) throw nothingToKeep(given.output, line);
    return result;
  },
};

type Given = OptionValues<typeof options>;

/** Shows what a statement came to, and gives it: a local frame for `-o`, else the frame on Spark. */
async function finish(
  statement: SparkStatement,
  { output, rows = options.rows.default, limit, view, quiet }: Given,
  context: MagicContext,
  onProgress: ProgressListener,
): Promise<unknown> {
  if (!statement.frame) {
    if (!quiet) context.print(`${headOf(statement.sql)} · ${formatSeconds(statement.seconds)}\n`);
    return undefined;
  }
  const frame = limit === undefined ? statement.frame : statement.frame.limit(limit);
  const action = { signal: context.signal, onProgress };
  // Without quotes Spark takes no letters but those of ASCII.
  if (view !== undefined) await frame.createOrReplaceTempView(`\`${view}\``, action);
  const startedAt = performance.now();
  const caption = () => `Spark · ${formatSeconds((performance.now() - startedAt) / 1000)}`;
  const { toBundle } = await import("../../src/render/bundle.ts");
  if (output !== undefined) {
    const local = await toLocal(statement.frame, limit, action);
    if (!quiet) context.display(toBundle(local, { rows, caption: caption() }).data);
    return local;
  }
  if (quiet) return frame;
  const { frame: head, more } = await frame.preview(rows, action);
  const notes = more ? ["-n shows more of them, -o NAME brings the result here."] : [];
  const total = more ? "unknown" : undefined;
  context.display(toBundle(head, { rows, total, caption: caption(), notes }).data);
  return frame;
}

/** In a notebook the cure for a result that is too large is an option of the line. */
async function toLocal(frame: SparkDataFrame, limit: number | undefined, action: ActionOptions): Promise<DataFrame> {
  try {
    return await frame.toDanfo(limit, action);
  } catch (error) {
    if (!(error instanceof UsageError) || error.code !== "E_SPARK_RESULT_SIZE") throw error;
    throw new UsageError(error.code, error.message, {
      hint: "add --limit N, aggregate on Spark first, or keep it there with --view NAME",
      cause: error.cause,
    });
  }
}

const HEAD_LENGTH = 60;

/** A statement by its first words: `CREATE TEMP VIEW visits`. */
function headOf(sql: string): string {
  const line = sql.replace(/\s+/g, " ");
  const head = /^BEGIN\b/i.test(line)
    ? "BEGIN … END"
    : line.replace(/ (?:AS|USING|SELECT|VALUES|FROM|\()(?: .*|$)/i, "");
  return head.length > HEAD_LENGTH ? `${head.slice(0, HEAD_LENGTH - 1)}…` : head;
}

function checkView(view: string | undefined, line: string): void {
  if (view === undefined || /^[\p{L}_][\p{L}\p{N}_]*$/u.test(view)) return;
  const start = line.indexOf(view);
  throw new UsageError("E_BAD_VALUE", `"${view}" is no name for a temporary view`, {
    hint: "use letters, digits and _",
    at: { text: line, start, end: start + view.length },
  });
}

function nothingToKeep(name: string, line: string): UsageError {
  const start = line.lastIndexOf(name);
  return new UsageError("E_NO_ROWS", `the last statement gives no rows, so there is nothing for ${name}`, {
    hint: "the statements have run; leave -o out, or end with a query",
    at: { text: line, start, end: start + name.length },
  });
}
