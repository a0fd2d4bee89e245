import { python, run } from "./python.ts";

/** Where a notebook is read, where it goes with its outputs, and the folder that its cells run in. */
interface Execution {
  readonly source: string;
  readonly target: string;
  readonly folder: string;
  /** For one cell. */
  readonly timeoutSeconds: number;
  readonly env?: NodeJS.ProcessEnv;
}

const SCRIPT = `
import sys, nbformat
from nbclient import NotebookClient
source, target, folder, timeout = sys.argv[1:]
book = nbformat.read(source, 4)
NotebookClient(book, timeout=int(timeout), kernel_name='outgrow', resources={'metadata': {'path': folder}}).execute()
nbformat.validate(book)
nbformat.write(book, target)
`;

/** Runs a notebook with nbclient over the real protocol; a cell that fails is an error. */
export async function executeNotebook({ source, target, folder, timeoutSeconds, env }: Execution): Promise<void> {
  const args = ["-c", SCRIPT, source, target, folder, String(timeoutSeconds)];
  const done = await run(python, args, env && { env });
  if (done.code !== 0) throw new Error(`the tutorial did not run:\n${done.stderr}`);
}
