import { types } from "node:util";
import { isFrame, isSeries } from "../../../src/frame/frame.ts";
import { countOf, formatBytes, formatCount } from "../../../src/units.ts";

/** Characters of a text, and parts of a container, that a line shows. */
const LONGEST = 120;
const SHOWN = 5;

/** The kind of a value in one word. No getter, proxy or other code of the user's runs here or below. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function") return isClass(value) ? "class" : "function";
  if (typeof value !== "object") return typeof value;
  if (types.isProxy(value)) return "Proxy";
  return isFrame(value) ? "DataFrame" : isSeries(value) ? "Series" : className(value);
}

/** A value in one line. */
export function preview(value: unknown): string {
  if (!isContainer(value)) return label(value);
  const parts = partsOf(value).slice(0, SHOWN);
  const more = sizeOf(value) > parts.length ? [...parts, "…"] : parts;
  const [open, close] = isList(value) ? ["[", "]"] : ["{", "}"];
  const head = className(value) === "Object" ? "" : `${label(value)} `;
  return `${head}${open}${more.join(", ")}${close}`;
}

/** A value inside of another one, or one that has no parts to show. */
export function label(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(clip(value));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `${isClass(value) ? "class" : "ƒ"} ${textOf(value, "name") || "(anonymous)"}`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  if (types.isProxy(value)) return "Proxy";
  if (isFrame(value) || isSeries(value)) return `${typeName(value)} ${shapeText(value.shape)}`;
  if (types.isDate(value)) return dateText(value);
  if (types.isRegExp(value))
    return `/${Reflect.get(RegExp.prototype, "source", value)}/${Reflect.get(RegExp.prototype, "flags", value)}`;
  if (types.isNativeError(value))
    return `${textOf(value, "name") || className(value)}: ${clip(textOf(value, "message"))}`;
  if (types.isAnyArrayBuffer(value)) return `${className(value)} ${formatBytes(value.byteLength)}`;
  if (isList(value) || types.isMap(value) || types.isSet(value))
    return `${className(value)}(${formatCount(sizeOf(value))})`;
  return className(value) === "Object" ? "{…}" : className(value);
}

/** Whether a value has parts that can be looked at one by one. */
export function isContainer(value: unknown): value is object {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  return !(isFrame(value) || isSeries(value) || types.isDate(value) || types.isRegExp(value) || isOpaque(value));
}

/** Arrays and typed arrays. */
export function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value) || types.isTypedArray(value);
}

/** How many parts a container has. */
export function sizeOf(value: object): number {
  if (types.isTypedArray(value)) return Reflect.get(TYPED, "length", value);
  if (Array.isArray(value)) return value.length;
  if (types.isMap(value)) return Reflect.get(Map.prototype, "size", value);
  if (types.isSet(value)) return Reflect.get(Set.prototype, "size", value);
  return keysOf(value).length;
}

/** The own keys of an object that are its user's business. */
export function keysOf(value: object): readonly (string | symbol)[] {
  const keys = Reflect.ownKeys(value);
  if (typeof value === "function")
    return keys.filter((key) => !/^(?:length|name|prototype|arguments|caller)$/.test(String(key)));
  return types.isNativeError(value) ? keys.filter((key) => key !== "stack") : keys;
}

/** An own property as its value, or that it is a getter. */
export function readOwn(value: object, key: PropertyKey): { readonly value?: unknown; readonly isGetter?: boolean } {
  const found = Object.getOwnPropertyDescriptor(value, key);
  return found === undefined || "value" in found ? { value: found?.value } : { isGetter: true };
}

export function keyText(key: string | symbol): string {
  return typeof key === "symbol" ? `[${String(key)}]` : key;
}

const TYPED = Object.getPrototypeOf(Uint8Array.prototype);

function isOpaque(value: object): boolean {
  return (
    types.isNativeError(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isPromise(value) ||
    types.isBoxedPrimitive(value)
  );
}

function partsOf(value: object): string[] {
  if (isList(value)) return Array.from({ length: Math.min(sizeOf(value), SHOWN) }, (_, i) => own(value, i));
  if (types.isMap(value))
    return first(Map.prototype.entries.call(value)).map(([key, each]) => `${label(key)} → ${label(each)}`);
  if (types.isSet(value)) return first(Set.prototype.values.call(value)).map(label);
  return keysOf(value)
    .slice(0, SHOWN)
    .map((key) => `${keyText(key)}: ${own(value, key)}`);
}

function own(value: object, key: PropertyKey): string {
  const found = readOwn(value, key);
  return found.isGetter ? "(…)" : label(found.value);
}

function first<T>(values: Iterable<T>): T[] {
  const found: T[] = [];
  for (const each of values) {
    if (found.length === SHOWN) break;
    found.push(each);
  }
  return found;
}

function shapeText([rows = 0, columns]: readonly number[]): string {
  return columns === undefined ? countOf(rows, "row") : `${countOf(rows, "row")} × ${countOf(columns, "column")}`;
}

function dateText(value: Date): string {
  return Number.isNaN(Date.prototype.getTime.call(value)) ? "Invalid Date" : Date.prototype.toISOString.call(value);
}

function isClass(value: object): boolean {
  return Function.prototype.toString.call(value).startsWith("class");
}

function className(value: object): string {
  for (
    let holder: object | null = value;
    holder !== null && !types.isProxy(holder);
    holder = Object.getPrototypeOf(holder)
  ) {
    const maker: unknown = Object.getOwnPropertyDescriptor(holder, "constructor")?.value;
    // The bundler marks a class that names itself.
    if (typeof maker === "function" && !types.isProxy(maker))
      return textOf(maker, "name").replace(/^_(?=[A-Z])/, "") || "Object";
  }
  return "Object";
}

/** A text that the value or what it inherits from has, without a getter. */
function textOf(value: object, key: string): string {
  for (
    let holder: object | null = value;
    holder !== null && !types.isProxy(holder);
    holder = Object.getPrototypeOf(holder)
  ) {
    const found = Object.getOwnPropertyDescriptor(holder, key);
    if (found) return typeof found.value === "string" ? found.value : "";
  }
  return "";
}

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
