import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { KernelBug } from "../../src/errors.ts";
import type { FromSentinel, LiveMembers, ToSentinel } from "../link/messages.ts";
import { MainThread } from "./main-thread.ts";
import { MemoryGuard } from "./memory-guard.ts";
import { SharedAnswer } from "./shared-answer.ts";
import type { SentinelData, SentinelOrder } from "./shared-state.ts";
import { Stopper } from "./stopper.ts";

/** The worker inside the executor that never runs user code: it stops what the main thread cannot stop by itself. */
function watch(): void {
  if (parentPort === null) throw new KernelBug("the sentinel must be started as a worker");
  const port = parentPort;
  const data: SentinelData = workerData;
  const out = openPipe(4);
  const report = (message: FromSentinel) => out?.write(`${JSON.stringify(message)}\n`);

  const main = new MainThread(port, data.state);
  const answer = new SharedAnswer(data.answer);
  const stopper = new Stopper(main, report);
  const guard = new MemoryGuard(main, stopper, data.heapLimit, report);

  main.onEvent((method, parameters) => {
    if (!isForeign(parameters)) report({ type: "inspector-event", method, parameters: withFewerFrames(parameters) });
  });

  readLines(openPipe(3), (line) => {
    const message: ToSentinel = JSON.parse(line);
    switch (message.type) {
      case "interrupt":
        return void stopper.stop(message.cell, { why: "interrupt" });
      case "input-reply":
        return answer.answer(message.cell, message.value);
      case "debugging":
        return main.setDebugging(message.isOn);
      case "armed":
        return main.scriptArmed();
      case "inspector":
        return void relay(main, message).then(report);
      case "members":
        return void main
          .membersOf(message.path)
          .then((members) =>
            report({ type: "members", sequence: message.sequence, members: members as LiveMembers | null }),
          );
    }
  });
  port.on("message", (order: SentinelOrder) => {
    if (order.type === "limit") return guard.setResidentLimit(order.bytes);
    if (order.type === "script") return void report({ type: "script", name: order.name });
    main.leave();
    process.exit();
  });
  main.sentinelReady();
}

type InspectorCommand = Extract<ToSentinel, { readonly type: "inspector" }>;

async function relay(main: MainThread, { sequence, method, parameters }: InspectorCommand): Promise<FromSentinel> {
  try {
    return { type: "inspector-answer", sequence, result: await main.command(method, parameters) };
  } catch (error) {
    return { type: "inspector-answer", sequence, error: (error as Error).message };
  }
}

/** Node has hundreds of scripts of its own, which nobody debugs here. */
function isForeign(parameters: object): boolean {
  return "url" in parameters && (parameters.url === "" || String(parameters.url).startsWith("node:"));
}

/** A recursion that has run away stands on thousands of them. */
const MOST_FRAMES = 200;

function withFewerFrames(parameters: object): object {
  if (!("callFrames" in parameters) || !Array.isArray(parameters.callFrames)) return parameters;
  return { ...parameters, callFrames: parameters.callFrames.slice(0, MOST_FRAMES) };
}

/** The supervisor's pipes; undefined when the executor was started by hand, without them. */
function openPipe(fd: number): Socket | undefined {
  try {
    fstatSync(fd);
  } catch {
    return undefined;
  }
  const socket = new Socket({ fd, readable: true, writable: true });
  // The end of the supervisor is noticed below and by the main thread; an error here says nothing more.
  socket.on("error", () => {});
  return socket;
}

/** When the supervisor is gone and the main thread spins, nobody else is left to end this process. */
function readLines(socket: Socket | undefined, onLine: (line: string) => void): void {
  if (socket === undefined) return;
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  });
  socket.on("close", () => setTimeout(() => process.kill(process.pid, "SIGKILL"), 1000));
}

watch();
