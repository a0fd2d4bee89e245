import { UsageError } from "../../src/errors.ts";
import { MIME, toBundle } from "../../src/render/bundle.ts";
import { renderProgress } from "../../src/render/progress.ts";
import { createProgress } from "../display/progress.ts";
import type { MimeBundle } from "../link/messages.ts";
import type { MagicContext } from "./magic.ts";

export interface Terminal {
  readonly context: MagicContext;
  /** Writes what is still held back and clears the progress line. */
  end(): void;
}

/**
 * What magics may do outside of a notebook: outputs are text on stdout, progress is one line on stderr when that is a terminal. An
 * output with a display id is held back until the end, because printed text cannot be replaced.
 */
export function createTerminal(signal: AbortSignal): Terminal {
  const held = new Map<string, string>();
  const status = statusLine();
  const print = (text: string): void => {
    status.clear();
    process.stdout.write(text);
  };
  const display: MagicContext["display"] = (data, options = {}) => {
    const text = `${textOf(data)}\n`;
    if (options.displayId === undefined) print(text);
    else held.set(options.displayId, text);
  };
  return {
    context: {
      cwd: process.cwd(),
      signal,
      display,
      show: (document, options) => display(toBundle(document).data, options),
      print,
      status: status.write,
      progress: () =>
        createProgress({
          render: (state) => renderProgress(state).data,
          // A report below the bar is for outputs that can be replaced as a whole.
          display: (data) => status.write(textOf(data).split("\n", 1)[0] ?? ""),
        }),
      page: (data) => print(`${textOf(data)}\n`),
      variables: {
        has: () => false,
        get: () => undefined,
        set: () => undefined,
        names: () => [],
        remove: () => undefined,
      },
      memory: {
        get process() {
          return noCells();
        },
        get heap() {
          return noCells();
        },
        set: noCells,
      },
      setTypecheck: noCells,
      replaceCell: noCells,
      history: noCells,
    },
    end() {
      status.clear();
      for (const text of held.values()) process.stdout.write(text);
      held.clear();
    },
  };
}

function noCells(): never {
  throw new UsageError("E_BAD_USE", "there are no cells here", { hint: "use it in a notebook" });
}

function statusLine(): { write(line: string): void; clear(): void } {
  const { stderr } = process;
  let isOn = false;
  return {
    write(line) {
      if (!stderr.isTTY) return;
      isOn = true;
      stderr.write(`\r\u001b[K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    clear() {
      if (isOn) stderr.write("\r\u001b[K");
      isOn = false;
    },
  };
}

function textOf(data: MimeBundle): string {
  return String(data[MIME.text] ?? "");
}
