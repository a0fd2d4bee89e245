import { types } from "node:util";
import type { LiveMembers } from "../link/messages.ts";
import { rooms } from "./rooms.ts";
import { safely } from "./safely.ts";
import type { Session } from "./session.ts";
import { MEMBERS_KEY } from "./shared-state.ts";

/** Completion shows so many at most. */
const MOST = 500;

/** What the sentinel calls for completion, through the inspector, in the middle of whatever runs: no getter and no code of the user's may run. */
export function offerMembers(session: Session): void {
  const value = (path: readonly string[]): LiveMembers | null => safely(() => membersAt(session, path), null);
  Object.defineProperty(globalThis, Symbol.for(MEMBERS_KEY), { value });
}

function membersAt(session: Session, [root = "", ...rest]: readonly string[]): LiveMembers | null {
  if (!session.has(root)) return null;
  let value: unknown = session.get(root);
  for (const name of rest) value = isReadable(value) ? propertyOf(value, name) : undefined;
  return isReadable(value) ? { members: namesOf(value), columns: rooms().columnNames(value) } : null;
}

function isReadable(value: unknown): value is object {
  return ((typeof value === "object" && value !== null) || typeof value === "function") && !types.isProxy(value);
}

/** Of the object or of what it inherits from; undefined where a getter stands. */
function propertyOf(value: object, name: string): unknown {
  for (const holder of chainOf(value)) {
    const found = Object.getOwnPropertyDescriptor(holder, name);
    if (found) return found.value;
  }
  return undefined;
}

function namesOf(value: object): LiveMembers["members"] {
  const found = new Map<string, boolean>();
  for (const holder of chainOf(value))
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (found.size >= MOST) break;
      if (found.has(name) || name === "constructor" || /^\d+$/.test(name)) continue;
      found.set(name, typeof Object.getOwnPropertyDescriptor(holder, name)?.value === "function");
    }
  return [...found].map(([name, isFunction]) => ({ name, isFunction }));
}

/** Without what every object has. */
function* chainOf(value: object): Generator<object> {
  for (
    let holder: object | null = value;
    holder !== null && !BASES.has(holder);
    holder = Object.getPrototypeOf(holder)
  ) {
    if (types.isProxy(holder)) return;
    yield holder;
  }
}

const BASES: ReadonlySet<object> = new Set([Object.prototype, Function.prototype]);
