import { parquetColumns } from "../duckdb/parquet-columns.ts";
import { UsageError } from "../errors.ts";
import type { Table } from "../frame/arrow.ts";
import { isTable } from "../frame/arrow.ts";
import { type DataFrame, frameFromRows, isFrame } from "../frame/frame.ts";
import { noType, typeInWords } from "../frame/no-type.ts";
import { isListOfRows } from "../frame/plain-rows.ts";
import { pandasType } from "../frame/schema.ts";
import type { RunOptions } from "../progress.ts";
import { conflictNotes, driftNotes } from "../source/drift.ts";
import { emptyNotes } from "../source/empty-notes.ts";
import { resolveSource } from "../source/resolve.ts";
import type { FileSource, TextOptions } from "../source/source.ts";
import { textOptionsIn } from "../source/text.ts";
import { hintNotes } from "../source/text-hints.ts";
import { tablesOfArrow } from "../tables/arrow-files.ts";
import { holdTables } from "../tables/hold.ts";
import { typeInEngine } from "../tables/table-source.ts";
import { formatSeconds } from "../units.ts";
import { sourceWord } from "../verdict/decide.ts";
import { machine } from "../verdict/machine.ts";
import { learnSeconds, predictSeconds, type Work } from "../verdict/speed.ts";
import { assemble, type Whole } from "./assemble.ts";
import { keep, keyOf, recall } from "./cache.ts";
import { type Estimate, estimateSource } from "./estimate.ts";
import { NO_REJECTS, passOf } from "./every-row.ts";
import type { ColumnFacts } from "./facts.ts";
import { LazyEngine } from "./lazy-engine.ts";
import { profileFrame } from "./profile-frame.ts";
import { readingOf } from "./reading.ts";
import type { Profile } from "./types.ts";

export { profileDocument } from "./document.ts";
export type { Profile, ProfileColumn, ProfileSizes, ProfileValue, Rejected } from "./types.ts";

export interface ProfileOptions extends RunOptions, TextOptions {
  /** The estimate alone, from a sample. */
  readonly fast?: boolean | undefined;
  /** The full pass, however long it takes. Without it the pass runs when it is predicted to take at most 60 s. */
  readonly full?: boolean | undefined;
  /** Told what a sample says, before the full pass starts. */
  readonly onEstimate?: ((estimate: Profile) => void) | undefined;
  /** What a frame in memory is called. */
  readonly name?: string | undefined;
  /** Bytes for the engine. */
  readonly memoryLimit?: number | undefined;
  readonly threads?: number | undefined;
}

const MOST_UNASKED_SECONDS = 60;

/**
 * What data is, what it takes in memory in each form (bytes), which types would take less, and where it should be worked on.
 * A file is sampled first (about 0.1 s), then read once in bounded memory; unchanged files that were profiled before are
 * answered at once. A frame, and a list of rows as objects, is measured as it is.
 *
 * @throws {UsageError} for a missing file or bad option
 * @throws {DataError} for content that does not read
 * @throws {Interrupted} when `signal` is aborted
 * @example
 * const { rows, columns, sizes, verdict } = await profile("sales.csv");
 * sizes.danfo / sizes.arrowAdvised; // how much the advised types save
 */
export async function profile(
  source: string | DataFrame | Table | object,
  options: ProfileOptions = {},
): Promise<Profile> {
  if (typeof source !== "string") {
    const frame = isListOfRows(source) ? frameFromRows(source) : source;
    if (!isFrame(frame) && !isTable(frame))
      throw new UsageError("E_BAD_SOURCE", "what is to be profiled is neither a path nor a data frame", {
        hint: 'name a file, as in profile("data.csv"), or pass a DataFrame or a list of rows',
      });
    return profileFrame(frame, options);
  }
  if (options.fast && options.full)
    throw new UsageError("E_BAD_OPTION", "fast and full exclude each other", { hint: "leave one of them out" });
  const { cwd } = options;
  // Rows that do not fit are listed, whatever a run is to do with them.
  const text = { ...textOptionsIn(options), badRows: undefined };
  const files = await resolveSource(source, { cwd, text });
  const known = await recall(keyOf(files));
  if (known) {
    const reading = await readingOf(files, text, known.whole.reading ?? { isLines: true });
    return {
      ...(await assemble({ ...known.whole, source: files.label, reading }, known.facts, machine())),
      cached: true,
    };
  }
  return files.format === "arrow"
    ? profileArrow(files, options)
    : profileFiles(files, files, [...emptyNotes(files), ...driftNotes(files.drift)], { ...options, text });
}

/** No engine reads Arrow files: their plain columns are laid into temporary files, and profiled there. */
async function profileArrow(source: FileSource, options: ProfileOptions): Promise<Profile> {
  const { signal, memoryLimit, threads, onProgress } = options;
  const tables = await tablesOfArrow(source);
  const odd = (tables.fields ?? []).filter(({ type }) => typeInEngine(type) === undefined);
  const [first] = odd;
  if (first && odd.length === tables.fields?.length)
    throw noType(first.name, first.type, `turn it into plain columns first: ${source.label} has no other ones`);
  const left = new Set(odd.map(({ name }) => name));
  const isWanted = (name: string) => !left.has(name);
  const onFraction = (fraction: number | undefined) => onProgress?.({ operation: "profile", fraction });
  await using held = await holdTables(tables, { signal, memoryLimit, threads, isWanted, onFraction });
  const leftOut = odd.map(({ name, type }) => `"${name}" is left out: it is ${typeInWords(type)}.`);
  const notes = [...leftOut, ...driftNotes(tables.drift), ...conflictNotes(tables)];
  // Files that hold texts once, by their places in a dictionary, are categories for every reader.
  const once = new Set(
    (tables.fields ?? []).flatMap(({ name, type }) => (pandasType(type) === "category" ? [name] : [])),
  );
  const typed = (facts: ColumnFacts) =>
    facts.type === "str" && once.has(facts.name) ? { ...facts, type: "category" } : facts;
  return await profileFiles(held.source, source, notes, options, typed);
}

/** `named` is what was asked about, `source` what is read for it. */
async function profileFiles(
  source: FileSource,
  named: FileSource,
  leftOut: readonly string[],
  options: ProfileOptions & { readonly text?: TextOptions },
  typed: (facts: ColumnFacts) => ColumnFacts = (facts) => facts,
): Promise<Profile> {
  const start = performance.now();
  const key = keyOf(named);
  await using engine = new LazyEngine(options);
  const estimate = await estimateSource(source, () => engine.open(), options.signal);
  const footers = source.format === "parquet" ? await parquetColumns(await engine.open(), source) : undefined;
  const told = [...leftOut, ...driftNotes(footers?.drift), ...conflictNotes(footers ?? {})];
  const differs = footers !== undefined && (footers.drift !== undefined || footers.conflicts.length > 0);
  const known = (facts: ColumnFacts) => {
    const span = footers?.spans.get(facts.name);
    return typed(span ? { ...facts, span: pandasType(span) } : facts);
  };
  const here = machine();
  const work: Work = {
    format: named.format,
    bytes: estimate.unpackedBytes,
    values: estimate.rows * estimate.facts.length,
    isCompressed: source.compression !== undefined,
  };
  const passSeconds = predictSeconds(work, here);
  const isEnough = options.fast || (!options.full && passSeconds > MOST_UNASKED_SECONDS);
  const reading = await readingOf(named, options.text ?? {}, { ...estimate, differs });
  const guessed = { ...wholeOf(named, estimate), reading, passSeconds, seconds: passSeconds };
  const notes =
    isEnough && !options.fast
      ? [`The full pass would take about ${formatSeconds(passSeconds)}: %profile ${sourceWord(source.label)} --full`]
      : [];
  const hinted = (facts: readonly ColumnFacts[]) =>
    hintNotes(estimate.hints, new Map(facts.map(({ name, type }) => [name, type])));
  const sampled = estimate.facts.map(known);
  const first = await assemble({ ...guessed, notes: [...told, ...notes, ...hinted(sampled)] }, sampled, here);
  options.onEstimate?.(first);
  if (isEnough) return first;

  const passStart = performance.now();
  const { rows, facts: found, rejected } = await passOf(source, estimate, () => engine.open(), options);
  const facts = found.map(known);
  learnSeconds(work, here, (performance.now() - passStart) / 1000);
  const whole: Whole = {
    ...guessed,
    rows,
    rowsError: 0,
    rowsRead: rows,
    exact: true,
    rejected,
    seconds: (performance.now() - start) / 1000,
    passSeconds: predictSeconds({ ...work, values: rows * facts.length }, here),
    notes: [...told, ...hinted(facts)],
  };
  await keep(key, { whole, facts });
  return assemble(whole, facts, here);
}

function wholeOf(source: FileSource, estimate: Estimate): Omit<Whole, "passSeconds" | "seconds"> {
  return {
    source: source.label,
    format: source.format,
    files: source.files.length,
    fileBytes: source.bytes,
    unpackedBytes: estimate.unpackedBytes,
    rows: estimate.rows,
    rowsError: estimate.rowsError,
    rowsRead: estimate.rowsRead,
    exact: false,
    rejected: NO_REJECTS,
    notes: [],
  };
}
