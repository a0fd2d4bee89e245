/** Candidates in order of preference when several fit. */
const SEPARATORS = [",", ";", "\t", "|"] as const;

/**
 * The separator of delimited text: the one that cuts the first rows into the same number of fields, and into the most. A
 * comma when none cuts anything: then the text has one column.
 *
 * Engines that guess it fall back to one column as soon as one row is ragged, and hide the fault; this does not.
 */
export function sniffSeparator(head: string): string {
  return cuttingSeparator(head) ?? ",";
}

/** The same, undefined when none cuts anything. */
export function cuttingSeparator(head: string): string | undefined {
  const present = SEPARATORS.filter((separator) => head.includes(separator));
  const scores = present.map((separator) => ({ separator, ...score(head, separator) }));
  const cutting = scores.filter(({ fields }) => fields > 1);
  cutting.sort((a, b) => b.regular - a.regular || b.fields - a.fields);
  return cutting[0]?.separator;
}

export interface RaggedRow {
  /** From 1, as editors count. */
  readonly line: number;
  readonly found: number;
  readonly expected: number;
  /** A quote opens in it and is never closed. */
  readonly isOpen: boolean;
}

/** The first row whose fields differ in number from those of the first, or whose quote is never closed. */
export function firstRaggedRow(head: string, separator: string): RaggedRow | undefined {
  const [first, ...rows] = cutRows(head, separator, Number.POSITIVE_INFINITY);
  const odd = rows.find(({ fields, isOpen, isCut }) => (isOpen ? true : !isCut && fields !== first?.fields));
  return first && odd && { line: odd.line, found: odd.fields, expected: first.fields, isOpen: odd.isOpen };
}

/** Fields of the first row, and in tenths the share of the first rows that have as many. */
function score(head: string, separator: string): { fields: number; regular: number } {
  const rows = cutRows(head, separator, 200);
  const whole = rows.length > 1 ? rows.filter(({ isCut }) => !isCut) : rows;
  const fields = whole[0]?.fields ?? 1;
  const regular = whole.filter((row) => row.fields === fields).length / Math.max(1, whole.length);
  return { fields, regular: Math.round(regular * 10) };
}

interface Row {
  readonly line: number;
  readonly fields: number;
  readonly isOpen: boolean;
  /** The text ends in it without a line break, so there may be more of it. */
  readonly isCut: boolean;
}

/** The first rows, quotes heeded, blank lines left out. */
function cutRows(head: string, separator: string, most: number): Row[] {
  const rows: Row[] = [];
  let [line, start, fields] = [1, 1, 1];
  let [isQuoted, isAtStart, isBlank] = [false, true, true];
  // Assigned one by one, as in all that runs once for each source and is not compiled yet.
  for (let i = head.charCodeAt(0) === 0xfeff ? 1 : 0; i < head.length && rows.length < most; i++) {
    const char = head[i];
    if (char === "\n") line++;
    if (isQuoted) {
      // A doubled quote closes and opens again at once.
      if (char === '"') isQuoted = false;
      continue;
    }
    if (char === "\n") {
      if (!isBlank) rows.push({ line: start, fields, isOpen: false, isCut: false });
      start = line;
      fields = 1;
      isAtStart = true;
      isBlank = true;
      continue;
    }
    if (char === '"' && (isAtStart || head[i - 1] === '"')) isQuoted = true;
    if (char === separator) fields++;
    isAtStart = char === separator;
    if (char !== "\r") isBlank = false;
  }
  if (rows.length < most && !isBlank) rows.push({ line: start, fields, isOpen: isQuoted, isCut: true });
  return rows;
}
