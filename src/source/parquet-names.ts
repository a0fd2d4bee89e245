import { open } from "node:fs/promises";

const MARK = "PAR1";
/** Length of the footer, and the mark behind it. */
const TAIL_BYTES = 8;
const MOST_BYTES = 16 * 2 ** 20;

/** Types of Thrift's compact protocol. */
const TYPE = { stop: 0, yes: 1, no: 2, byte: 3, double: 7, binary: 8, list: 9, set: 10, map: 11, struct: 12 } as const;
/** Numbers of fields: the schema in a file's footer; a name and how many children follow in an element of it. */
const FIELD = { schema: 2, name: 4, children: 5 } as const;

/** The names of a Parquet file's columns, in their order, from its footer; none where it is no such file or they cannot be read. */
export async function parquetNames(file: string): Promise<readonly string[]> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  if (size < 2 * TAIL_BYTES) return [];
  const tail = await read(size - TAIL_BYTES, TAIL_BYTES);
  const length = tail.readUInt32LE(0);
  if (tail.toString("latin1", 4) !== MARK || length > Math.min(MOST_BYTES, size - TAIL_BYTES)) return [];
  return columnsOf(new Thrift(await read(size - TAIL_BYTES - length, length)));

  async function read(at: number, bytes: number): Promise<Buffer> {
    return (await handle.read(Buffer.alloc(bytes), 0, bytes, at)).buffer;
  }
}

interface Element {
  readonly name: string;
  readonly children: number;
}

/** The schema is its tree from the root on, depth first. */
function columnsOf(footer: Thrift): string[] {
  const elements: Element[] = [];
  footer.struct((field, type) => {
    if (field !== FIELD.schema || type !== TYPE.list) return footer.skip(type);
    footer.list(() => elements.push(elementOf(footer)));
  });
  const names: string[] = [];
  for (let at = 1; at < elements.length; at = behind(elements, at)) names.push((elements[at] as Element).name);
  return names;
}

function elementOf(footer: Thrift): Element {
  let [name, children] = ["", 0];
  footer.struct((field, type) => {
    if (field === FIELD.name && type === TYPE.binary) name = footer.text();
    else if (field === FIELD.children) children = footer.integer();
    else footer.skip(type);
  });
  return { name, children };
}

/** The place behind an element and all that is below it. */
function behind(elements: readonly Element[], at: number): number {
  let next = at + 1;
  for (let left = elements[at]?.children ?? 0; left > 0 && next < elements.length; left--)
    next = behind(elements, next);
  return next;
}

/** Reads Thrift's compact protocol, in which the footer is written. */
class Thrift {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
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

  text(): string {
    const length = this.#unsigned();
    this.#at += length;
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
    else if (type === TYPE.binary) this.#at += this.#unsigned();
    else if (type === TYPE.struct) this.struct((_, inner) => this.skip(inner));
    else if (type === TYPE.list || type === TYPE.set) this.list((inner) => this.#skipItem(inner));
    else if (type === TYPE.map) this.#skipMap();
    else if (type !== TYPE.yes && type !== TYPE.no) this.#unsigned();
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
