import { statSync } from "node:fs";
import type { SourceFile } from "typescript/unstable/ast";
import type { API, APIOptions, Checker, Diagnostic, Program, Project, Snapshot } from "typescript/unstable/async";
import { ConnectionError } from "../../src/errors.ts";
import { type ProjectFiles, projectFiles } from "./project.ts";
import { guardServer } from "./server-guard.ts";
import { ServerPids } from "./server-pids.ts";
import { easeWrites, endServer, gone, onProcess, type ServerProcess } from "./server-process.ts";

const START_MS = 20_000;

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
  #giveUp: ((reason: ConnectionError) => void) | undefined;
  #text = "";
  /** What was asked of the state that stands, by question. */
  readonly #answers = new Map<string, Promise<unknown>>();
  #closed = false;
  /** Files of the user that the server has read, with their mtime: it does not watch, so we look before each question. */
  readonly #read = new Map<string, number>();
  #edition = 0;
  readonly #lookedAgain = new Set<string>();
  readonly #ending = new Set<Promise<void>>();
  readonly #pids: ServerPids;

  constructor(notebookDir: string, pids = new ServerPids()) {
    this.#pids = pids;
    this.files = projectFiles(notebookDir);
  }

  /** Puts `text` into the notebook file; the checker and program answer for this state until the next call. */
  async update(text: string, options: { readonly forgetAll?: boolean } = {}): Promise<void> {
    if (this.#closed) throw gone();
    const edited = this.#editedFiles();
    if (edited.length > 0 || options.forgetAll) this.#edition++;
    if (this.#api === undefined) return this.#open(text);
    if (text === this.#text && edited.length === 0 && !options.forgetAll) return;
    this.#text = text;
    const fileChanges = options.forgetAll
      ? ({ invalidateAll: true } as const)
      : { changed: [this.files.notebook, ...edited] };
    this.#replace(await this.#api.updateSnapshot({ fileChanges }));
  }

  get project(): Project {
    return this.#snapshot?.getProjects()[0] ?? lost();
  }

  get checker(): Checker {
    return this.project.checker;
  }

  async hasSyntaxError(from: number): Promise<boolean> {
    return (await this.#syntaxErrors()).some(({ pos }) => pos >= from);
  }

  /** What TypeScript finds in the notebook file. */
  findings(): Promise<readonly Diagnostic[]> {
    return this.#once("findings", (program) => program.getSemanticDiagnostics(this.files.notebook));
  }

  /** Is there a module among these that the server has not been told to look for again? It caches what it did not find. */
  isNews(specifiers: readonly string[]): boolean {
    const news = specifiers.filter((specifier) => !this.#lookedAgain.has(specifier));
    for (const specifier of news) this.#lookedAgain.add(specifier);
    return news.length > 0;
  }

  /** The notebook file's syntax, of the last update. */
  async notebookFile(): Promise<SourceFile> {
    return (await this.#once("file", (program) => program.getSourceFile(this.files.notebook))) ?? lost();
  }

  /** Sends what a check will ask, so that the questions are on their way together. */
  expectCheck(): void {
    for (const asked of [this.notebookFile(), this.#syntaxErrors(), this.findings()]) ignoreFailure(asked);
  }

  /**
   * Runs a question with a limit; past it the server is ended, so that the next question gets a fresh one. A server that has yet to start
   * is given more: on a busy machine each one would be ended before its first answer. One that dies ends the question at once: its
   * connection would leave it waiting.
   */
  async within<T>(patienceMs: number, question: () => Promise<T>): Promise<T> {
    const timeoutMs = this.#api === undefined ? START_MS + patienceMs : patienceMs;
    let timer: NodeJS.Timeout | undefined;
    const givenUp = new Promise<never>((_, reject) => {
      this.#giveUp = reject;
      timer = setTimeout(() => reject(tooLate(timeoutMs)), timeoutMs);
    });
    try {
      return await Promise.race([question(), givenUp]);
    } catch (error) {
      if (isServerGone(error)) this.#drop();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#giveUp = undefined;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#giveUp?.(gone());
    this.#drop();
    await Promise.all(this.#ending);
  }

  #syntaxErrors(): Promise<readonly Diagnostic[]> {
    return this.#once("syntax", (program) => program.getSyntacticDiagnostics(this.files.notebook));
  }

  /** The same question to the same state has the same answer: a cell that runs again unchanged costs nothing. */
  #once<T>(question: string, ask: (program: Program) => Promise<T>): Promise<T> {
    const known = this.#answers.get(question) as Promise<T> | undefined;
    if (known) return known;
    const answer = ask(this.project.program);
    this.#answers.set(question, answer);
    answer.catch(() => this.#answers.delete(question));
    return answer;
  }

  async #open(text: string): Promise<void> {
    const { API } = await import("typescript/unstable/async");
    this.#text = text;
    const api = new API({ cwd: this.files.folder, fs: this.#fileSystem() });
    this.#api = api;
    onProcess(api, (child) => this.#watch(api, child));
    const snapshot = await api.updateSnapshot({ openProjects: [this.files.config] });
    if (this.#api === api) this.#replace(snapshot);
    else lost();
  }

  #replace(snapshot: Snapshot): void {
    const old = this.#snapshot;
    this.#snapshot = snapshot;
    this.#answers.clear();
    if (old !== undefined) ignoreFailure(old.dispose());
  }

  #watch(api: API, child: ServerProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    if (this.#api !== api) child.kill("SIGKILL");
    this.#pids.add(pid);
    child.once("exit", () => this.#pids.delete(pid));
    guardServer(child);
    easeWrites(child);
    child.once("exit", () => this.#api === api && this.#giveUp?.(gone()));
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
    const { packageRoot } = this.files;
    const isOurs = name.startsWith(`${packageRoot}/dist/`) || name.startsWith(`${packageRoot}/src/`);
    if (isOurs || name.includes("/node_modules/")) return;
    this.#read.set(name, modified(name));
  }

  /** Counts how often files turned out to be others than were read before: each time what was found in any cell may be wrong. */
  get edition(): number {
    return this.#edition;
  }

  /** Whether a file of the user's that was read is another one now. */
  hasEdits(): boolean {
    return [...this.#read].some(([name, before]) => modified(name) !== before);
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
    this.#answers.clear();
    this.#lookedAgain.clear();
    if (api === undefined) return;
    const ending = endServer(api).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}

function lost(): never {
  throw gone();
}

function tooLate(timeoutMs: number): ConnectionError {
  return new ConnectionError("E_TYPES_TIMEOUT", `the type service did not answer within ${timeoutMs / 1000} s`, {
    hint: "it was restarted; %typecheck off stops the checks",
  });
}

function modified(name: string): number {
  return statSync(name, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function ignoreFailure(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
