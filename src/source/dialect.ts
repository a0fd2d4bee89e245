/** Candidates in order of preference when several fit. */
const SEPARATORS = [",", ";", "\t", "|"] as const;

/**
 * The separator of delimited text: the one that cuts the first complete rows into the same number of fields, and into the
 * most. A comma when none cuts anything: then the text has one column.
 *
 * Engines that guess it fall back to one column as soon as one row is ragged, and hide the fault; this does not.
 */
export function sniffSeparator(head: string): string {
  const scores = SEPARATORS.map((separator) => ({ separator, ...score(head, separator) }));
  const cutting = scores.filter(({ fields }) => fields > 1);
  cutting.sort((a, b) => b.regular - a.regular || b.fields - a.fields);
  return cutting[0]?.separator ?? ",";
}

/** Fields of the first row, and the share of the first rows that have as many. */
function score(head: string, separator: string): { fields: number; regular: number } {
  const counts = fieldCounts(head, separator, 200);
  const fields = counts[0] ?? 1;
  const regular = counts.filter((count) => count === fields).length / Math.max(1, counts.length);
  // A tenth of ragged rows does not make another separator right.
  return { fields, regular: Math.round(regular * 10) };
}

/** Fields in each of the first complete rows, quotes heeded, blank lines left out. */
function fieldCounts(head: string, separator: string, most: number): number[] {
  const counts: number[] = [];
  let fields = 1;
  let isQuoted = false;
  let isAtStart = true;
  let isBlank = true;
  for (let i = head.charCodeAt(0) === 0xfeff ? 1 : 0; i < head.length && counts.length < most; i++) {
    const char = head[i];
    if (isQuoted) {
      if (char === '"') isQuoted = false;
      continue;
    }
    if (char === '"' && (isAtStart || head[i - 1] === '"')) isQuoted = true;
    if (char === separator) fields++;
    isAtStart = char === separator || char === "\n";
    if (char !== "\n") {
      if (char !== "\r") isBlank = false;
      continue;
    }
    if (!isBlank) counts.push(fields);
    fields = 1;
    isBlank = true;
  }
  if (counts.length === 0) counts.push(fields);
  return counts;
}
