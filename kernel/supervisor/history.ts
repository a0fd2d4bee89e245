import { appendFile, mkdir, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

export interface HistoryEntry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  readonly output?: string | undefined;
}

const KEPT = 10_000;

/** What was run, in this session and, from a file of the user's, in earlier ones. */
export class History {
  readonly #file = path.join(dataFolder(), "history.jsonl");
  readonly #loaded: Promise<readonly HistoryEntry[]>;
  readonly #own: HistoryEntry[] = [];
  #session = 1;
  #writes: Promise<void> = Promise.resolve();

  constructor() {
    this.#loaded = this.#load();
  }

  add(line: number, input: string, output: string | undefined): void {
    this.#writes = this.#writes
      .then(async () => {
        await this.#loaded;
        const entry = { session: this.#session, line, input, output };
        this.#own.push(entry);
        await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
        await appendFile(this.#file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
        // A folder that cannot be written costs the memory of later sessions, not this cell.
      })
      .catch(() => undefined);
  }

  async tail(n: number): Promise<readonly HistoryEntry[]> {
    return (await this.#all()).slice(-n);
  }

  /** Lines `start` to before `stop` of a session: 0 is this one, negative ones count back. */
  async range(session: number, start: number, stop: number | undefined): Promise<readonly HistoryEntry[]> {
    const entries = await this.#all();
    const wanted = session <= 0 ? this.#session + session : session;
    return entries.filter(
      (entry) => entry.session === wanted && entry.line >= start && (stop === undefined || entry.line < stop),
    );
  }

  /** Entries that match a glob (`*`, `?`), the last `n`. */
  async search(pattern: string, n: number | undefined, unique: boolean): Promise<readonly HistoryEntry[]> {
    const matcher = globToRegExp(pattern);
    let found = (await this.#all()).filter(({ input }) => matcher.test(input));
    if (unique) found = [...new Map(found.map((entry) => [entry.input, entry])).values()];
    return n === undefined ? found : found.slice(-n);
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    await this.#writes;
  }

  async #all(): Promise<readonly HistoryEntry[]> {
    await this.#writes;
    return [...(await this.#loaded), ...this.#own];
  }

  async #load(): Promise<readonly HistoryEntry[]> {
    const text = await readFile(this.#file, "utf8").catch(() => "");
    const entries = text.split("\n").flatMap(parseEntry).slice(-KEPT);
    this.#session = entries.reduce((last, { session }) => Math.max(last, session), 0) + 1;
    return entries;
  }
}

/** A line that another kernel was writing when it died is passed over. */
function parseEntry(line: string): HistoryEntry[] {
  try {
    const entry = JSON.parse(line) as HistoryEntry;
    return typeof entry.input === "string" && typeof entry.session === "number" ? [entry] : [];
  } catch {
    return [];
  }
}

function globToRegExp(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[\\s\\S]*")
    .replace(/\?/g, "[\\s\\S]");
  return new RegExp(`^${escaped}$`);
}

function dataFolder(): string {
  const { env } = process;
  if (env.OUTGROW_DATA_DIR) return env.OUTGROW_DATA_DIR;
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Application Support", "outgrow");
  if (process.platform === "win32") return path.join(env.LOCALAPPDATA ?? os.homedir(), "outgrow");
  return path.join(env.XDG_DATA_HOME ?? path.join(os.homedir(), ".local", "share"), "outgrow");
}
