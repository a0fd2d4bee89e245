// An executor whose cells are orders: `print TEXT`, `flood LINES`, `throw`, `exit CODE`, `abort`, `hang`, `spin`, `ask`, …
import { writeFileSync, writeSync } from "node:fs";
import { sendFrame as send } from "./send-frame.mjs";

const done = (cell, more = {}) => send({ type: "done", cell, userExpressions: {}, ...more });
const failure = (ename) => ({ ename, evalue: "as ordered", traceback: [`${ename}: as ordered`] });
const waiting = new Map();
let onShutdown = () => process.exit(0);

const sendLines = (cell, lines) => {
  for (let line = 0; line < lines; line += 1000) {
    const text = Array.from({ length: 1000 }, (_, index) => `line ${line + index}\n`).join("");
    send({ type: "output", cell, stream: "stdout", text });
  }
};

const ORDERS = {
  print: (cell, text) => {
    send({ type: "output", cell, stream: "stdout", text: `${text}\n` });
    done(cell);
  },
  flood: (cell, lines) => {
    for (let line = 0; line < Number(lines); line++)
      send({ type: "output", cell, stream: "stdout", text: `line ${line}\n` });
    done(cell);
  },
  burst: (cell, lines) => {
    sendLines(cell, Number(lines));
    done(cell);
  },
  bulk: (cell, lines) => {
    waiting.set(cell, () => undefined);
    sendLines(cell, Number(lines));
    // So that a test can see that all of it has come.
    done(0, { names: ["sent"] });
  },
  native: (cell, text) => {
    writeSync(1, `${text}\n`);
    done(cell);
  },
  mixed: (cell) => {
    const data = { "text/plain": "shown" };
    send({ type: "output", cell, stream: "stdout", text: "before " });
    send({ type: "output", cell, stream: "stderr", text: "error " });
    send({ type: "display", cell, data, metadata: {}, displayId: "d1", update: false });
    send({ type: "output", cell, stream: "stdout", text: "after" });
    send({ type: "display", cell, data, metadata: {}, displayId: "d1", update: true });
    send({ type: "clear", cell, wait: true });
    done(cell);
  },
  result: (cell, text) => {
    done(cell, { result: { data: { "text/plain": text }, metadata: {} } });
  },
  bigint: (cell) => {
    send({ type: "display", cell, data: { "application/json": { value: 2n ** 70n } }, metadata: {}, update: false });
    done(cell);
  },
  page: (cell) => {
    send({ type: "payload", cell, payload: { source: "page", data: { "text/plain": "help" }, start: 0 } });
    done(cell);
  },
  names: (cell, names) => {
    done(cell, { names: names.split(",") });
  },
  typecheck: (cell, mode) => {
    send({ type: "typecheck", mode });
    done(cell);
  },
  throw: (cell) => done(cell, { failure: failure("OrderedError") }),
  // Late enough for what was sent right behind it to wait.
  throwlater: (cell) => {
    setTimeout(() => done(cell, { failure: failure("OrderedError") }), 300);
  },
  expressions: (cell, _text, message) => {
    const entries = Object.entries(message.userExpressions);
    const value = (code) => ({ status: "ok", data: { "text/plain": code }, metadata: {} });
    done(cell, { userExpressions: Object.fromEntries(entries.map(([name, code]) => [name, value(code)])) });
  },
  ask: (cell) => {
    send({ type: "output", cell, stream: "stdout", text: "question follows\n" });
    waiting.set(cell, (value) => {
      send({ type: "output", cell, stream: "stdout", text: `heard ${value}\n` });
      done(cell);
    });
    send({ type: "input-request", cell, prompt: "name? ", password: true });
  },
  later: (cell, text) => {
    setTimeout(() => send({ type: "output", cell, stream: "stdout", text }), 100);
    done(cell);
  },
  stray: (cell) => {
    done(cell);
    setTimeout(() => send({ type: "stray-error", cell, failure: failure("StrayError") }), 20);
  },
  exit: (_cell, code) => process.exit(Number(code)),
  exitlater: (cell) => {
    done(cell);
    setTimeout(() => process.exit(7), 20);
  },
  abort: () => {
    writeSync(2, "last words\n");
    process.abort();
  },
  kill: () => process.kill(process.pid, "SIGKILL"),
  hang: () => undefined,
  // Ends sessions on a server first, and says so; then in the file that it has.
  session: (cell, file) => {
    onShutdown = () => {
      send({ type: "leaving" });
      setTimeout(() => {
        writeFileSync(file, "closed");
        process.exit(0);
      }, 800);
    };
    done(cell);
  },
  obedient: (cell) => waiting.set(cell, () => undefined),
  spin: () => {
    for (;;);
  },
};

process.on("message", (message) => {
  if (message.type === "run") {
    const [order, ...rest] = message.code.split(" ");
    ORDERS[order](message.cell, rest.join(" "), message);
  } else if (message.type === "input-reply") waiting.get(message.cell)?.(message.value);
  else if (message.type === "interrupt" && waiting.has(message.cell))
    done(message.cell, { failure: failure("Interrupted") });
  else if (message.type === "shutdown") onShutdown();
});
process.on("disconnect", () => process.exit(0));
send({ type: "ready", pid: process.pid });
