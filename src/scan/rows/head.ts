import type { Dialect } from "../table.ts";
import type { ByteSource } from "./text-buffer.ts";

/** What stands before the rows of a file. */
export interface Head {
  /** As they stand in the line of names; undefined when the dialect has none. */
  readonly names: readonly string[] | undefined;
  /** Bytes before the first row: the mark of UTF-8, the lines above the names, and that of the names. */
  readonly bytes: number;
  /** The bytes after them. */
  readonly rest: ByteSource;
  /** There was not one byte. */
  readonly isEmpty: boolean;
}

const FIRST_BYTES = 64 * 1024;
/** A line of names that is longer is none. */
const MOST_BYTES = 64 * 2 ** 20;
const NONE = -1;
const LF = 10;
const CR = 13;

type HeadDialect = Pick<Dialect, "separator" | "quote" | "escape" | "newline" | "header" | "skip">;

/** Reads what stands before the rows from a source of UTF-8. Blank lines above the names are passed over. */
export function takeHead(source: ByteSource, dialect: HeadDialect): Head {
  const ahead = new Ahead(source);
  ahead.readOn(FIRST_BYTES);
  const mark = ahead.bytes[0] === 0xef && ahead.bytes[1] === 0xbb && ahead.bytes[2] === 0xbf ? 3 : 0;
  const isEmpty = ahead.bytes.length === 0;
  const start = dialect.skip === 0 ? mark : passLines(ahead, dialect);
  if (!dialect.header) return { names: undefined, bytes: start, rest: ahead.from(start), isEmpty };
  for (;;) {
    const line = firstLine(ahead.bytes, start, dialect, ahead.isEnded || ahead.bytes.length >= MOST_BYTES);
    if (line !== undefined) return { names: line.names, bytes: line.end, rest: ahead.from(line.end), isEmpty };
    ahead.readOn(ahead.bytes.length * 2);
  }
}

/** The bytes of a source that have been looked at, which are read again as its first. */
class Ahead {
  bytes = new Uint8Array(0);
  isEnded = false;
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  readOn(wanted: number): void {
    const larger = new Uint8Array(wanted);
    larger.set(this.bytes);
    let have = this.bytes.length;
    while (have < wanted && !this.isEnded) {
      const read = this.#source.read(larger.subarray(have));
      this.isEnded = read === 0;
      have += read;
    }
    this.bytes = larger.subarray(0, have);
  }

  from(start: number): ByteSource {
    let at = start;
    return {
      read: (into) => {
        if (at >= this.bytes.length) return this.isEnded ? 0 : this.#source.read(into);
        const part = this.bytes.subarray(at, at + into.length);
        into.set(part);
        at += part.length;
        return part.length;
      },
    };
  }
}

/** The place behind the lines that are skipped; quotes mean nothing in them. */
function passLines(ahead: Ahead, { skip, newline }: HeadDialect): number {
  const end = newline === "cr" ? CR : LF;
  let [at, lines] = [0, 0];
  while (lines < skip) {
    const next = ahead.bytes.indexOf(end, at);
    if (next !== -1) [at, lines] = [next + 1, lines + 1];
    else if (ahead.isEnded || ahead.bytes.length >= MOST_BYTES) return ahead.bytes.length;
    else ahead.readOn(ahead.bytes.length * 2);
  }
  return at;
}

/** The fields of the first row that is not blank; undefined when it may go on behind the bytes. */
function firstLine(
  bytes: Uint8Array,
  start: number,
  dialect: HeadDialect,
  isAll: boolean,
): { names: string[]; end: number } | undefined {
  const separator = dialect.separator.charCodeAt(0);
  const quote = dialect.quote?.charCodeAt(0) ?? NONE;
  const mark = dialect.escape?.charCodeAt(0) ?? quote;
  const names: string[] = [];
  let [field, isQuoted, isFresh]: [number[], boolean, boolean] = [[], false, true];
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const length = isQuoted ? 0 : rowEndLength(bytes, at, dialect.newline);
    if (isQuoted && byte === mark && (bytes[at + 1] === quote || bytes[at + 1] === mark))
      field.push(bytes[++at] as number);
    else if (byte === quote && (isQuoted || isFresh)) [isQuoted, isFresh] = [!isQuoted, false];
    else if (byte === separator && !isQuoted) {
      names.push(textOf(field));
      [field, isFresh] = [[], true];
    } else if (length > 0) {
      // A CR may be half of a row end of which the rest is not read yet.
      if (at + length === bytes.length && byte === CR && !isAll) return undefined;
      if (names.length > 0 || !isFresh) return { names: [...names, textOf(field)], end: at + length };
      at += length - 1;
    } else {
      field.push(byte);
      isFresh = false;
    }
  }
  if (!isAll) return undefined;
  return { names: names.length === 0 && isFresh ? [] : [...names, textOf(field)], end: bytes.length };
}

/** Bytes of the row end that begins here, 0 for none. */
function rowEndLength(bytes: Uint8Array, at: number, newline: Dialect["newline"]): number {
  if (newline === "cr") return bytes[at] === CR ? 1 : 0;
  if (bytes[at] === LF) return 1;
  if (bytes[at] !== CR) return 0;
  return bytes[at + 1] === LF ? 2 : newline === "mixed" ? 1 : 0;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function textOf(bytes: number[]): string {
  return decoder.decode(Uint8Array.from(bytes));
}
