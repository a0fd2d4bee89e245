import { isSeries } from "./danfo.ts";

/** A stretch or a choice of rows, as Danfo's `iloc` and `query` take it; undefined when it is not one that columns can serve. */
export function pickRows(rows: unknown, length: number): Uint32Array | undefined {
  const list: unknown = isSeries(rows) ? rows.values : rows;
  if (list === undefined) return Uint32Array.from({ length }, (_, i) => i);
  if (!Array.isArray(list)) return undefined;
  if (list.length === 1 && typeof list[0] === "string") return pickSlice(list[0], length);
  if (list.length === length && list.every((item) => typeof item === "boolean")) return pickTrue(list);
  const isIndex = (item: unknown) => Number.isInteger(item) && (item as number) >= 0 && (item as number) < length;
  return list.length > 0 && list.every(isIndex) ? Uint32Array.from(list as number[]) : undefined;
}

/** Rows under a mask of one boolean for each row; undefined for anything else. */
export function pickMasked(rows: unknown, length: number): Uint32Array | undefined {
  const list: unknown = isSeries(rows) ? rows.values : rows;
  if (!Array.isArray(list) || list.length !== length) return undefined;
  return list.every((item) => typeof item === "boolean") ? pickTrue(list) : undefined;
}

function pickTrue(mask: readonly boolean[]): Uint32Array {
  const rows = new Uint32Array(mask.length);
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i]) rows[count++] = i;
  return rows.slice(0, count);
}

function pickSlice(text: string, length: number): Uint32Array | undefined {
  const match = /^(\d*):(\d*)$/.exec(text);
  if (!match) return undefined;
  const start = match[1] ? Number(match[1]) : 0;
  const end = match[2] ? Number(match[2]) : length;
  return start < end && end <= length ? Uint32Array.from({ length: end - start }, (_, i) => start + i) : undefined;
}
