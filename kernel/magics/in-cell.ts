import { EngineError, UsageError } from "../../src/errors.ts";

/** Runs work on a magic's body; a fault in that text is told with its line in the cell. */
export async function inCell<T>(
  body: { readonly text: string; readonly line: number | undefined },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isPlaced = error instanceof EngineError || error instanceof UsageError;
    if (!isPlaced || error.at?.text !== body.text) throw error;
    const details = {
      at: { ...error.at, line: body.line },
      cause: error.cause,
      ...(error.hint && { hint: error.hint }),
    };
    throw error instanceof EngineError
      ? new EngineError(error.code, error.message, details)
      : new UsageError(error.code, error.message, details);
  }
}
