import { parentPort, workerData } from "node:worker_threads";
import { KernelBug } from "../../src/errors.ts";
import { ServerPids } from "../language/server-pids.ts";
import type { LanguageService } from "../language/service.ts";
import type { FromLanguage, LanguageData, Question, ToLanguage } from "./language-messages.ts";

/** The thread of everything that reads cells as a language: a large cell's syntax tree takes its time, and the supervisor's sockets wait for nothing. */
function serve(): void {
  if (parentPort === null) throw new KernelBug("the language thread must be started as a worker");
  const port = parentPort;
  const data: LanguageData = workerData;
  // Memory is what people have too little of: the server's collector may work a little more often.
  process.env.GOGC ??= "50";
  const service = startService(data);
  const tell = (message: FromLanguage): void => port.postMessage(message);
  // The client library writes to a server that has just been ended, and nobody waits for that.
  process.on("uncaughtException", (error) => console.error("outgrow kernel:", error));
  port.on("message", async (message: ToLanguage) => {
    if (message.type === "accept") return (await service).accept(message.cell);
    if (message.type === "close")
      return service
        .then((started) => started.close())
        .catch(() => undefined)
        .finally(() => port.close());
    const { sequence } = message;
    try {
      tell({ sequence, answer: await answer(message.question, service) });
    } catch (error) {
      tell({ sequence, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}

async function startService({ notebookDir, pids }: LanguageData): Promise<LanguageService> {
  const { createLanguageService } = await import("../language/service.ts");
  const columnsOf = async (file: string): Promise<readonly string[]> =>
    (await import("../magics/file-columns.ts")).fileColumns(file, notebookDir);
  const loadMagics = async () => (await import("../magics/registry.ts")).magicTable;
  return createLanguageService({ notebookDir, loadMagics, columnsOf, pids: new ServerPids(pids) });
}

async function answer(question: Question, service: Promise<LanguageService>): Promise<unknown> {
  switch (question.about) {
    case "check":
      return (await service).checkCell(question.cell, question.accepting);
    case "completion":
      return (await service).complete(question.code, question.cursor);
    case "inspection":
      return (await service).inspect(question.code, question.cursor, question.detail);
    case "completeness":
      return completeness(question.code);
  }
}

async function completeness(code: string): Promise<object> {
  const [{ isComplete }, { magicTable }] = await Promise.all([
    import("../cell/is-complete.ts"),
    import("../magics/registry.ts"),
  ]);
  return isComplete(code, magicTable);
}

serve();
