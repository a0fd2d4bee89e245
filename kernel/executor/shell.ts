import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { EngineError, Interrupted, UsageError } from "../../src/errors.ts";
import type { MagicCall } from "../cell/magic-call.ts";
import { type StreamName, writeOutput } from "./output.ts";
import { stopTree } from "./process-tree.ts";
import type { CellRun } from "./run.ts";

/** Runs `!command` in the system's shell; what it prints appears as it comes, in this cell. */
export async function runShell(call: MagicCall, values: readonly unknown[], run: CellRun): Promise<undefined> {
  const { command, environment } = bindValues(call, values);
  if (command.trim() === "") throw new UsageError("E_MISSING_ARGUMENT", "! needs a command", { hint: "as in !ls" });
  const child = spawn(command, {
    shell: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const release = run.hold(() => stopTree(child.pid));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(new EngineError("E_SHELL_START", "the shell could not be started", { cause })),
    );
    child.once("close", (code, signal) => resolve({ code, signal }));
    run.signal.addEventListener("abort", () => stopTree(child.pid), { once: true });
  });
  forward(child.stdout, "stdout", run);
  forward(child.stderr, "stderr", run);
  const { code, signal } = await ended;
  release();
  if (run.signal.aborted) throw new Interrupted();
  if (code === 0) return undefined;
  throw new EngineError(
    "E_SHELL",
    `the command ended with ${code === null ? signal : `exit code ${code}`}: ${call.rest.trim()}`,
    {
      hint: "its own message stands above",
    },
  );
}

/** A bound value goes through the environment, never into the command's text: no value can become a command. */
function bindValues(
  call: MagicCall,
  values: readonly unknown[],
): { command: string; environment: Record<string, string> } {
  const environment: Record<string, string> = {};
  let command = "";
  let from = call.line.length - call.rest.length;
  let quote = "";
  call.expressions.forEach(({ code, start }, index) => {
    const at = start - call.start - "${".length;
    const before = call.line.slice(from, at);
    quote = openQuote(before, quote);
    const name = `OUTGROW_VALUE_${index}`;
    environment[name] = asText(values[index], call, at, code);
    command += `${before}${spliced(name, quote)}`;
    from = start - call.start + code.length + "}".length;
  });
  return { command: command + call.line.slice(from), environment };
}

/** In double quotes a variable stands for itself; in single quotes they are closed around it. */
function spliced(name: string, quote: string): string {
  if (quote === '"') return `\${${name}}`;
  return quote === "'" ? `'"\${${name}}"'` : `"\${${name}}"`;
}

function openQuote(text: string, quote: string): string {
  let open = quote;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\" && open !== "'") at++;
    else if (open === "" && (char === '"' || char === "'")) open = char;
    else if (char === open) open = "";
  }
  return open;
}

function asText(value: unknown, call: MagicCall, at: number, code: string): string {
  if (["string", "number", "bigint", "boolean"].includes(typeof value)) return String(value);
  throw new UsageError("E_SHELL_VALUE", `\${${code}} is ${kindOf(value)}, which a command cannot take`, {
    hint: "bind a text or a number",
    at: { text: call.line, start: at, end: at + "${".length + code.length + "}".length },
  });
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function forward(pipe: NodeJS.ReadableStream, stream: StreamName, run: CellRun): void {
  const decoder = new StringDecoder("utf8");
  pipe.on("data", (chunk: Buffer) => {
    // After a stop the rest of the output has no cell to stand in.
    if (!run.answered) writeOutput(stream, decoder.write(chunk), run);
  });
}
