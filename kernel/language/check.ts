import type { Diagnostic } from "typescript/unstable/async";
import { lineColumn } from "../cell/positions.ts";
import { isNewText, offsetBefore } from "./edits.ts";
import { isFalseAlarm, isMissingModule } from "./false-alarms.ts";
import type { NotebookText, PlacedCell } from "./notebook-text.ts";
import type { PresentedCell } from "./present.ts";
import { withoutRenames } from "./renames.ts";
import { canResolve } from "./resolve.ts";
import type { TypeServer } from "./server.ts";
import type { CellDiagnostic } from "./service.ts";
import { excerpt } from "./source-line.ts";

/** A cell that does not parse gets no findings: running it says so better, and its types would be guesses. */
export async function checkPresented(
  server: TypeServer,
  notebook: NotebookText,
  id: string,
  cell: PresentedCell,
): Promise<readonly CellDiagnostic[]> {
  const known = notebook.recall(cell, id);
  if (known) return known;
  const placed = await notebook.place(cell, id);
  let found = await findings(server, placed);
  const modules = found.filter(isMissingModule).map(({ specifier }) => specifier);
  if (server.isNews(modules.filter((specifier) => canResolve(server.files, specifier)))) {
    // Installed or written since the server looked: it does not watch the disk.
    await server.update(placed.file.text, { forgetAll: true });
    found = await findings(server, placed);
  }
  const described = found
    .filter((finding) => !isFalseAlarm(finding, placed, server.files))
    .map((finding) => describe(finding, cell.source))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  // A module may be there the next time.
  if (modules.length === 0) notebook.remember(placed, id, described);
  return described;
}

/** A finding of TypeScript inside the cell, by offsets in the cell as typed. */
export interface Finding {
  readonly code: number;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What stands there in the file. */
  readonly words: string;
  /** Of an import: what stands in the quotes. */
  readonly specifier: string;
}

async function findings(server: TypeServer, placed: PlacedCell): Promise<readonly Finding[]> {
  if (!placed.parses) return [];
  const found = (await server.findings()).filter(({ pos }) => pos >= placed.boundary);
  return found.flatMap((diagnostic): Finding[] => {
    const at = diagnostic.pos - placed.boundary;
    const presented = offsetBefore(placed.edits, at);
    // Our own wrapper and declarations are not the user's fault.
    if (isNewText(placed.cell.edits, presented)) return [];
    const words = placed.file.text.slice(diagnostic.pos, diagnostic.end);
    return [
      {
        code: diagnostic.code,
        message: withoutRenames(chain(diagnostic, "")),
        start: offsetBefore(placed.cell.edits, presented),
        end: offsetBefore(placed.cell.edits, offsetBefore(placed.edits, diagnostic.end - placed.boundary)),
        words,
        specifier: words.replace(/^["'`]|["'`]$/g, ""),
      },
    ];
  });
}

function chain({ text, messageChain }: Diagnostic, indent: string): string {
  return [indent + text.replace(ADVICE, ""), ...(messageChain ?? []).map((each) => chain(each, `${indent}  `))].join(
    "\n",
  );
}

/** What to install or configure: right for a project, wrong here. */
const ADVICE =
  / (?:Do you need to (?:change your target library|install type definitions)|Try `npm i|Did you mean to set)[\s\S]*$/;

/** What TypeScript says of one of the other kind names neither. */
const DECORATOR: ReadonlySet<number> = new Set([1238, 1240, 1241, 1270, 1271]);
const OLDER_KIND = "\n  Decorators here are TypeScript's older kind (experimentalDecorators), not the standard's.";

function describe({ code, message, start, end }: Finding, source: string): CellDiagnostic {
  const { line, column } = lineColumn(source, start);
  const severity = isMissingModule({ code }) ? "warning" : "error";
  const name = `TS${code}`;
  const advice = DECORATOR.has(code) ? OLDER_KIND : "";
  const text = `${name} line ${line}:${column} ${message}${advice}\n${excerpt(source, start, end)}`;
  return { severity, code: name, message, line, column, text };
}
