/** Blanks as wide as the text, so that a caret stands right below what follows it; tabs stay tabs, whatever their width. */
export function padding(text: string): string {
  return [...text].map((character) => (character === "\t" ? "\t" : " ".repeat(width(character)))).join("");
}

/** As wide as an excerpt of a source line is. */
const WIDEST = 110;

/** A line as it is shown with a mark below `at`: a very long one is cut around it, and `at` counts in what is left. */
export function cutAround(line: string, at: number): { readonly text: string; readonly at: number } {
  const from = line.length > WIDEST ? Math.max(0, at - WIDEST / 2) : 0;
  return { text: line.slice(from, from + WIDEST), at: at - from };
}

/** Columns of a terminal: most astral characters and East Asian ones take two, marks none. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

const ZERO = /^(?:\p{Mark}|\p{Cf})$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
