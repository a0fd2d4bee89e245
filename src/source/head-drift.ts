import { inTurns } from "../pauses.ts";
import { textOf } from "./complete-text.ts";
import { driftOf, fieldsOf, spelledAlike } from "./drift.ts";
import type { Inspection } from "./inspect.ts";
import { jsonDrift } from "./json-drift.ts";
import { namesApart } from "./names-apart.ts";
import type { Partitions } from "./partitions.ts";
import type { FileSource, SourceFile, TextOptions } from "./source.ts";

/** Bytes of JSON whose keys are compared, of all files and at least of each. */
const MOST_COMPARED = 8 * 2 ** 20;
const LEAST_COMPARED = 1024;

type Drift = Pick<FileSource, "isDrifting" | "drift">;

interface Heads {
  readonly inspections: readonly Inspection[];
  readonly text: TextOptions;
  readonly partitions: Partitions | undefined;
}

/** How files of text or JSON differ, as their first bytes show. What stands in the names of folders counts for all rows, also where some files have it too. */
export async function headDrift(
  files: readonly SourceFile[],
  { inspections, text, partitions }: Heads,
): Promise<Drift> {
  const format = inspections[0]?.format;
  if (format !== "json" && (format !== "csv" || text.header === false)) return {};
  const apart = namesApart(files.map((file) => file.path));
  const heads = inspections.flatMap(({ head }, i) => (head ? [{ file: apart[i] ?? "", head }] : []));
  const inFolders = new Set(partitions?.columns.map(({ name }) => name));
  return format === "json" ? { drift: driftOfJson(heads, inFolders) } : driftOfText(heads, text, inFolders);
}

interface Head {
  readonly file: string;
  readonly head: Buffer;
}

async function driftOfText(heads: readonly Head[], text: TextOptions, inFolders: ReadonlySet<string>): Promise<Drift> {
  const lines = await inTurns(heads, ({ file, head }) => ({ file, line: firstLine(head, text) }));
  if (new Set(lines.map(({ line }) => line)).size < 2) return {};
  const names = lines.map(({ file, line }) => ({
    file,
    columns: fieldsOf(line, text.sep ?? ",").flatMap((name) => (inFolders.has(name) ? [] : [{ name }])),
  }));
  const { files, words } = spelledAlike(names);
  const drift = driftOf(files.map(({ file, columns }) => ({ file, names: columns.map(({ name }) => name) })));
  return { isDrifting: true, drift: [...(drift === undefined ? [] : [drift]), ...words].join(", ") || undefined };
}

function driftOfJson(heads: readonly Head[], inFolders: ReadonlySet<string>): string | undefined {
  if (heads.length < 2) return undefined;
  // Of thousands of files all that was read would take seconds in which nothing else runs.
  const bytes = Math.max(LEAST_COMPARED, Math.floor(MOST_COMPARED / heads.length));
  return jsonDrift(
    heads.map(({ file, head }) => ({ file, head: head.toString("utf8", 0, bytes) })),
    inFolders,
  );
}

function firstLine(head: Buffer, text: TextOptions): string {
  return (
    textOf(head, text)
      .replace(/^\ufeff/, "")
      .split(/[\r\n]/)[0] ?? ""
  );
}
