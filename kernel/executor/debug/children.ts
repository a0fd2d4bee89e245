import { types } from "node:util";
import { isFrame } from "../../../src/frame/frame.ts";
import { formatCount } from "../../../src/units.ts";
import { isContainer, isList, keysOf, keyText, label, readOwn, sizeOf } from "./preview.ts";

/** One thing below a value: another value, a range of a long list, or a remark. */
export type Child =
  | { readonly name: string; readonly value: unknown }
  | { readonly name: string; readonly range: Range }
  | { readonly name: string; readonly remark: string; readonly type?: string };

/** The elements of a list from one place to before another. */
export interface Range {
  readonly list: readonly unknown[];
  readonly from: number;
  readonly to: number;
}

/** A front end draws a line for each. */
const MOST = 100;

/** Whether `childrenOf` gives any. */
export function hasChildren(value: unknown): boolean {
  if (isFrame(value)) return true;
  if (typeof value === "object" && value !== null && types.isNativeError(value)) return keysOf(value).length > 0;
  return isContainer(value) && sizeOf(value) > 0;
}

/** What is below a value: no more than a hundred lines, of long lists their ranges. No getter of the user's runs. */
export function childrenOf(value: object): readonly Child[] {
  if (isFrame(value)) {
    const kinds: readonly string[] = value.dtypes;
    return value.columns.slice(0, MOST).map((name, i) => ({ name: String(name), remark: "", type: kinds[i] ?? "" }));
  }
  if (isList(value)) return elementsOf({ list: value, from: 0, to: sizeOf(value) });
  if (types.isMap(value))
    return capped(Map.prototype.entries.call(value), sizeOf(value), ([key, each]) => ({
      name: label(key),
      value: each,
    }));
  if (types.isSet(value))
    return capped(Set.prototype.values.call(value), sizeOf(value), (each, i) => ({ name: String(i), value: each }));
  const keys = keysOf(value);
  return capped(keys, keys.length, (key) => property(value, key));
}

export function elementsOf({ list, from, to }: Range): readonly Child[] {
  const step = MOST ** Math.max(0, Math.ceil(Math.log(to - from) / Math.log(MOST) - 1e-9) - 1);
  const starts = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
  if (step <= 1) return starts.map((at) => property(list, at));
  return starts.map((at) => {
    const range = { list, from: at, to: Math.min(at + step, to) };
    return { name: `[${at} … ${range.to - 1}]`, range };
  });
}

function property(holder: object, key: string | symbol | number): Child {
  const name = typeof key === "number" ? String(key) : keyText(key);
  const { value, isGetter } = readOwn(holder, key);
  return isGetter ? { name, remark: "(…)", type: "getter" } : { name, value };
}

function capped<T>(parts: Iterable<T>, size: number, child: (part: T, index: number) => Child): readonly Child[] {
  const found: Child[] = [];
  for (const part of parts) {
    if (found.length === MOST) return [...found, { name: "…", remark: `${formatCount(size - MOST)} more` }];
    found.push(child(part, found.length));
  }
  return found;
}
