import { createReadStream } from "node:fs";
import path from "node:path";
import { DataError } from "../errors.ts";
import { firstRaggedRow } from "../source/dialect.ts";
import { afterLines } from "../source/skipped-lines.ts";
import type { FileSource } from "../source/source.ts";
import { withTitleAdvice } from "../source/text-columns.ts";
import { countOf, formatCount } from "../units.ts";

const HEAD_BYTES = 1024 * 1024;

/** Where the engine only says that the first rows do not fit together, says which line is the first that does not. */
export async function explainRagged(failure: unknown, source: FileSource): Promise<unknown> {
  return withTitleAdvice(await withLine(failure, source), source);
}

async function withLine(failure: unknown, source: FileSource): Promise<unknown> {
  const file = source.files[0];
  const isVague = failure instanceof DataError && failure.code === "E_RAGGED_ROW" && !/ line /.test(failure.message);
  if (!isVague || !file || source.compression || source.text.encoding === "utf-16") return failure;
  const head = await readHead(file.path);
  const { sep = ",", skipRows = 0 } = source.text;
  const row = firstRaggedRow(afterLines(head, skipRows), sep);
  if (!row?.isOpen && /\r\n/.test(head) && /[^\r]\n/.test(head))
    return new DataError(
      "E_MIXED_LINE_ENDS",
      `${path.basename(file.path)} ends some lines with CR LF and others with LF`,
      {
        cause: failure,
        hint: `make them one: !sed -i 's/\\r$//' "${file.path}"`,
      },
    );
  if (!row) return failure;
  const place = `${path.basename(file.path)} line ${formatCount(row.line + skipRows)}`;
  if (row.isOpen)
    return new DataError("E_OPEN_QUOTE", `${place}: a quoted field is never closed`, {
      cause: failure,
      hint: "close the quote in that line",
    });
  // What stands above a table is narrower than it.
  const above =
    row.found > row.expected ? `, or pass over the lines above it with --skip-rows ${row.line - 1 + skipRows}` : "";
  const first = skipRows === 0 ? "the first line" : "the line of names";
  return new DataError("E_RAGGED_ROW", `${place} has ${countOf(row.found, "field")}, ${first} has ${row.expected}`, {
    cause: failure,
    hint: `mend that line, leave such rows out with --bad-rows skip, or say what separates the fields, as in --sep ";"${above}`,
  });
}

async function readHead(file: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(file, { end: HEAD_BYTES - 1 })) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
