import { DataError, UsageError } from "../errors.ts";
import { inTurns } from "../pauses.ts";
import { countOf, formatBytes } from "../units.ts";
import { cuttingSeparator } from "./dialect.ts";
import { decode } from "./encoding.ts";
import { HEAD_BYTES, type Inspection, isUtf16 } from "./inspect.ts";
import { refuseOtherEncoding } from "./other-encoding.ts";
import { afterLines, blankLinesAbove, statedSeparator } from "./skipped-lines.ts";
import { fileName, type SourceFile, type TextOptions } from "./source.ts";

/**
 * How files of delimited text are to be read: what was said of it, and what their first bytes show.
 *
 * @throws {UsageError} E_BAD_TEXT_OPTION where more lines are to be passed over than was read of a file
 * @throws {DataError} E_MIXED_SEPARATORS, E_MIXED_BLANK_LINES, E_ENCODING
 */
export async function completeText(
  given: TextOptions,
  files: readonly SourceFile[],
  inspections: readonly Inspection[],
): Promise<TextOptions> {
  const header = given.header ?? true;
  const { head } = inspections[0] as Inspection;
  if (head === undefined) return { ...given, header };
  const encoding = given.encoding ?? (isUtf16(head) ? "utf-16" : "utf-8");
  if (given.encoding === undefined && encoding === "utf-8") refuseOtherEncodings(files, inspections);
  const stated = given.skipRows === undefined ? separatorStatedIn(inspections, encoding) : undefined;
  const asked = { ...given, header, encoding, skipRows: given.skipRows ?? (stated === undefined ? undefined : 1) };
  const known = { ...asked, skipRows: linesAbove(files, inspections, asked) };
  if (given.sep !== undefined || stated !== undefined) return { ...known, sep: given.sep ?? stated };
  const cutting = await inTurns(inspections, (one) => one.head && cuttingSeparator(textOf(one.head, known)));
  const at = cutting.findIndex((one) => one !== undefined);
  const sep = cutting[at] ?? ",";
  const odd = cutting.findIndex((one) => one !== undefined && one !== sep);
  if (odd !== -1)
    throw new DataError(
      "E_MIXED_SEPARATORS",
      `${fileName(files[at])} separates fields by ${JSON.stringify(sep)} and ${fileName(files[odd])} by ${JSON.stringify(cutting[odd])}`,
      { hint: "name the files of one kind with a pattern, or say --sep if they are of one kind" },
    );
  return { ...known, sep };
}

/** What was read of a file, from its names on. */
export function textOf(head: Buffer, { encoding = "utf-8", skipRows = 0 }: TextOptions): string {
  return afterLines(decode(head, encoding), skipRows);
}

function refuseOtherEncodings(files: readonly SourceFile[], inspections: readonly Inspection[]): void {
  for (const [i, { head }] of inspections.entries()) if (head) refuseOtherEncoding(head, fileName(files[i]));
}

/** Where every file begins with Excel's line of the separator. */
function separatorStatedIn(inspections: readonly Inspection[], encoding: string): string | undefined {
  const stated = inspections.map(({ head }) => head && statedSeparator(decode(head.subarray(0, 32), encoding)));
  return stated.every((one) => one === stated[0]) ? stated[0] : undefined;
}

/** The lines above the names, with the blank ones that follow: one engine passes over these, another would take the first for the names. */
function linesAbove(
  files: readonly SourceFile[],
  inspections: readonly Inspection[],
  text: TextOptions,
): number | undefined {
  const { header, skipRows = 0 } = text;
  const heads = inspections.map(({ head }) => head ?? Buffer.alloc(0));
  refuseHidden(files, heads, text);
  if (!header) return text.skipRows;
  const blank = heads.map((head) => blankLinesAbove(textOf(head, text)));
  const [first = 0] = blank;
  const odd = blank.findIndex((count) => count !== first);
  if (odd !== -1)
    throw new DataError(
      "E_MIXED_BLANK_LINES",
      `blank lines above the names: ${first} in ${fileName(files[0])}, ${blank[odd]} in ${fileName(files[odd])}`,
      { hint: "take the blank lines off, or name the files of one kind with a pattern" },
    );
  return skipRows + first > 0 ? skipRows + first : text.skipRows;
}

/** The names must be within what was read. */
function refuseHidden(files: readonly SourceFile[], heads: readonly Buffer[], text: TextOptions): void {
  const { encoding = "utf-8", skipRows = 0 } = text;
  const hidden = heads.findIndex(
    (head) => skipRows > 0 && head.length >= HEAD_BYTES && afterLines(decode(head, encoding), skipRows + 1) === "",
  );
  if (hidden === -1) return;
  const name = fileName(files[hidden]);
  throw new UsageError(
    "E_BAD_TEXT_OPTION",
    `what follows the first ${countOf(skipRows, "line")} of ${name} is not within its first ${formatBytes(HEAD_BYTES)}`,
    { hint: `take them off first: !tail -n +${skipRows + 1} "${name}" > "table-${name}"` },
  );
}
