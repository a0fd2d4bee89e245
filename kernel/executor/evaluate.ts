import type { CompiledCell } from "../cell/compile.ts";
import type { CellHost } from "../cell/host.ts";
import type { CellFailure, MimeBundle, UserExpressionResult } from "../link/messages.ts";
import { mendBuiltIns } from "./built-ins.ts";
import { cellHost } from "./cell-host.ts";
import { DisplayHandle } from "./display.ts";
import { toFailure } from "./failure.ts";
import type { Importer } from "./imports.ts";
import { MagicRunner } from "./magics.ts";
import { writeOutput } from "./output.ts";
import { setResult } from "./results.ts";
import { rooms } from "./rooms.ts";
import type { CellRun } from "./run.ts";
import { isA } from "./safely.ts";
import type { Session } from "./session.ts";
import { rememberRun } from "./stray.ts";
import { forWire } from "./wire-bundle.ts";

export interface Outcome {
  readonly result?: { readonly data: MimeBundle; readonly metadata: MimeBundle } | undefined;
  readonly failure?: CellFailure | undefined;
  readonly userExpressions: Readonly<Record<string, UserExpressionResult>>;
  /** A type checker can find nothing in the cell. */
  readonly isSurelyTyped?: boolean;
}

/** Compiles and runs one cell; a failure is an outcome too. */
export async function evaluateCell(run: CellRun, session: Session, importer: Importer): Promise<Outcome> {
  const { code, silent, executionCount, userExpressions } = run.request;
  const filename = silent ? `silent-${run.id}.ts` : `cell-${executionCount}.ts`;
  rememberRun(filename, run);
  try {
    const compiled = session.compile(code, filename);
    const value = await execute(compiled, { code, filename }, run, session, importer);
    mend(run);
    const result = silent ? undefined : await resultOf(value, executionCount);
    await run.settled();
    return {
      result,
      userExpressions: await evaluateAll(userExpressions, run, session, importer),
      isSurelyTyped: compiled.isSurelyTyped,
    };
  } catch (error) {
    mend(run);
    return { failure: toFailure(error, filename), userExpressions: {} };
  }
}

/** What of the language a cell has replaced is the kernel's, too. */
function mend(run: CellRun): void {
  const names = mendBuiltIns();
  if (names === "") return;
  const advice = "the kernel itself runs on what every cell finds there; give your own another name";
  writeOutput("stderr", `${names}: put back as it was, for ${advice}\n`, run);
}

async function execute(
  compiled: CompiledCell,
  { code, filename }: { readonly code: string; readonly filename: string },
  run: CellRun,
  session: Session,
  importer: Importer,
): Promise<unknown> {
  const runner = new MagicRunner(compiled, run, session);
  const host: CellHost = cellHost(run, code, importer, {
    filename,
    magic: (stack) => runner.run(stack, host),
    mark: (statement) => runner.mark(statement),
  });
  const running = session.execute(compiled.main, host);
  // Before it is waited for, which is done by what may have been replaced.
  mend(run);
  return running;
}

/** `undefined` and what has shown itself are not shown; everything else becomes `_`. */
async function resultOf(value: unknown, executionCount: number): Promise<Outcome["result"]> {
  if (value === undefined || isA(value, DisplayHandle)) return undefined;
  setResult(value, executionCount);
  return bundleOf(value);
}

async function bundleOf(value: unknown): Promise<{ readonly data: MimeBundle; readonly metadata: MimeBundle }> {
  const { data, metadata } = await rooms().toBundleAsync(value);
  return { data: forWire(data), metadata: forWire(metadata) };
}

async function evaluateAll(
  expressions: Readonly<Record<string, string>>,
  run: CellRun,
  session: Session,
  importer: Importer,
): Promise<Record<string, UserExpressionResult>> {
  const results: Record<string, UserExpressionResult> = {};
  for (const [name, code] of Object.entries(expressions)) {
    try {
      const typed = { code, filename: "user-expression.ts" };
      const value = await execute(session.compile(code, typed.filename), typed, run, session, importer);
      results[name] = { status: "ok", ...(await bundleOf(value)) };
    } catch (error) {
      results[name] = { status: "error", ...toFailure(error, "user-expression.ts") };
    }
  }
  return results;
}
