import { isInteger, type Thrift, TYPE } from "../../source/thrift.ts";

/** How the values of a column are kept, and what they are. */
export interface FlatElement {
  readonly type: number;
  /** Bytes of a value of fixed length. */
  readonly length: number;
  readonly isOptional: boolean;
  readonly converted: number | undefined;
  readonly scale: number;
  readonly precision: number;
  readonly logical: Logical | undefined;
}

export interface Logical {
  /** Number of the kind in the format's union. */
  readonly id: number;
  /** Of decimals. */
  readonly scale?: number | undefined;
  readonly precision?: number | undefined;
  /** Of moments. */
  readonly isUtc?: boolean | undefined;
  /** 1, 2 or 3: milliseconds, microseconds, nanoseconds. */
  readonly unit?: number | undefined;
  /** Of whole numbers. */
  readonly bits?: number | undefined;
  readonly isSigned?: boolean | undefined;
}

/** An element of the schema's tree: a leaf, or what holds others. */
export interface SchemaElement extends FlatElement {
  readonly name: string;
  readonly children: number;
  readonly repetition: number;
}

/** Numbers of its fields. */
const ELEMENT = {
  type: 1,
  length: 2,
  repetition: 3,
  name: 4,
  children: 5,
  converted: 6,
  scale: 7,
  precision: 8,
  logical: 10,
} as const;
/** Kinds of a logical type. */
export const LOGICAL = { text: 1, decimal: 5, date: 6, timestamp: 8, integer: 10 } as const;
const OPTIONAL = 1;

export function elementOf(thrift: Thrift): SchemaElement {
  const numbers: Partial<Record<number, number>> = {};
  let name = "";
  let logical: Logical | undefined;
  thrift.struct((field, type) => {
    if (field === ELEMENT.name && type === TYPE.binary) name = thrift.text();
    else if (field === ELEMENT.logical && type === TYPE.struct) logical = logicalOf(thrift);
    else if (isInteger(type)) numbers[field] = thrift.integer();
    else thrift.skip(type);
  });
  return {
    name,
    children: numbers[ELEMENT.children] ?? 0,
    repetition: numbers[ELEMENT.repetition] ?? 0,
    type: numbers[ELEMENT.type] ?? -1,
    length: numbers[ELEMENT.length] ?? 0,
    isOptional: numbers[ELEMENT.repetition] === OPTIONAL,
    converted: numbers[ELEMENT.converted],
    scale: numbers[ELEMENT.scale] ?? 0,
    precision: numbers[ELEMENT.precision] ?? 0,
    logical,
  };
}

function logicalOf(thrift: Thrift): Logical {
  let logical: Logical = { id: 0 };
  thrift.struct((id, type) => {
    if (type !== TYPE.struct) return thrift.skip(type);
    const numbers: number[] = [];
    let flag: boolean | undefined;
    let unit: number | undefined;
    thrift.struct((field, inner) => {
      if (inner === TYPE.yes || inner === TYPE.no) flag = inner === TYPE.yes;
      else if (inner === TYPE.byte) numbers[field] = thrift.byte();
      else if (isInteger(inner)) numbers[field] = thrift.integer();
      else if (inner === TYPE.struct && id === LOGICAL.timestamp) unit = unitOf(thrift);
      else thrift.skip(inner);
    });
    if (id === LOGICAL.decimal) logical = { id, scale: numbers[1] ?? 0, precision: numbers[2] ?? 0 };
    else if (id === LOGICAL.timestamp) logical = { id, isUtc: flag, unit };
    else if (id === LOGICAL.integer) logical = { id, bits: numbers[1], isSigned: flag };
    else logical = { id };
  });
  return logical;
}

function unitOf(thrift: Thrift): number | undefined {
  let unit: number | undefined;
  thrift.struct((field, type) => {
    unit = field;
    thrift.skip(type);
  });
  return unit;
}
