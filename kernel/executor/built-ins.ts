/** Functions of the language that the kernel, and every package, is made of. */
const HOLDERS: Readonly<Record<string, object>> = {
  Object,
  "Object.prototype": Object.prototype,
  "Function.prototype": Function.prototype,
  Array,
  "Array.prototype": Array.prototype,
  "String.prototype": String.prototype,
  "Number.prototype": Number.prototype,
  "RegExp.prototype": RegExp.prototype,
  Promise,
  "Promise.prototype": Promise.prototype,
  "Map.prototype": Map.prototype,
  "Set.prototype": Set.prototype,
  "WeakMap.prototype": WeakMap.prototype,
  "WeakRef.prototype": WeakRef.prototype,
  "ArrayBuffer.prototype": ArrayBuffer.prototype,
  "Uint8Array.prototype": Object.getPrototypeOf(Uint8Array.prototype),
  Buffer,
  "Buffer.prototype": Buffer.prototype,
  Reflect,
  "the iterator of arrays": Object.getPrototypeOf([][Symbol.iterator]()),
  "the iterator of maps": Object.getPrototypeOf(new Map()[Symbol.iterator]()),
  "the iterator of sets": Object.getPrototypeOf(new Set()[Symbol.iterator]()),
};

/** HTML of the nineties, whose names packages take for their own. */
const NOBODYS = /^(?:anchor|big|blink|bold|fixed|fontcolor|fontsize|italics|link|small|strike|sub|sup)$/;

/** With one of these every object is a property's description with a fault in it, or a promise. */
const POISONS = ["get", "set", "value", "writable", "enumerable", "configurable", "then"] as const;

interface BuiltIn {
  readonly name: string;
  readonly holder: Record<PropertyKey, unknown>;
  readonly key: PropertyKey;
  readonly value: unknown;
  readonly descriptor: PropertyDescriptor;
}

const builtIns: readonly BuiltIn[] = [
  ...Object.entries(HOLDERS).flatMap(([place, holder]) =>
    Reflect.ownKeys(holder).flatMap((key) => builtIn(place, holder, key)),
  ),
  // Node itself calls what stands there: timers that a test library holds hold every message to this process, too.
  ...builtIn("process", process, "nextTick"),
];

function builtIn(place: string, holder: object, key: PropertyKey): readonly BuiltIn[] {
  const descriptor = Reflect.getOwnPropertyDescriptor(holder, key);
  if (typeof descriptor?.value !== "function" || !descriptor.writable || NOBODYS.test(String(key))) return [];
  const name = typeof key === "symbol" ? `${place}[${String(key.description)}]` : `${place}.${key}`;
  // What a cell puts into Object.prototype must not be read as a part of it.
  Object.setPrototypeOf(descriptor, null);
  return [{ name, holder: holder as BuiltIn["holder"], key, value: descriptor.value, descriptor }];
}

const { defineProperty, deleteProperty } = Reflect;

/**
 * Puts back what a cell has replaced of the language, without which nothing after it would run, and gives the names of that. What a cell adds stays.
 * Nothing that could have been replaced is called here.
 */
export function mendBuiltIns(): string {
  let names = "";
  const mend = (name: string): void => {
    names += names === "" ? name : `, ${name}`;
  };
  for (let at = 0; at < POISONS.length; at++) {
    const key = POISONS[at] as string;
    if (key in Object.prototype && deleteProperty(Object.prototype, key)) mend(`Object.prototype.${key}`);
  }
  for (let at = 0; at < builtIns.length; at++) {
    const { holder, key, value, descriptor, name } = builtIns[at] as BuiltIn;
    if (!isStill(holder, key, value) && defineProperty(holder, key, descriptor)) mend(name);
  }
  return names;
}

/** A getter in its place is code of the user's. */
function isStill(holder: BuiltIn["holder"], key: PropertyKey, value: unknown): boolean {
  try {
    return holder[key] === value;
  } catch {
    return false;
  }
}
