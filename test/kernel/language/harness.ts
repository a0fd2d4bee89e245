import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, onTestFinished } from "vitest";
import type { MagicTable } from "../../../kernel/cell/magic-call.ts";
import { presenter } from "../../../kernel/language/present.ts";
import { TypeServer } from "../../../kernel/language/server.ts";
import { type CellDiagnostic, type LanguageService, NotebookLanguage } from "../../../kernel/language/service.ts";

const MAGICS: MagicTable = new Map([
  ["chunked", { forms: ["%", "%%"], body: "function" }],
  ["time", { forms: ["%", "%%"], body: "session", raw: true }],
  ["profile", { forms: ["%"], body: "none" }],
  ["sql", { forms: ["%%"], body: "text" }],
]);

export interface Notebook {
  readonly service: LanguageService;
  /** Checks a cell, then lets it stand as if it had run. */
  run(code: string, id?: string): Promise<readonly CellDiagnostic[]>;
}

/**
 * Opens empty notebooks for the tests of a file over one type server: all that it knows of a notebook is the text that stands, and to start
 * it takes longer than most tests.
 */
export function notebooks(): () => Notebook {
  const { server, close } = serverOverFolder();
  afterAll(close);
  return () => notebookOver(server);
}

/** A notebook with a folder and a server of its own, for tests of files and of processes; both go when the test is done. */
export function openOwnNotebook(): Notebook & { readonly folder: string } {
  const { server, folder, close } = serverOverFolder();
  onTestFinished(close);
  return { ...notebookOver(server), folder };
}

function serverOverFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "outgrow-language-"));
  const server = new TypeServer(folder);
  const close = async (): Promise<void> => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { server, folder, close };
}

function notebookOver(server: TypeServer): Notebook {
  const present = presenter(async () => MAGICS, undefined);
  const service = new NotebookLanguage(server, present);
  let cells = 0;
  return {
    service,
    async run(code, id = `cell-${++cells}`) {
      const found = await service.checkCell({ id, code });
      service.accept({ id, code });
      return found;
    },
  };
}

/** `TS2322 1:7`, for comparing. */
export function places(found: readonly CellDiagnostic[]): readonly string[] {
  return found.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

/** Type servers whose parent is `pid`. */
export function typeServersOf(pid: number): readonly number[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && Number(match[2]) === pid && / --api /.test(match[3] ?? ""))
    .map((match) => Number(match?.[1]));
}
