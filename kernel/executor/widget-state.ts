import { bytesOf } from "./comms.ts";

/** JSON with its bytes taken out, as widgets travel. */
export interface Packed {
  readonly state: Record<string, unknown>;
  /** Where each buffer belongs. */
  readonly paths: readonly Path[];
  readonly buffers: readonly Uint8Array[];
}

type Path = readonly (string | number)[];

/** Takes the bytes out of a state: JSON has none. In a list a null keeps their place. */
export function pack(state: Readonly<Record<string, unknown>>): Packed {
  const paths: Path[] = [];
  const buffers: Uint8Array[] = [];
  const around = new Set<unknown>();
  const strip = (value: unknown, path: Path): unknown => {
    if (isBytes(value)) {
      paths.push(path);
      buffers.push(bytesOf(value));
      return undefined;
    }
    // What holds itself is left as it is, for JSON to refuse.
    if (!(Array.isArray(value) || isPlain(value)) || around.has(value)) return value;
    around.add(value);
    const stripped = Array.isArray(value)
      ? value.map((each, index) => strip(each, [...path, index]) ?? null)
      : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, strip(each, [...path, name])]));
    around.delete(value);
    return stripped;
  };
  return { state: strip({ ...state }, []) as Record<string, unknown>, paths, buffers };
}

/** Puts the bytes back to where they belong. A path that leads nowhere is passed over. */
export function unpack(state: unknown, paths: unknown, buffers: readonly Uint8Array[]): Record<string, unknown> {
  const whole: Record<string, unknown> = isPlain(state) ? { ...state } : {};
  if (!Array.isArray(paths)) return whole;
  for (const [index, path] of paths.entries()) {
    const bytes = buffers[index];
    if (Array.isArray(path) && bytes) put(whole, path, bytes);
  }
  return whole;
}

function put(whole: object, path: readonly unknown[], bytes: Uint8Array): void {
  let at: unknown = whole;
  for (const key of path.slice(0, -1)) at = inside(at, key);
  const last = path.at(-1);
  // Of a list only what is there: it must not grow, nor its length be set.
  if (Array.isArray(at) && typeof last === "number" && last in at) at[last] = bytes;
  else if (isPlain(at) && typeof last === "string" && last !== "__proto__") at[last] = bytes;
}

function inside(value: unknown, key: unknown): unknown {
  const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, key as string);
  return isThere ? Reflect.get(value, key as string) : undefined;
}

function isBytes(value: unknown): value is ArrayBufferView | ArrayBuffer {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
