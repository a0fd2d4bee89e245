/** What a pass over data has to read. */
export interface Work {
  readonly format: "csv" | "json" | "parquet" | "arrow" | "memory";
  /** Of the text, or of the file, after decompression. */
  readonly bytes: number;
  /** Rows times columns. */
  readonly values: number;
  readonly isCompressed?: boolean | undefined;
}

/** What one core of the reference machine does (Node 20, x64, 2026), measured with the statements of the profile. */
const CORE = {
  csvBytesPerSecond: 75e6,
  jsonBytesPerSecond: 60e6,
  parquetValuesPerSecond: 12e6,
  memoryValuesPerSecond: 12e6,
  gunzipBytesPerSecond: 300e6,
} as const;

/** Opening the engine and planning. */
const START_SECONDS = 0.15;
/** The loop of `bestLoop` on the reference machine. */
const REFERENCE_LOOP_MS = 1.16;

const learned = new Map<Work["format"], number>();
let pace: number | undefined;

/**
 * Seconds that one pass over all of the data takes, from the machine's measured pace and from the passes made before.
 *
 * @example
 * predictSeconds({ format: "csv", bytes: 1e9, values: 1e8 }, { cores: 2, pace: 1 }); // about 5
 */
export function predictSeconds(work: Work, machine: { readonly cores: number; readonly pace: number }): number {
  return START_SECONDS + idealSeconds(work, machine) * (learned.get(work.format) ?? 1);
}

/** Teaches the predictions what a pass really took; half of the difference is taken over, since machines are noisy. */
export function learnSeconds(
  work: Work,
  machine: { readonly cores: number; readonly pace: number },
  seconds: number,
): void {
  const ideal = idealSeconds(work, machine);
  // A short pass says more about the start of the engine than about its speed.
  if (seconds < 0.5 || ideal <= 0) return;
  const factor = Math.min(10, Math.max(0.1, (seconds - START_SECONDS) / ideal));
  learned.set(work.format, Math.sqrt((learned.get(work.format) ?? 1) * factor));
}

function idealSeconds({ format, bytes, values, isCompressed }: Work, machine: { cores: number; pace: number }): number {
  // Beyond 16 cores reading is the limit.
  const power = Math.min(16, machine.cores) * machine.pace;
  // One gzip stream is read by one core.
  const unpacking = isCompressed ? bytes / (CORE.gunzipBytesPerSecond * machine.pace) : 0;
  if (format === "csv") return Math.max(unpacking, bytes / (CORE.csvBytesPerSecond * power));
  if (format === "json") return Math.max(unpacking, bytes / (CORE.jsonBytesPerSecond * power));
  if (format === "memory" || format === "arrow") return values / (CORE.memoryValuesPerSecond * machine.pace);
  return values / (CORE.parquetValuesPerSecond * power);
}

/** The pace of one core, from a loop of a few milliseconds over bytes; measured once in a process. */
export function measuredPace(): number {
  pace ??= Math.min(4, Math.max(0.25, REFERENCE_LOOP_MS / bestLoop()));
  return pace;
}

function bestLoop(): number {
  const bytes = new Uint8Array(2 ** 18).map((_, i) => (i * 31) & 127);
  let [best, sum] = [Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round < 8; round++) {
    const start = performance.now();
    for (let i = 0; i < bytes.length; i++) sum = (sum * 10 + (bytes[i] as number)) | 0;
    best = Math.min(best, performance.now() - start);
  }
  // The sum is used, so that the loop is not optimised away.
  return Number.isNaN(sum) ? 0 : Math.max(best, 0.05);
}
