import { parquetFooter } from "../../source/parquet-footer.ts";
import { topElements } from "../../source/schema-tree.ts";
import { isInteger, type Thrift, TYPE } from "../../source/thrift.ts";
import { elementOf, type FlatElement, type SchemaElement } from "./schema-element.ts";

/** What a Parquet file says of itself at its end. */
export interface Footer {
  readonly columns: readonly FooterColumn[];
  readonly groups: readonly FooterGroup[];
  /** What Arrow left beside the columns: their types in its own words. */
  readonly arrowSchema: string | undefined;
}

/** A column of a table; those that are nested have several leaves. */
export interface FooterColumn {
  readonly name: string;
  /** Index of its first leaf, which is that of its part in each group. */
  readonly leaf: number;
  /** Undefined where values are nested or repeated. */
  readonly flat: FlatElement | undefined;
}

export interface FooterGroup {
  readonly rows: number;
  readonly chunks: readonly FooterChunk[];
}

/** The part of a column that is in one group. */
export interface FooterChunk {
  readonly isElsewhere: boolean;
  readonly codec: number;
  readonly encodings: readonly number[];
  readonly values: number;
  /** Packed bytes from `start` on. */
  readonly bytes: number;
  readonly unpacked: number;
  /** Rows without a value, as somebody tells; undefined where nobody does. */
  readonly nulls: number | undefined;
  readonly start: number;
  readonly hasDictionary: boolean;
}

/** Numbers of fields, by the struct that they are in. */
const FILE = { schema: 2, rows: 3, groups: 4, notes: 5 } as const;
const NOTE = { key: 1, value: 2 } as const;
const GROUP = { columns: 1, rows: 3 } as const;
const COLUMN = { path: 1, meta: 3, secret: 8, secretMeta: 9 } as const;
const CHUNK = {
  encodings: 2,
  codec: 4,
  values: 5,
  unpacked: 6,
  bytes: 7,
  pages: 9,
  dictionary: 11,
  statistics: 12,
} as const;
const STATISTICS = { nulls: 3 } as const;
/** Larger ones, of thousands of columns and row groups, would hold the event loop for longer than anybody waits. */
const MOST_BYTES = 2 ** 19;
const REPEATED = 2;

/** The footer of a file; undefined where it is none that can be read. */
export async function readFooter(file: string): Promise<Footer | undefined> {
  try {
    const footer = await parquetFooter(file, MOST_BYTES);
    return footer && footerOf(footer);
  } catch (failure) {
    // What goes beyond the end of it, or is nested without one.
    if (failure instanceof RangeError) return undefined;
    throw failure;
  }
}

/** Undefined where something is left of it, or the groups do not have the rows that the file has: then fields were taken for others. */
function footerOf(thrift: Thrift): Footer | undefined {
  const elements: SchemaElement[] = [];
  const groups: FooterGroup[] = [];
  let rows: number | undefined;
  const notes = new Map<string, string>();
  thrift.struct((field, type) => {
    if (field === FILE.notes && type === TYPE.list) thrift.list(() => notes.set(...noteOf(thrift)));
    else if (field === FILE.schema && type === TYPE.list) thrift.list(() => elements.push(elementOf(thrift)));
    else if (field === FILE.groups && type === TYPE.list) thrift.list(() => groups.push(groupOf(thrift)));
    else if (field === FILE.rows && isInteger(type)) rows = thrift.integer();
    else thrift.skip(type);
  });
  if (!thrift.isAtEnd || rows !== groups.reduce((sum, group) => sum + group.rows, 0)) return undefined;
  return { columns: columnsOf(elements), groups, arrowSchema: notes.get("ARROW:schema") };
}

function noteOf(thrift: Thrift): [key: string, value: string] {
  let [key, value] = ["", ""];
  thrift.struct((field, type) => {
    if (field === NOTE.key && type === TYPE.binary) key = thrift.text();
    else if (field === NOTE.value && type === TYPE.binary) value = thrift.text();
    else thrift.skip(type);
  });
  return [key, value];
}

function columnsOf(elements: readonly SchemaElement[]): FooterColumn[] {
  return Array.from(topElements(elements), ({ element, leaf }) => {
    const isFlat = element.children === 0 && element.repetition !== REPEATED;
    return { name: element.name, leaf, flat: isFlat ? element : undefined };
  });
}

function groupOf(thrift: Thrift): FooterGroup {
  const chunks: FooterChunk[] = [];
  let rows = 0;
  thrift.struct((field, type) => {
    if (field === GROUP.columns && type === TYPE.list) thrift.list(() => chunks.push(chunkOf(thrift)));
    else if (field === GROUP.rows && isInteger(type)) rows = thrift.integer();
    else thrift.skip(type);
  });
  return { rows, chunks };
}

function chunkOf(thrift: Thrift): FooterChunk {
  let isElsewhere = false;
  const encodings: number[] = [];
  const numbers: Partial<Record<number, number>> = {};
  let nulls: number | undefined;
  thrift.struct((column, outer) => {
    if (column === COLUMN.path || column === COLUMN.secret || column === COLUMN.secretMeta) isElsewhere = true;
    if (column !== COLUMN.meta || outer !== TYPE.struct) return thrift.skip(outer);
    thrift.struct((field, type) => {
      if (field === CHUNK.encodings && type === TYPE.list) thrift.list(() => encodings.push(thrift.integer()));
      else if (field === CHUNK.statistics && type === TYPE.struct) nulls = nullsIn(thrift);
      else if (isInteger(type)) numbers[field] = thrift.integer();
      else thrift.skip(type);
    });
  });
  const pages = numbers[CHUNK.pages] ?? -1;
  const dictionary = numbers[CHUNK.dictionary] ?? 0;
  // Some writers tell a dictionary at 0 where there is none.
  const hasDictionary = dictionary > 0 && dictionary < pages;
  return {
    isElsewhere,
    codec: numbers[CHUNK.codec] ?? -1,
    encodings,
    values: numbers[CHUNK.values] ?? -1,
    bytes: numbers[CHUNK.bytes] ?? -1,
    unpacked: numbers[CHUNK.unpacked] ?? -1,
    nulls,
    start: hasDictionary ? dictionary : pages,
    hasDictionary,
  };
}

function nullsIn(thrift: Thrift): number | undefined {
  let nulls: number | undefined;
  thrift.struct((field, type) => {
    if (field === STATISTICS.nulls && isInteger(type)) nulls = thrift.integer();
    else thrift.skip(type);
  });
  return nulls;
}
