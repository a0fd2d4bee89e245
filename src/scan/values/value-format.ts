import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { ScanRefused } from "../refused.ts";
import type { Dialect, ScanColumn } from "../table.ts";

/** What the parts of a strftime pattern may be; others are for another engine. */
const KNOWN_PARTS = /^(?:[^%]|%-?[YymdjHIMSpfgnbBaAz]|%%)*$/;
/** Parts that stand for several others. */
const JOINT_PARTS: Readonly<Record<string, string>> = {
  "%c": "%Y-%m-%d %H:%M:%S",
  "%x": "%Y-%m-%d",
  "%X": "%H:%M:%S",
  "%T": "%H:%M:%S",
  "%F": "%Y-%m-%d",
};

/** How the values of one column are written, put before the kernel each time that it reads some. */
export class ValueFormat {
  readonly #kernel: Kernel;
  readonly #nulls: number;
  readonly #nullCount: number;
  readonly #mark: number;
  readonly #thousands: number;
  readonly #pattern: number;
  readonly #patternBytes: number;
  readonly #isDeclared: number;

  constructor(kernel: Kernel, arena: Arena, dialect: Dialect, { type, isDeclared }: ScanColumn) {
    this.#kernel = kernel;
    const words = dialect.nulls.filter((word) => word !== "").map(nullWord);
    this.#nulls = keep(kernel, arena, Buffer.concat(words));
    this.#nullCount = words.length;
    const pattern = Buffer.from(("format" in type && type.format && plainPattern(type.format)) || "");
    this.#pattern = keep(kernel, arena, pattern);
    this.#patternBytes = pattern.length;
    this.#mark = dialect.decimal.charCodeAt(0);
    this.#thousands = dialect.thousands?.charCodeAt(0) ?? 0;
    this.#isDeclared = isDeclared ? 1 : 0;
  }

  apply(): void {
    const { calls } = this.#kernel;
    calls.setNulls(this.#nulls, this.#nullCount);
    calls.setDecimalMark(this.#mark);
    calls.setThousands(this.#thousands);
    calls.setDateFormat(this.#pattern, this.#patternBytes);
    // Digits that start with a zero or a plus are names, unless it is declared that they are numbers.
    calls.setKeepsZeros(1 - this.#isDeclared);
    calls.setTakesWholeDecimals(this.#isDeclared);
  }
}

function plainPattern(pattern: string): string {
  const plain = pattern.replace(/%[cxXTF]/g, (part) => JOINT_PARTS[part] as string);
  if (!KNOWN_PARTS.test(plain)) throw new ScanRefused("type", `dates in the format ${pattern} are for another engine`);
  return plain;
}

/** As the kernel takes them: the length, then the bytes. */
function nullWord(word: string): Buffer {
  const bytes = Buffer.from(word);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function keep(kernel: Kernel, arena: Arena, bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  const place = arena.take(bytes.length);
  kernel.bytes.set(bytes, place);
  return place;
}
