import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { MagicTable } from "../../../kernel/cell/magic-call.ts";
import { type CellDiagnostic, createLanguageService, type LanguageService } from "../../../kernel/language/service.ts";

const MAGICS: MagicTable = new Map([
  ["chunked", { forms: ["%", "%%"], body: "function" }],
  ["time", { forms: ["%", "%%"], body: "session", raw: true }],
  ["profile", { forms: ["%"], body: "none" }],
  ["sql", { forms: ["%%"], body: "text" }],
]);

export interface Notebook {
  readonly service: LanguageService;
  readonly folder: string;
  /** Checks a cell, then lets it stand as if it had run. */
  run(code: string, id?: string): Promise<readonly CellDiagnostic[]>;
}

/** A service over an empty folder, closed and removed when the test is done. */
export function openNotebook(): Notebook {
  const folder = mkdtempSync(path.join(tmpdir(), "outgrow-language-"));
  const service = createLanguageService({ notebookDir: folder, loadMagics: async () => MAGICS });
  let cells = 0;
  onTestFinished(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    service,
    folder,
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
