import { UsageError } from "../errors.ts";
import { formatBytes, formatSeconds } from "../units.ts";
import type { Machine } from "./machine.ts";

export type Choice = "local" | "hybrid" | "spark";

/** What the verdict is made from. Bytes and seconds. */
export interface DecideInput {
  /** As typed in a magic: a path or a variable. */
  readonly source: string;
  readonly rows: number;
  readonly bytes: {
    /** On disk; 0 for data in memory. */
    readonly file: number;
    readonly arrow: number;
    readonly arrowAdvised: number;
    /** As text or Parquet pages after decompression, which is what spills. */
    readonly unpacked?: number | undefined;
  };
  /** One pass over all of the data on this machine. */
  readonly seconds: number;
  /** Of what comes back, where it is known; a result is taken to be small otherwise. */
  readonly resultBytes?: number | undefined;
  /** Options of a `%chunked` line that make sense for the data, `--by category --agg amount:sum`; default counts rows. */
  readonly query?: string | undefined;
  /** What to do with a frame that is in memory already, as code. */
  readonly code?: string | undefined;
  readonly isInMemory?: boolean | undefined;
  /** How long a pass over the data may take before a cluster is worth it; default 300. */
  readonly budgetSeconds?: number | undefined;
}

export interface Verdict {
  readonly choice: Choice;
  /** Within `local`: load it as it is, load it with the advised types, or work in pieces. */
  readonly how: "load" | "shrink" | "chunk" | "split" | "cluster";
  readonly reason: string;
  /** In memory under the advised types. */
  readonly bytes: number;
  /** One pass on this machine. */
  readonly seconds: number;
  /** The line to type next. */
  readonly next: string;
}

const BUDGET_SECONDS = 300;
/** A frame is worked on, not only held: copies and results need the rest. */
const FRAME_SHARE = 0.25;
const RESULT_SHARE = 0.25;
/** What group-bys and sorts write when they spill, against the size of their input. */
const SPILL_FACTOR = 1.2;
/** Past this many budgets a pass on one machine is not a way of working. */
const HYBRID_BUDGETS = 12;

/**
 * Where data should be worked on: here, the heavy part on Spark and the rest here, or all on Spark. The reason has the numbers.
 *
 * @throws {UsageError} E_BAD_OPTION for sizes that are no numbers
 * @example
 * decide({ source: "sales.csv", rows: 1e6, bytes: { file: 5e7, arrow: 4e7, arrowAdvised: 2e7 }, seconds: 0.4 }, machine()).choice; // "local"
 */
export function decide(input: DecideInput, machine: Machine): Verdict {
  check(input);
  const { bytes, seconds } = input;
  const budget = input.budgetSeconds ?? BUDGET_SECONDS;
  const room = machine.memoryFree * FRAME_SHARE;
  const has = `${formatBytes(machine.memoryFree)} free`;
  const pass = `one pass takes about ${formatSeconds(seconds)} here`;
  const made = (choice: Choice, how: Verdict["how"], reason: string): Verdict => ({
    choice,
    how,
    reason,
    bytes: bytes.arrowAdvised,
    seconds,
    next: nextLine(how, input),
  });

  const result = input.resultBytes ?? 0;
  if (result > machine.memoryFree * RESULT_SHARE)
    return made("spark", "cluster", `the result alone takes ${formatBytes(result)}, more than a quarter of the ${has}`);
  if (bytes.arrow <= room && seconds <= budget)
    return made("local", "load", `${formatBytes(bytes.arrow)} in memory is within a quarter of the ${has}; ${pass}`);
  if (bytes.arrowAdvised <= room && seconds <= budget)
    return made(
      "local",
      "shrink",
      `${formatBytes(bytes.arrow)} as it is, ${formatBytes(bytes.arrowAdvised)} with the advised types, which is within a quarter of the ${has}; ${pass}`,
    );

  const spill = (bytes.unpacked ?? bytes.file) * SPILL_FACTOR;
  const canSpill = machine.tempFree >= spill || input.isInMemory === true;
  const size = `${formatBytes(bytes.arrowAdvised)} even with the advised types`;
  const disk = `${formatBytes(machine.tempFree)} of temporary disk for up to ${formatBytes(spill)} of spilled data`;
  if (seconds <= budget && canSpill)
    return made(
      "local",
      "chunk",
      `${size} is too much for ${has}, but in pieces it needs little: ${pass}, with ${disk}`,
    );
  const fault =
    seconds > budget
      ? `${pass}, more than the ${formatSeconds(budget)} that are worth waiting for`
      : `there are only ${disk}`;
  if (seconds <= budget * HYBRID_BUDGETS)
    return made(
      "hybrid",
      "split",
      `${size}, and ${fault}: let Spark do the heavy part and bring the small result here`,
    );
  return made("spark", "cluster", `${size}, and ${fault}: work on Spark from start to end`);
}

function check({ rows, bytes, seconds }: DecideInput): void {
  const numbers = { rows, seconds, file: bytes.file, arrow: bytes.arrow, arrowAdvised: bytes.arrowAdvised };
  for (const [name, value] of Object.entries(numbers))
    if (!(value >= 0))
      throw new UsageError("E_BAD_OPTION", `${name} is ${value}, not a size`, { hint: "give numbers from 0 upwards" });
}

function nextLine(how: Verdict["how"], { source, query, code, isInMemory }: DecideInput): string {
  if (isInMemory) return code ?? `${source}.head()`;
  if (how === "split" || how === "cluster") return `%spark-config ${sourceWord(source)}`;
  return `%chunked ${sourceWord(source)} ${query ?? "--agg *:count"}`;
}

/** A source as a magic reads it: a bare word is a variable, so a path without `/`, `.` or `*` is quoted. */
export function sourceWord(source: string): string {
  const isBare = /^[\w./*@+:-]+$/.test(source) && !source.startsWith("-");
  return isBare && /[./*]/.test(source) ? source : `"${source.replaceAll('"', '\\"')}"`;
}
