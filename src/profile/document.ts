import { spanText } from "../frame/exact-text.ts";
import { formatCell } from "../frame/format.ts";
import { type Block, cell, type Document, NULL_CELL, type Preview, type PreviewCell } from "../frame/preview.ts";
import { formatBytes, formatCount, formatSeconds } from "../units.ts";
import { ruleOfThumb } from "../verdict/rule-of-thumb.ts";
import { applyCode } from "./apply.ts";
import type { Profile, ProfileColumn, ProfileValue } from "./types.ts";

/**
 * A profile as people read it: the verdict first, then what it stands on (the columns, the advice with its proof, the sizes),
 * and code to apply. What is estimated is marked with ~ and ±.
 *
 * @example
 * toBundle(profileDocument(await profile("sales.csv")));
 */
export function profileDocument(profile: Profile): Document {
  const { verdict } = profile;
  const blocks: Block[] = [
    { kind: "text", strong: true, text: `Verdict: ${choiceWords(profile)}` },
    { kind: "text", text: `${capital(verdict.reason)}. ${thumbWords(profile)}` },
    table(columnsPreview(profile)),
    ...(profile.columns.length > 0 ? [table(advicePreview(profile))] : []),
    table(sizesPreview(profile)),
    { kind: "code", language: "typescript", title: "next", code: verdict.next },
    ...applyCode(profile).map(({ title, language, code }): Block => ({ kind: "code", title, language, code })),
  ];
  return { blocks };
}

function table(preview: Preview): Block {
  return { kind: "table", preview };
}

function columnsPreview(profile: Profile): Preview {
  const { columns, exact } = profile;
  return {
    caption: captionOf(profile),
    rowHeader: true,
    columns: [
      { name: "column", align: "left" },
      { name: "type now", align: "left" },
      { name: "advised", align: "left" },
      ...["nulls", "distinct", "min", "max", "bytes now", "after"].map((name) => ({
        name,
        align: "right" as const,
      })),
    ],
    rows: columns.map((column) => [
      cell(column.name),
      cell(column.span ?? column.type),
      cell(column.advised === column.type ? "as it is" : column.advised),
      count(column.nulls, exact),
      count(column.distinct, exact && column.distinctExact),
      shown(column.min, column),
      shown(column.max, column),
      bytes(column.bytes, exact),
      bytes(column.bytesAfter, exact),
    ]),
    notes: notesOf(profile),
  };
}

function captionOf({ source, rows, rowsError, exact, columns, sizes, files, seconds, cached }: Profile): string {
  const size =
    sizes.file > 0
      ? `${formatBytes(sizes.file)}${files > 1 ? ` in ${formatCount(files)} files` : ""}`
      : formatBytes(sizes.arrow);
  const error = rowsError > 0 ? ` ± ${formatCount(rowsError)}` : "";
  const many = `${exact || rowsError === 0 ? "" : "~"}${formatCount(rows)}${error} ${rows === 1 ? "row" : "rows"} × ${formatCount(columns.length)} ${columns.length === 1 ? "column" : "columns"}`;
  const how = cached
    ? "known from before, the file is unchanged"
    : exact
      ? `every row read in ${formatSeconds(seconds)}`
      : "estimate from a sample";
  return `${source} · ${many} · ${size} · ${how}`;
}

function notesOf({ rejected, notes, exact, columns, rowsRead }: Profile): string[] {
  const examples = rejected.examples.map(({ file, line, reason }) => `${file} line ${formatCount(line)} ${reason}`);
  const many = `${rejected.more ? "More than " : ""}${formatCount(rejected.rows)} ${rejected.rows === 1 ? "row does" : "rows do"} not read`;
  return [
    ...(rejected.rows > 0
      ? [
          `${many} and ${rejected.rows === 1 ? "is" : "are"} left out: ${examples.join("; ")}.`,
          ...nextToRejects(rejected),
        ]
      : []),
    ...(exact ? [] : [`~ is estimated from ${formatCount(rowsRead)} rows; the advice is proven by the full pass.`]),
    ...(exact && columns.some(({ distinctExact }) => !distinctExact) ? ["~ is counted within about 2 %."] : []),
    ...notes,
    "Bytes are those of the column in Arrow, under the type now and under the advised one.",
  ];
}

/** Who reads the data after the profile stops at what it has passed over. */
function nextToRejects({ examples }: Profile["rejected"]): string[] {
  return examples.some(({ reason }) => reason.includes("UTF-8"))
    ? ["%chunked stops at such bytes: say --encoding if the whole file is in another one, or mend those lines first."]
    : [];
}

const MOST_REASONS = 40;

/** Columns that stay as they are have no row of their own: their reasons are the note. */
function advicePreview({ columns, exact }: Profile): Preview {
  const changes = columns.filter(({ type, advised }) => type !== advised);
  const staying = columns.filter(({ type, advised }) => type === advised);
  const reasons = staying.map(({ name, type, proof }) => `${name} (${type}: ${proof})`);
  const caption = exact ? "Advice, proven on every row" : "Advice, as far as the sample goes";
  return {
    caption: changes.length > 0 ? caption : `${caption}: no column changes`,
    rowHeader: true,
    columns:
      changes.length > 0 ? ["column", "type", "proof and price"].map((name) => ({ name, align: "left" as const })) : [],
    rows: changes.map(({ name, type, advised, proof }) => [cell(name), cell(`${type} → ${advised}`), cell(proof)]),
    notes:
      reasons.length > 0 ? [`As it is: ${reasons.slice(0, MOST_REASONS).join(", ")}${moreWords(reasons.length)}.`] : [],
  };
}

function moreWords(reasons: number): string {
  return reasons > MOST_REASONS ? `, and ${formatCount(reasons - MOST_REASONS)} more` : "";
}

function sizesPreview({ sizes, rows, exact }: Profile): Preview {
  const forms: readonly (readonly [string, number, string])[] = [
    ...(sizes.file > 0 ? [["file on disk", sizes.file, "as it is stored"] as const] : []),
    ["JavaScript values", sizes.js, "plain arrays, one a column"],
    ["stock Danfo frame", sizes.danfo, "rows and columns of JavaScript values"],
    ["Arrow", sizes.arrow, "what Outgrow holds"],
    ["Arrow, advised types", sizes.arrowAdvised, "the same after the advice"],
    ["pandas 2", sizes.pandas2, "texts as Python objects; memory_usage(deep=True)"],
    ["pandas 3", sizes.pandas3, "texts in Arrow; memory_usage(deep=True)"],
  ];
  const each = (total: number) => (rows === 0 ? NULL_CELL : cell(`${(total / rows).toFixed(1)} B`));
  const times = (total: number) =>
    sizes.arrowAdvised === 0 ? NULL_CELL : cell(`${(total / sizes.arrowAdvised).toFixed(1)} ×`);
  return {
    caption: "The whole in each form, predicted",
    rowHeader: true,
    columns: [
      { name: "form", align: "left" },
      { name: "bytes", align: "right" },
      { name: "a row", align: "right" },
      { name: "to advised", align: "right" },
      { name: "what it is", align: "left" },
    ],
    rows: forms.map(([name, total, what]) => [
      cell(name),
      isFileSize(name) ? bytes(total, true) : bytes(total, exact),
      each(total),
      times(total),
      cell(what),
    ]),
  };
}

function isFileSize(name: string): boolean {
  return name === "file on disk";
}

/** The rule knows only the size of the file; what was measured here stands before it. */
function thumbWords({ sizes }: Profile): string {
  const size = sizes.file || sizes.pandas2;
  const { data, strategy } = ruleOfThumb(size);
  return `The rule of thumb for pandas says of ${formatBytes(size)} (${data}): ${strategy}.`;
}

function choiceWords({ verdict, source }: Profile): string {
  const words = {
    load: "local, it fits in memory as it is",
    shrink: "local, it fits with the advised types",
    chunk: "local, in pieces",
    split: "hybrid, the heavy part on Spark, the result here",
    cluster: "Spark",
  } as const;
  return `${words[verdict.how]} (${source})`;
}

function count(value: number, isExact: boolean): PreviewCell {
  return cell(`${isExact || value === 0 ? "" : "~"}${formatCount(value)}`);
}

function bytes(value: number, isExact: boolean): PreviewCell {
  return cell(`${isExact ? "" : "~"}${formatBytes(value)}`);
}

/** Days and moments in a column of texts stand as they will. */
function shown(value: ProfileValue, { type, advised, span }: ProfileColumn): PreviewCell {
  if (span && (typeof value === "number" || typeof value === "bigint")) return cell(spanText(BigInt(value), span));
  if (value instanceof Date) return formatCell(value, { type: type === "str" ? advised : type });
  return typeof value === "number" && Number.isInteger(value)
    ? cell(String(value))
    : formatCell(value, { type, width: 24 });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
