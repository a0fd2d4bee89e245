/** The magic line that the cursor stands on. Offsets of `name` and `cursor` are in the line. */
export interface MagicLine {
  readonly text: string;
  /** Offset of the line in the cell. */
  readonly start: number;
  readonly cursor: number;
  readonly sign: "%" | "%%";
  readonly name: { readonly text: string; readonly end: number };
}

/** A word as far as it is typed. */
export interface TypedWord {
  readonly raw: string;
  /** Without quotes. */
  readonly text: string;
  readonly start: number;
}

/**
 * The line under the cursor when it starts as magics do. This is a guess for completion: unlike the splitter it must take a line
 * that is half typed, so it looks at the line alone. A line below a `%%` line is text of that cell, not a magic, unless it is stacked.
 */
export function magicLineAt(code: string, cursor: number): MagicLine | undefined {
  const start = code.lastIndexOf("\n", cursor - 1) + 1;
  const end = code.indexOf("\n", cursor);
  const text = code.slice(start, end < 0 ? code.length : end).replace(/\r$/, "");
  const match = /^(%%?)([a-z][a-z0-9-]*)?(?=\s|$|\?)/.exec(text);
  if (!match || isBelowCellMagic(code.slice(0, start))) return undefined;
  const [whole, sign, name = ""] = match;
  return { text, start, cursor: cursor - start, sign: sign as "%" | "%%", name: { text: name, end: whole.length } };
}

/** Whether text that is not a magic stands between a `%%` line and here. */
function isBelowCellMagic(before: string): boolean {
  const lines = before.split("\n");
  const first = lines.findIndex((line) => /^%%[a-z]/.test(line));
  return (
    first >= 0 &&
    lines.slice(first).some((line) => line.trim() !== "" && !line.startsWith("%") && !line.startsWith("//"))
  );
}

/**
 * The words of a line from the magic's name to the cursor, the last one being the word under the cursor, empty after a blank.
 * Undefined inside of `${…}`: TypeScript completes there.
 */
export function scanLine(line: string, from: number, cursor: number): readonly TypedWord[] | undefined {
  const words: TypedWord[] = [];
  let word: { raw: string; text: string; start: number } | undefined;
  let quote: string | undefined;
  for (let at = from; at < cursor; at++) {
    const char = line[at] ?? "";
    if (line.startsWith("${", at)) {
      const close = line.indexOf("}", at);
      if (close < 0 || close >= cursor) return undefined;
      word ??= { raw: "", text: "", start: at };
      word.raw += line.slice(at, close + 1);
      at = close;
    } else if (quote === undefined && /\s/.test(char)) {
      if (word) words.push(word);
      word = undefined;
    } else {
      word ??= { raw: "", text: "", start: at };
      word.raw += char;
      if (quote === char) quote = undefined;
      else if (quote === undefined && (char === '"' || char === "'")) quote = char;
      else word.text += char;
    }
  }
  return [...words, word ?? { raw: "", text: "", start: cursor }];
}
