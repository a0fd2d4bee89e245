// An executor that finds every cell well but one with `/* absent NAME */`; `/* mode strict */` in a cell sets the mode of the type checks.
import { sendFrame as send } from "./send-frame.mjs";

process.on("message", (message) => {
  if (message.type === "shutdown") process.exit(0);
  if (message.type !== "run") return;
  const mode = /\/\* mode (\w+) \*\//.exec(message.code)?.[1];
  if (mode) send({ type: "typecheck", mode });
  const absent = /\/\* absent (\w+) \*\//.exec(message.code)?.[1];
  const failure = absent && { ename: "ReferenceError", evalue: `${absent} is not defined`, traceback: [] };
  send({ type: "done", cell: message.cell, userExpressions: {}, ...(failure && { failure }) });
});
process.on("disconnect", () => process.exit(0));
send({ type: "ready", pid: process.pid });
