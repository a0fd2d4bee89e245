import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { FileKind } from "../../duckdb/copy.ts";
import { UsageError } from "../../errors.ts";
import type { LocalSource } from "../source.ts";

/** A file that a result goes to. */
export interface Target {
  readonly path: string;
  readonly kind: FileKind;
  readonly isPacked: boolean;
}

const KINDS: Readonly<Record<string, FileKind>> = {
  ".csv": "csv",
  ".parquet": "parquet",
  ".pq": "parquet",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".arrow": "arrow",
  ".feather": "arrow",
};

/**
 * The file that `--to` names, by its ending.
 *
 * @throws {UsageError} E_BAD_TARGET, E_NO_FILE
 */
export async function targetOf(to: string, cwd: string | undefined, source: LocalSource): Promise<Target> {
  const full = path.resolve(cwd ?? process.cwd(), to.replace(/^~(?=[\\/])/, homedir()));
  const isPacked = /\.gz$/i.test(full);
  const kind = KINDS[path.extname(full.replace(/\.gz$/i, "")).toLowerCase()];
  if (kind === undefined || (isPacked && kind !== "csv" && kind !== "jsonl"))
    throw new UsageError("E_BAD_TARGET", `"${to}" has no ending that says what to write`, {
      hint: "end it in .parquet, .csv, .jsonl or .arrow, the texts also with .gz",
    });
  if (await isRead(full, source))
    throw new UsageError("E_BAD_TARGET", `"${to}" is read, so it cannot be written`, { hint: "name another file" });
  const folder = await stat(path.dirname(full)).catch(() => undefined);
  if (!folder?.isDirectory())
    throw new UsageError("E_NO_FILE", `there is no folder ${path.dirname(full)}`, {
      hint: `make it first: !mkdir -p "${path.dirname(to)}"`,
    });
  if ((await stat(full).catch(() => undefined))?.isDirectory())
    throw new UsageError("E_BAD_TARGET", `"${to}" is a folder`, { hint: "name a file in it" });
  return { path: full, kind, isPacked };
}

/** Also under another name: a link, or another case where names have none. */
async function isRead(full: string, { files }: LocalSource): Promise<boolean> {
  if (files.some(({ path: read }) => read === full)) return true;
  const target = await stat(full, { bigint: true }).catch(() => undefined);
  if (target === undefined) return false;
  for (const { path: read } of files) {
    const one = await stat(read, { bigint: true }).catch(() => undefined);
    if (one?.ino === target.ino && one.dev === target.dev) return true;
  }
  return false;
}
