import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const MOST_LINES = 15;
const MOST_THREADS = 8;
const MOST_FRAMES = 6;
const DUMP_MS = 10_000;
/** Threads of Spark that work for somebody, those that hold its cores first. */
const WORKERS = [/^"Executor task launch/, /^"SparkConnectExecuteThread/, /^"(broadcast|shuffle)-exchange/];
/** The last line of Java's account of its threads. */
const DUMP_END = "JNI global refs";

/** What the Spark of the tests is at, by its log and its threads, in 110 lines at most; "" where none was started. */
export async function sparkReport(folder: string): Promise<string> {
  const file = path.join(folder, "spark.log");
  if (!existsSync(file)) return "";
  const log = readFileSync(file, "utf8");
  const sections = {
    "tasks that run": runningTasks(log),
    "operations that are open": openOperations(log),
    "threads at work": workingThreads(await threadDump(path.join(folder, "spark.pid"), file, log.length)),
    "the log's last lines": log.split("\n").filter(isEvent).slice(-MOST_LINES),
  };
  return Object.entries(sections)
    .flatMap(([title, lines]) => [`Spark, ${title}:`, ...(lines.length > 0 ? lines : ["none"]).map(indented)])
    .join("\n");
}

/** Tasks of whose end the log does not tell, with the session that their stage is for. */
function runningTasks(log: string): string[] {
  const sessions = new Map<string, string>();
  for (const [, stage = "", session = ""] of log.matchAll(/Submitting \w+Stage (\d+) \(.*session_id: "([^"]+)"/g))
    sessions.set(stage, session);
  const running = new Map<string, string>();
  for (const line of log.split("\n").filter(isEvent)) {
    const [, task = ""] = /\(TID (\d+)\)/.exec(line) ?? [];
    const [, since, name, stage = ""] =
      / (\S+) INFO TaskSetManager: Starting (task \S+ in stage (\d+))/.exec(line) ?? [];
    if (name) running.set(task, `${name} since ${since}, session ${sessions.get(stage) ?? "unknown"}`);
    else if (/ (Finished|Lost|killed) task /.test(line)) running.delete(task);
  }
  return [...running.values()].slice(0, MOST_LINES);
}

/** What clients asked for and have neither got to the end nor released. */
function openOperations(log: string): string[] {
  const open = new Map<string, string>();
  for (const [, at, session, id = "", what] of log.matchAll(
    / (\S+) INFO \w+: ExecuteHolder ExecuteKey\([^,]*,([^,]*),([^)]*)\) is (created|removed)/g,
  )) {
    if (what === "created") open.set(id, `${id} since ${at}, session ${session}`);
    else open.delete(id);
  }
  return [...open.values()].slice(0, MOST_LINES);
}

/** Java writes what each of its threads does to its output, which is the log, when it is asked by this signal. */
async function threadDump(pid: string, log: string, from: number): Promise<string> {
  try {
    process.kill(Number(readFileSync(pid, "utf8")), "SIGQUIT");
  } catch (error) {
    return `"Executor task launch: ${(error as Error).message}`;
  }
  let dump = "";
  for (const until = Date.now() + DUMP_MS; Date.now() < until && !dump.includes(DUMP_END); await wait(100))
    dump = readFileSync(log, "utf8").slice(from);
  return dump;
}

function workingThreads(dump: string): string[] {
  const threads = dump.split("\n\n");
  const working = WORKERS.flatMap((name) => threads.filter((thread) => name.test(thread)));
  return working.slice(0, MOST_THREADS).flatMap((thread) => {
    const [name = "", ...lines] = thread.split("\n");
    const own = lines.filter((line) => /State: |\sat org\.apache\./.test(line));
    return [name.replace(/" .*/, '"'), ...own.slice(0, MOST_FRAMES)];
  });
}

/** Not a line of a plan, of which a log has a dozen for each event. */
function isEvent(line: string): boolean {
  return /^\d\d\/\d\d\/\d\d /.test(line);
}

function indented(line: string): string {
  return `  ${line.trimStart().slice(0, 240)}`;
}
