/** Why the scanner does not do a piece of work that another engine can. */
export type RefusalReason =
  | "memory"
  | "dictionary"
  | "dialect"
  | "encoding"
  | "compression"
  | "nested"
  | "long-row"
  | "type"
  | "query";

/**
 * The scanner cannot do this, or not within its memory: nothing is wrong with the data or the question, and the caller
 * asks another engine. Never shown to people as it is, hence none of the errors that are.
 */
export class ScanRefused extends Error {
  override readonly name = "ScanRefused";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The kernel's memory has no room for what a piece of work needs. */
export function noMemory(what: string): ScanRefused {
  return new ScanRefused("memory", `${what} are over the scanner's memory limit`);
}
