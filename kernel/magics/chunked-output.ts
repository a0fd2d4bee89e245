import type { ChunkedRun, WrittenFile } from "../../src/chunked/chunked.ts";
import { Interrupted, MemoryLimitError } from "../../src/errors.ts";
import { formatBytes, formatCount } from "../../src/units.ts";
import type { MagicContext } from "./magic.ts";

export interface OutputOptions {
  /** Shown as its memory table, when given. */
  readonly run: ChunkedRun | undefined;
  readonly rows?: number | undefined;
  readonly output?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** The result, when there is one, and below it the memory table. */
export async function showResult(
  result: unknown,
  { run, rows, quiet }: OutputOptions,
  context: MagicContext,
): Promise<void> {
  if (quiet) return;
  const [{ toBundle }, { memoryDocument }] = await Promise.all([
    import("../../src/render/bundle.ts"),
    import("../../src/chunked/chunked.ts"),
  ]);
  if (isWritten(result)) context.print(`${writtenText(result)}: ${result.path}\n`);
  const isEmpty =
    isWritten(result) ||
    result === undefined ||
    (Array.isArray(result) && result.every((value) => value === undefined));
  if (!isEmpty) context.display(toBundle(result, { rows }).data);
  if (run) context.show(memoryDocument(run));
}

/**
 * What was merged before a stop is not lost: it is shown, and in the variable of `-o`. Other failures have no such part, and only what is to be known
 * of the run, as that its checkpoint was not written.
 */
export async function showPartial(error: unknown, options: OutputOptions, context: MagicContext): Promise<void> {
  if (!(error instanceof Interrupted || error instanceof MemoryLimitError)) return printNotes(options, context);
  const { partial } = error as { readonly partial?: unknown };
  if (options.output !== undefined && partial !== undefined) context.variables.set(options.output, partial);
  await showResult(partial, options, context);
}

function printNotes({ run, quiet }: OutputOptions, context: MagicContext): void {
  if (quiet) return;
  for (const note of run?.notes ?? []) context.print(`${note}\n`);
}

function writtenText({ rows, bytes }: WrittenFile): string {
  return `${formatCount(rows)} rows${bytes === undefined ? "" : `, ${formatBytes(bytes)}`}`;
}

function isWritten(result: unknown): result is WrittenFile {
  return typeof result === "object" && result !== null && "path" in result && "bytes" in result && "run" in result;
}
