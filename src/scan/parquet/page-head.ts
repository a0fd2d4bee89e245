import { isInteger, Thrift, TYPE } from "../../source/thrift.ts";

/** What stands before the bytes of a page. */
export interface PageHead {
  /** Bytes of itself. */
  readonly bytes: number;
  readonly kind: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly values: number;
  readonly encoding: number;
  /** Of levels, in the first version. */
  readonly levels: number;
  /** In the second version levels lie before what is packed, in so many bytes. */
  readonly levelBytes: number;
  readonly repetitionBytes: number;
  readonly isPacked: boolean;
}

export const PAGE = { data: 0, index: 1, dictionary: 2, data2: 3 } as const;
const HEAD = { kind: 1, unpacked: 2, packed: 3, data: 5, dictionary: 7, data2: 8 } as const;
const DATA = { values: 1, encoding: 2, levels: 3 } as const;
const DATA2 = { values: 1, encoding: 4, levelBytes: 5, repetitionBytes: 6, isPacked: 7 } as const;

/** @throws {RangeError} where it goes on behind the bytes */
export function pageHead(bytes: Buffer): PageHead {
  const thrift = new Thrift(bytes);
  const head: Partial<Record<number, number>> = {};
  let inner: Partial<Record<number, number>> = {};
  let isPacked = true;
  thrift.struct((field, type) => {
    if (isInteger(type)) head[field] = thrift.integer();
    else if ((field === HEAD.data || field === HEAD.dictionary || field === HEAD.data2) && type === TYPE.struct) {
      inner = {};
      thrift.struct((part, found) => {
        if (isInteger(found)) inner[part] = thrift.integer();
        else if (found === TYPE.yes || found === TYPE.no) {
          if (field === HEAD.data2 && part === DATA2.isPacked) isPacked = found === TYPE.yes;
        } else thrift.skip(found);
      });
    } else thrift.skip(type);
  });
  const kind = head[HEAD.kind] ?? -1;
  const isSecond = kind === PAGE.data2;
  return {
    bytes: thrift.used,
    kind,
    packed: head[HEAD.packed] ?? -1,
    unpacked: head[HEAD.unpacked] ?? -1,
    values: inner[DATA.values] ?? -1,
    encoding: inner[isSecond ? DATA2.encoding : DATA.encoding] ?? -1,
    levels: isSecond ? -1 : (inner[DATA.levels] ?? -1),
    levelBytes: isSecond ? (inner[DATA2.levelBytes] ?? -1) : 0,
    repetitionBytes: isSecond ? (inner[DATA2.repetitionBytes] ?? -1) : 0,
    isPacked,
  };
}
