import type { MagicContext } from "../magics/magic.ts";
import { displayBundle } from "./display.ts";
import { memoryLimits } from "./memory.ts";
import { startBar } from "./operations.ts";
import { publish, writeOutput } from "./output.ts";
import { askHistory } from "./questions.ts";
import { rooms } from "./rooms.ts";
import type { CellRun } from "./run.ts";
import type { Session } from "./session.ts";
import { workingFolder } from "./working-folder.ts";

/** What the magics of one cell may do. */
export function magicContext(run: CellRun, session: Session): MagicContext {
  const display: MagicContext["display"] = (data, options = {}) => displayBundle(data, options);
  return {
    get cwd() {
      return workingFolder();
    },
    get signal() {
      return run.signal;
    },
    display,
    show(document, options) {
      const { data, metadata } = rooms().toBundle(document);
      displayBundle(data, { ...options, metadata });
    },
    print: (text) => writeOutput("stdout", text, run),
    progress: () => startBar(run),
    page: (data) => publish({ type: "payload", cell: run.id, payload: { source: "page", data, start: 0 } }),
    history: (question) => askHistory(run, question),
    replaceCell: (text) =>
      publish({ type: "payload", cell: run.id, payload: { source: "set_next_input", text, replace: true } }),
    variables: session,
    memory: memoryLimits,
    setTypecheck: (mode) => publish({ type: "typecheck", mode }),
  };
}
