// A language thread that completes with the ids of the cells that stand, and does not survive the code `die`.
import { parentPort } from "node:worker_threads";

const standing = [];

parentPort.on("message", ({ type, cell, sequence, question }) => {
  if (type === "accept") standing.push(cell.id);
  if (type === "close") parentPort.close();
  if (type !== "question") return;
  if (question.code === "die") process.exit(1);
  if (question.code === "throw") throw new Error("a fault of the thread");
  if (question.code === "fail") return parentPort.postMessage({ sequence, failure: "a fault of the question" });
  if (question.about === "check" && question.accepting === "always") standing.push(question.cell.id);
  parentPort.postMessage({ sequence, answer: question.about === "check" ? [] : standing });
});
