import { statSync } from "node:fs";
import type { SourceFile } from "typescript/unstable/ast";
import type { API, APIOptions, Checker, Program, Snapshot } from "typescript/unstable/async";
import { ConnectionError } from "../../src/errors.ts";
import { type ProjectFiles, projectFiles } from "./project.ts";

/** What an error of a dead or hanging server looks like, whoever threw it. */
export function isServerGone(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  const { message = "", code } = error as { message?: string; code?: unknown };
  return (
    code === "EPIPE" || /connection (is|got)|not established|write after end|disposed|Failed to start/i.test(message)
  );
}

/**
 * The native TypeScript server with one project in it: the notebook file, the prelude and a file to ask for globals.
 * Starts at the first update; after a death or a hang the next update starts a new one.
 */
export class TypeServer {
  readonly files: ProjectFiles;
  #api: API | undefined;
  #snapshot: Snapshot | undefined;
  #text = "";
  /** Files of the user that the server has read, with their mtime: it does not watch, so we look before each question. */
  readonly #read = new Map<string, number>();
  readonly #ending = new Set<Promise<void>>();

  constructor(notebookDir: string) {
    this.files = projectFiles(notebookDir);
  }

  /** Puts `text` into the notebook file; the checker and program answer for this state until the next call. */
  async update(text: string, options: { readonly forgetAll?: boolean } = {}): Promise<void> {
    if (this.#api === undefined) return this.#open(text);
    const edited = this.#editedFiles();
    if (text === this.#text && edited.length === 0 && !options.forgetAll) return;
    this.#text = text;
    const fileChanges = options.forgetAll
      ? ({ invalidateAll: true } as const)
      : { changed: [this.files.notebook, ...edited] };
    this.#replace(await this.#api.updateSnapshot({ fileChanges }));
  }

  get checker(): Checker {
    return this.#project().checker;
  }

  get program(): Program {
    return this.#project().program;
  }

  /** The notebook file's syntax, of the last update. */
  async notebookFile(): Promise<SourceFile> {
    return (await this.program.getSourceFile(this.files.notebook)) ?? lost();
  }

  /** Runs a question with a limit; past it the server is ended, so that the next question gets a fresh one. */
  async within<T>(timeoutMs: number, question: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#drop();
        reject(
          new ConnectionError("E_TYPES_TIMEOUT", `the type service did not answer within ${timeoutMs / 1000} s`, {
            hint: "it was restarted; %typecheck off stops the checks",
          }),
        );
      }, timeoutMs);
    });
    try {
      return await Promise.race([question(), late]);
    } catch (error) {
      if (isServerGone(error)) this.#drop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    this.#drop();
    await Promise.all(this.#ending);
  }

  async #open(text: string): Promise<void> {
    const { API } = await import("typescript/unstable/async");
    this.#text = text;
    const api = new API({ cwd: this.files.folder, fs: this.#fileSystem() });
    this.#api = api;
    const snapshot = await api.updateSnapshot({ openProjects: [this.files.config] });
    if (this.#api === api) this.#replace(snapshot);
    else lost();
  }

  #project(): { readonly checker: Checker; readonly program: Program } {
    return this.#snapshot?.getProjects()[0] ?? lost();
  }

  #replace(snapshot: Snapshot): void {
    const old = this.#snapshot;
    this.#snapshot = snapshot;
    if (old !== undefined) ignoreFailure(old.dispose());
  }

  /** Callbacks of the server; `undefined` means "look at the real disk". */
  #fileSystem(): NonNullable<APIOptions["fs"]> {
    const { files } = this;
    return {
      readFile: (name) => {
        if (name === files.notebook) return this.#text;
        const virtual = files.virtual.get(name);
        if (virtual === undefined) this.#remember(name);
        return virtual;
      },
      fileExists: (name) => (name === files.notebook || files.virtual.has(name) ? true : undefined),
      directoryExists: (name) => (name === files.folder ? true : undefined),
    };
  }

  #remember(name: string): void {
    if (name.includes("/node_modules/") || name.startsWith(`${this.files.packageRoot}/`)) return;
    this.#read.set(name, modified(name));
  }

  #editedFiles(): string[] {
    const edited: string[] = [];
    for (const [name, before] of this.#read) {
      const now = modified(name);
      if (now === before) continue;
      this.#read.set(name, now);
      edited.push(name);
    }
    return edited;
  }

  /** Ends the server: its input is closed, which stops it when idle; a busy one is killed. */
  #drop(): void {
    const api = this.#api;
    this.#api = undefined;
    this.#snapshot = undefined;
    this.#read.clear();
    if (api === undefined) return;
    const ending = endServer(api).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}

function lost(): never {
  throw new ConnectionError("E_TYPES_GONE", "the type service has gone", { hint: "ask again: it starts anew" });
}

/** The handle of the process is not public, yet a server that is busy in native code hears nothing but a signal. */
interface ServerProcess {
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  kill(signal: NodeJS.Signals): boolean;
  once(event: "exit", listener: () => void): unknown;
}

async function endServer(api: API): Promise<void> {
  const child = (api as unknown as { client?: { process?: ServerProcess } }).client?.process;
  const gone =
    child === undefined || child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const closing = api.close().catch(() => undefined);
  const timer = setTimeout(() => child?.kill("SIGKILL"), 250);
  await gone;
  clearTimeout(timer);
  await closing;
}

function modified(name: string): number {
  return statSync(name, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function ignoreFailure(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
