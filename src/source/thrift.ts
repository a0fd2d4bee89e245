/** Types of Thrift's compact protocol. */
export const TYPE = {
  stop: 0,
  yes: 1,
  no: 2,
  byte: 3,
  /** The shortest and the longest whole number that is written in as many bytes as it needs. */
  short: 4,
  long: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;

/** Whole numbers of 16, 32 and 64 bits. */
export function isInteger(type: number): boolean {
  return type >= TYPE.short && type <= TYPE.long;
}

/** Reads Thrift's compact protocol, in which footers and heads of pages of Parquet files are written. What is not there, or of no type, is a RangeError. */
export class Thrift {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Bytes that were read. */
  get used(): number {
    return this.#at;
  }

  /** Whether all bytes were read, and none beyond. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Calls for each field of a struct, which must read or skip it. */
  struct(onField: (field: number, type: number) => void): void {
    let field = 0;
    for (let head = this.#byte(); head !== TYPE.stop; head = this.#byte()) {
      field = head >> 4 === 0 ? this.integer() : field + (head >> 4);
      onField(field, head & 15);
    }
  }

  /** Calls for each item of a list with its type, which must read or skip it. */
  list(onItem: (type: number) => void): void {
    const head = this.#byte();
    const count = this.#possible(head >> 4 === 15 ? this.#unsigned() : head >> 4);
    for (let i = 0; i < count; i++) onItem(head & 15);
  }

  byte(): number {
    return this.#byte();
  }

  text(): string {
    const length = this.#unsigned();
    this.#pass(length);
    return this.#bytes.toString("utf8", this.#at - length, this.#at);
  }

  integer(): number {
    const zigzag = this.#unsigned();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  /** Passes over a field; a truth value is in its type. */
  skip(type: number): void {
    if (type === TYPE.byte) this.#at++;
    else if (type === TYPE.double) this.#at += 8;
    else if (type === TYPE.binary) this.#pass(this.#unsigned());
    else if (type === TYPE.struct) this.struct((_, inner) => this.skip(inner));
    else if (type === TYPE.list || type === TYPE.set) this.list((inner) => this.#skipItem(inner));
    else if (type === TYPE.map) this.#skipMap();
    else if (isInteger(type)) this.#unsigned();
    // Where there is no such type nobody knows what comes next.
    else if (type !== TYPE.yes && type !== TYPE.no) this.#pass(this.#bytes.length);
  }

  /** In a list a truth value has a byte. */
  #skipItem(type: number): void {
    if (type === TYPE.yes || type === TYPE.no) this.#at++;
    else this.skip(type);
  }

  #skipMap(): void {
    const count = this.#possible(this.#unsigned());
    if (count === 0) return;
    const types = this.#byte();
    for (let i = 0; i < count; i++) {
      this.#skipItem(types >> 4);
      this.#skipItem(types & 15);
    }
  }

  /** A damaged footer may say any number of items; in one that is whole each has a byte at least. */
  #possible(count: number): number {
    return Math.min(count, this.#bytes.length);
  }

  #pass(bytes: number): void {
    this.#at += bytes;
  }

  #byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  #unsigned(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
}
