/** Ranges that a terminal draws two cells wide: East Asian wide and full-width signs. */
const WIDE =
  /[\u1100-\u115F\u231A\u231B\u2329\u232A\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1B000}-\u{1B2FF}\u{1F200}-\u{1F2FF}\u{20000}-\u{3FFFD}]/u;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[#*0-9]\uFE0F?\u20E3|\p{Regional_Indicator}{2}/u;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11FF]+$/u;
/** Signs that are one column and one UTF-16 unit each, and join with nothing: to segment a thousand cells of them takes seconds. */
const NARROW =
  /^[\x20-\x7E\u00A0-\u00AC\u00AE-\u02FF\u0370-\u0377\u0384-\u0482\u2010-\u2027\u2030-\u205E\u20A0-\u20BF\u2190-\u22FF\u2500-\u259F]*$/;

let graphemes: Intl.Segmenter | undefined;

/** Columns that a text takes in a font of fixed width. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const grapheme of split(text)) width += graphemeWidth(grapheme);
  return width;
}

/** The longest start of a text that fits, with a sign where something was cut. */
export function fitWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let used = 0;
  let kept = "";
  for (const grapheme of split(text)) {
    used += graphemeWidth(grapheme);
    if (used > width - 1) break;
    kept += grapheme;
  }
  return `${kept}…`;
}

/** The text in lines that fit, broken between words, and within a word that is too long for a line. */
export function wrapWidth(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((one) => pieces(one, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): string[] {
  if (textWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = "";
  for (const grapheme of split(word)) {
    if (part !== "" && textWidth(part) + graphemeWidth(grapheme) > width) {
      parts.push(part);
      part = "";
    }
    part += grapheme;
  }
  return [...parts, part];
}

function graphemeWidth(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;
}

function* split(text: string): Generator<string> {
  graphemes ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of graphemes.segment(text)) yield segment;
}
