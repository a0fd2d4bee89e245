import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { hideTokens } from "../display/hide-tokens.ts";
import { dataFolder } from "./data-folder.ts";

export interface HistoryEntry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  readonly output?: string | undefined;
}

/** A line of the file. Kernels that run at the same time write to it, so sessions bear ids there and are numbered when it is read. */
interface Stored {
  readonly session: string;
  readonly line: number;
  readonly input: string;
  readonly output?: string | undefined;
}

const KEPT = 10_000;
/** The file is cut to what is kept when it has grown to twice that. */
const REWRITE_AT = 2 * KEPT;
const OUTPUT_CHARS = 2000;
/** A cell with its data in it is nothing to look for: each kernel would read it with the file. */
const MOST_INPUT_CHARS = 50_000;
/** Opening a file costs as much as a small cell: those that follow each other quickly are written together. */
const GATHER_MS = 100;
/** What could not be written is kept up to here. */
const MOST_FAILED = 1_000_000;

/** What was run, in this session and, from a file of the user's, in earlier ones. Read with the first question, not at the start. */
export class History {
  readonly #file = path.join(dataFolder(), "history.jsonl");
  readonly #id = randomUUID();
  readonly #own: Omit<HistoryEntry, "session">[] = [];
  #earlier: Promise<readonly HistoryEntry[]> | undefined;
  #unwritten: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writes: Promise<void> = Promise.resolve();
  #failed = "";

  add(line: number, input: string, output: string | undefined): void {
    if (input.length > MOST_INPUT_CHARS) return;
    const entry = { line, input: hideTokens(input), output: output && hideTokens(output.slice(0, OUTPUT_CHARS)) };
    this.#own.push(entry);
    const stored: Stored = { session: this.#id, ...entry };
    this.#unwritten.push(`${JSON.stringify(stored)}\n`);
    this.#timer ??= setTimeout(() => this.#write(), GATHER_MS);
  }

  async tail(n: number): Promise<readonly HistoryEntry[]> {
    return last(await this.#all(), n);
  }

  /** Lines `start` to before `stop` of a session: 0 is this one, negative ones count back. */
  async range(session: number, start: number, stop: number | undefined): Promise<readonly HistoryEntry[]> {
    const wanted = session <= 0 ? (await this.#ownSession()) + session : session;
    return (await this.#all()).filter(
      (entry) => entry.session === wanted && entry.line >= start && (stop === undefined || entry.line < stop),
    );
  }

  /** Entries that match a glob (`*`, `?`), the last `n`. */
  async search(pattern: string, n: number | undefined, unique: boolean): Promise<readonly HistoryEntry[]> {
    const matcher = globToRegExp(pattern);
    const found = (await this.#all()).filter(({ input }) => matcher.test(input));
    return last(unique ? lastOfEach(found) : found, n ?? found.length);
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    this.#write();
    await this.#writes;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#unwritten.splice(0).join("");
    if (lines === "") return;
    this.#writes = this.#writes
      .then(() => this.#append(this.#failed + lines))
      .then(
        () => {
          this.#failed = "";
        },
        (error) => this.#keep(lines, error),
      );
  }

  /** A folder or disk that cannot be written costs no cell: it is tried again with the next one. */
  #keep(lines: string, error: unknown): void {
    if (this.#failed === "") console.error("outgrow kernel: the history cannot be written:", (error as Error).message);
    // A part of it may be there, without the end of its line.
    const all = this.#failed === "" ? `\n${lines}` : this.#failed + lines;
    this.#failed = all.length > MOST_FAILED ? "\n" : all;
  }

  async #append(lines: string): Promise<void> {
    // What other sessions wrote is read before ours is among it.
    await this.#load();
    try {
      await appendFile(this.#file, lines, { mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      await appendFile(this.#file, lines, { mode: 0o600 });
    }
  }

  async #all(): Promise<readonly HistoryEntry[]> {
    const session = await this.#ownSession();
    return [...(await this.#load()), ...this.#own.map((entry) => ({ session, ...entry }))];
  }

  async #ownSession(): Promise<number> {
    return ((await this.#load()).at(-1)?.session ?? 0) + 1;
  }

  #load(): Promise<readonly HistoryEntry[]> {
    this.#earlier ??= readStored(this.#file).then(numberSessions);
    return this.#earlier;
  }
}

async function readStored(file: string): Promise<readonly Stored[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n");
  // A line is there twice when the disk took it and not those that were written with it.
  const entries = [...new Set(lines.slice(-KEPT - 1))].flatMap(parseStored);
  if (lines.length > REWRITE_AT) await rewrite(file, entries).catch(() => undefined);
  return entries;
}

/** A line that another kernel was writing when it died is passed over. */
function parseStored(line: string): Stored[] {
  try {
    const { session, line: number, input, output } = JSON.parse(line);
    const isOurs = typeof input === "string" && typeof session === "string" && typeof number === "number";
    return isOurs ? [{ session, line: number, input, output: typeof output === "string" ? output : undefined }] : [];
  } catch {
    return [];
  }
}

async function rewrite(file: string, entries: readonly Stored[]): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""), { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Sessions are numbered as they began, and their lines stand together. */
function numberSessions(stored: readonly Stored[]): readonly HistoryEntry[] {
  const numbers = new Map<string, number>();
  for (const { session } of stored) if (!numbers.has(session)) numbers.set(session, numbers.size + 1);
  return stored
    .map((entry) => ({ ...entry, session: numbers.get(entry.session) ?? 0 }))
    .sort((a, b) => a.session - b.session);
}

function lastOfEach(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const byInput = new Map<string, HistoryEntry>();
  for (const entry of entries) {
    byInput.delete(entry.input);
    byInput.set(entry.input, entry);
  }
  return [...byInput.values()];
}

/** `slice(-0)` would give all. */
function last(entries: readonly HistoryEntry[], n: number): readonly HistoryEntry[] {
  return n > 0 ? entries.slice(-n) : [];
}

function globToRegExp(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[\\s\\S]*")
    .replace(/\?/g, "[\\s\\S]");
  return new RegExp(`^${escaped}$`);
}
