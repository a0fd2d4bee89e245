import path from "node:path";
import { python, root, run } from "./python.ts";

export interface Cell {
  readonly code: string;
  /** Press Stop after this many seconds. */
  readonly interruptAfter?: number;
}

export interface Answer {
  readonly status: "ok" | "error" | "aborted";
  readonly ename: string | null;
  readonly evalue: string | null;
  readonly traceback: string;
  readonly outputs: readonly {
    readonly type: string;
    readonly data?: Readonly<Record<string, string>>;
    readonly text?: string;
  }[];
}

/** Runs cells, one after the other in one kernel over the real protocol, in `cwd`. */
export async function runCells(cells: readonly (string | Cell)[], cwd: string): Promise<Answer[]> {
  const input = JSON.stringify(cells.map((cell) => (typeof cell === "string" ? { code: cell } : cell)));
  const done = await run(python, [path.join(root, "test", "support", "run_cells.py")], { cwd, input });
  if (done.code !== 0) throw new Error(`the cells did not run:\n${done.stderr}`);
  return JSON.parse(done.stdout);
}

/** The text of what a cell showed, without colours. */
export function shown(answer: Answer): string {
  return answer.outputs.map(({ text, data }) => text ?? data?.["text/plain"] ?? "").join("\n");
}
