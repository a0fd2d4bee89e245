import type { CellFailure } from "../link/messages.ts";

/** An error of the supervisor's own as a front end shows it. */
export function failureOf(error: unknown): CellFailure {
  const { name = "Error", message = String(error), hint } = error as Partial<Error> & { readonly hint?: string };
  return { ename: name, evalue: message, traceback: [`${name}: ${message}`, ...(hint ? [hint] : [])] };
}
