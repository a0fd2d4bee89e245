/** What encloses a field that holds separators or line breaks, and what makes that mark a letter within. */
export interface Quoting {
  readonly quote: '"' | "'";
  readonly escape: '"' | "'" | "\\";
}

/** As RFC 4180 has it. */
const RFC_4180: Quoting = { quote: '"', escape: '"' };

const OTHERS: readonly Quoting[] = [
  { quote: '"', escape: "\\" },
  { quote: "'", escape: "'" },
  { quote: "'", escape: "\\" },
];

/**
 * How fields are quoted where it is not as RFC 4180 has it: only a text that does not cut into even rows by that rule, and does by
 * another, is read by the other.
 *
 * @example
 * sniffQuoting("a,b\n'x, y',1\n", ","); // { quote: "'", escape: "'" }
 */
export function sniffQuoting(head: string, separator: string): Quoting | undefined {
  // Most texts have no sign of another rule, and letter by letter it takes a hundredth of a second to see that they need none.
  const others = OTHERS.filter(({ quote, escape: mark }) => head.includes(mark === "\\" ? `\\${quote}` : quote));
  if (others.length === 0 || isEven(head, separator, RFC_4180)) return undefined;
  return others.find((quoting) => isEven(head, separator, quoting));
}

/** A text that is quoted in another way, as RFC 4180 would have it; which letters stand in for others does not matter to who asks. */
export function asRfc4180(text: string, quoting: Quoting | undefined): string {
  if (quoting === undefined) return text;
  const doubled =
    quoting.escape === "\\"
      ? text.replace(/\\(["'\\])/g, (_, letter) => (letter === quoting.quote ? letter + letter : letter))
      : text;
  return quoting.quote === '"' ? doubled : doubled.replace(/["']/g, (mark) => (mark === '"' ? "'" : '"'));
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Every whole row has as many fields as the first, more than one, and nothing stands behind a closing quote. */
function isEven(head: string, separator: string, { quote, escape: mark }: Quoting): boolean {
  const [separatorCode, quoteCode, markCode] = [separator, quote, mark].map((sign) =>
    sign.length === 1 ? sign.charCodeAt(0) : Number.NaN,
  );
  let [expected, fields] = [0, 1];
  let [isQuoted, isClosed, isAtStart] = [false, false, true];
  // One by one: it runs once for each source, and before it is compiled pairs in brackets take longer than all else.
  for (let i = head.charCodeAt(0) === 0xfeff ? 1 : 0; i < head.length; i++) {
    const code = head.charCodeAt(i);
    if (isQuoted) {
      if (code === markCode && (mark !== quote || head.charCodeAt(i + 1) === quoteCode)) i++;
      else if (code === quoteCode) {
        isQuoted = false;
        isClosed = true;
      }
    } else if (code === separatorCode) {
      fields++;
      isAtStart = true;
      isClosed = false;
    } else if (code === LINE_FEED) {
      const isBlank = fields === 1 && isAtStart;
      if (!isBlank && expected !== 0 && fields !== expected) return false;
      if (!isBlank) expected = fields;
      fields = 1;
      isAtStart = true;
      isClosed = false;
    } else if (code === quoteCode && isAtStart) {
      isQuoted = true;
      isAtStart = false;
    } else if (code !== CARRIAGE_RETURN) {
      if (isClosed) return false;
      isAtStart = false;
    }
  }
  return expected > 1;
}
