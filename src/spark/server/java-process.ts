import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { identityOf, isAlive, readProc } from "../../processes.ts";
import { type ArchiveUse, archiveFor } from "./archive.ts";
import { isLocalCluster, type StartFiles, startEnvironment, startFiles } from "./command.ts";
import { executorsOf } from "./executors.ts";
import { serverFailure, silentFailure } from "./failures.ts";
import type { ServerSettings, SparkExecutor } from "./types.ts";

const READY = /Spark Connect server started at: .*:(\d+)\s/;
const UI = /Successfully started service 'SparkUI' on port (\d+)/;
/** Ivy says the file of each package before it fetches it. */
const FETCHING = /^downloading \S*\/([^/\s]+\.jar) /gm;
const LOOK_MS = 40;
const LOG_TAIL = 64 * 1024;
/** Of packages Ivy says much before Spark says its port. */
const LOG_HEAD = 2 ** 20;
const KILL_AFTER_MS = 10_000;
/** Writing the class-data archive is part of Java's end: ten seconds, on a machine that is busy minutes. Nobody waits for it. */
const ARCHIVE_MS = 600_000;

/** One Java process with Spark in it, and the folder that is its own. */
export class JavaProcess {
  readonly log: string;
  /** With the end of the process: its exit code, or the signal that ended it. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #archive: ArchiveUse;
  readonly #master: string;
  readonly #folder: string;
  #watcher: ChildProcess | undefined;
  #end: string | undefined;

  /** Files of the process are in `folder`; `alsoRemove`, a lock of the owner and what it guards, goes with it when the owner is killed. */
  constructor(settings: ServerSettings, token: string, folder: string, alsoRemove: readonly string[]) {
    this.#folder = folder;
    this.#master = settings.master;
    const files = makeFiles(folder);
    this.#archive = archiveFor(settings);
    const content = startFiles(settings, files, this.#archive.flags);
    for (const name of ["args", "conf", "logging"] as const) writeFileSync(files[name], content[name], { mode: 0o600 });
    this.log = path.join(folder, "server.log");
    const log = openSync(this.log, "a", 0o600);
    const [command = "", ...args] = [...dieWithParent(), settings.java.java, `@${files.args}`];
    this.#child = spawn(command, args, {
      cwd: folder,
      env: startEnvironment(settings, homeOf(settings, folder), token),
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(this.#onEnd(error.message)));
      this.#child.once("exit", (code, signal) => resolve(this.#onEnd(signal ?? `exit code ${code}`)));
    });
    if (this.#child.pid !== undefined) this.#watcher = watch(this.#child.pid, folder, alsoRemove);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Undefined as soon as it is dead, also before its end was told. */
  get livingPid(): number | undefined {
    return this.#end === undefined && isAlive(this.pid) ? this.pid : undefined;
  }

  /** Whether it writes its class-data archive when it ends. */
  get isArchiving(): boolean {
    return this.#archive.isMaking;
  }

  /** Of Spark's own pages, when they are on. */
  get ui(): string | undefined {
    const port = UI.exec(readHead(this.log))?.[1];
    return port && `http://127.0.0.1:${port}`;
  }

  /** Where the system tells. */
  get residentBytes(): number | undefined {
    return residentOf(this.pid);
  }

  get executors(): readonly SparkExecutor[] | undefined {
    return executorsOf(this.#master, existsSync(this.log) ? readFileSync(this.log, "utf8") : "");
  }

  /**
   * The port, as soon as the server says it. What `spark.jars.packages` names is fetched before, and can take long: each file is told.
   *
   * @throws {ConnectionError} when it ends before, or writes nothing into its log for `silenceMs`, which may grow meanwhile
   */
  async port(silenceMs: () => number, onFile?: (jar: string) => void): Promise<number> {
    let [heard, size, fetched] = [Date.now(), 0, ""];
    for (;;) {
      const log = readTail(this.log);
      const port = READY.exec(log)?.[1];
      if (port !== undefined) return Number(port);
      if (this.#end !== undefined) throw this.failure(`Spark ended while it started (${this.#end})`);
      const grown = sizeOf(this.log);
      if (grown !== size) [heard, size] = [Date.now(), grown];
      if (Date.now() - heard > silenceMs()) throw silentFailure(silenceMs(), readTail(this.log));
      const jar = [...log.matchAll(FETCHING)].at(-1)?.[1] ?? "";
      if (jar !== fetched) onFile?.(jar);
      fetched = jar;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** One that was killed had no last words: what its log ends with is about something else. */
  failure(what: string): Error {
    return serverFailure(what, this.#end === "SIGKILL" ? "" : readTail(this.log));
  }

  /** Asks it to end, kills it when it does not, and removes its folder. */
  async stop({ now = false } = {}): Promise<void> {
    if (this.#end === undefined) this.#child.kill(now ? "SIGKILL" : "SIGTERM");
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), this.isArchiving ? ARCHIVE_MS : KILL_AFTER_MS);
    await this.ended;
    clearTimeout(killer);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #onEnd(how: string): string {
    // Java answers to SIGTERM with this code.
    this.#end = how === "exit code 143" ? "SIGTERM" : how;
    // It writes its archive before it ends by its own will.
    this.#archive.finish(this.#end === "SIGTERM" || this.#end === "exit code 0");
    this.#watcher?.stdin?.end("ended\n");
    return this.#end;
  }
}

function makeFiles(folder: string): StartFiles {
  const files = {
    args: path.join(folder, "java.args"),
    conf: path.join(folder, "spark.conf"),
    logging: path.join(folder, "log4j2.properties"),
    local: path.join(folder, "local"),
    warehouse: path.join(folder, "warehouse"),
  };
  for (const each of [files.local, files.warehouse]) mkdirSync(each, { recursive: true, mode: 0o700 });
  return files;
}

/** A local cluster writes its executors' files below the home of Spark, which is not ours to fill: it gets one of its own. */
function homeOf({ spark, master }: ServerSettings, folder: string): string {
  if (!isLocalCluster(master)) return spark.folder;
  const home = path.join(folder, "home");
  mkdirSync(home);
  symlinkSync(path.join(spark.folder, "jars"), path.join(home, "jars"), "junction");
  return home;
}

/** On Linux the system itself ends Java when its owner dies, however it dies. */
function dieWithParent(): readonly string[] {
  if (process.platform !== "linux") return [];
  const prefix = ["setpriv", "--pdeathsig", "TERM"];
  return spawnSync("setpriv", ["--pdeathsig", "TERM", "true"]).status === 0 ? prefix : [];
}

/** Waits for the end of its input, which comes with the death of its owner. "ended" says that there is nothing left to do. */
const WATCH = `read -r word && exit 0
pid=$1; folder=$2; owner=$3; shift 3
[ "$(cat -- "$1" 2>/dev/null)" = "$owner" ] && rm -f -- "$@"
kill -TERM "$pid" 2>/dev/null
n=0
while kill -0 "$pid" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
kill -KILL "$pid" 2>/dev/null
rm -rf -- "$folder"`;

/**
 * A shell that outlives a killed owner, ends Java and removes what it had; first the files that a new owner would make again, unless
 * there is one: the first of them is the lock, which names its owner.
 */
function watch(pid: number, folder: string, alsoRemove: readonly string[]): ChildProcess | undefined {
  if (process.platform === "win32" || !existsSync("/bin/sh")) return undefined;
  const owner = identityOf(process.pid) ?? "";
  const words = ["-c", WATCH, "outgrow-spark-watcher", String(pid), folder, owner, ...alsoRemove];
  const child = spawn("/bin/sh", words, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  for (const each of [child, child.stdin]) each?.on("error", () => undefined);
  return child;
}

function readHead(file: string): string {
  return readPart(file, 0, LOG_HEAD);
}

function readTail(file: string): string {
  return readPart(file, Math.max(0, sizeOf(file) - LOG_TAIL), LOG_TAIL);
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

function readPart(file: string, from: number, length: number): string {
  if (!existsSync(file)) return "";
  const handle = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(length);
    return buffer.toString("utf8", 0, readSync(handle, buffer, 0, length, from));
  } finally {
    closeSync(handle);
  }
}

function residentOf(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s*(\d+)/m.exec(readProc(pid, "status"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
