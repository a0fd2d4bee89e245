import { arrow, type DataType } from "./arrow.ts";

/** Words that are the same for types whose values lie alike: those that Arrow has for decimals leave out how wide they are. */
export function typeKey(type: DataType): string {
  const { DataType } = arrow();
  const inner = DataType.isDictionary(type) ? [type.dictionary] : (type.children ?? []).map((child) => child.type);
  const own = DataType.isDecimal(type) ? `${type} in ${type.bitWidth} bits` : `${type}`;
  return [own, ...inner.map(typeKey)].join(" of ");
}
