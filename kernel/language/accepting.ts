import type { CellDiagnostic } from "./service.ts";

/** Whether a cell stands once it is checked: whatever was found, when no error was found, or not at all. */
export type Accepting = "always" | "sound" | "never";

export function isAccepted(accepting: Accepting, found: readonly CellDiagnostic[]): boolean {
  return accepting === "always" || (accepting === "sound" && !found.some(({ severity }) => severity === "error"));
}
