import { types } from "node:util";
import { isEdited, isFrame } from "../../../src/frame/frame.ts";
import { formatBytes } from "../../../src/units.ts";
import type { DebugVariable } from "../../link/debug.ts";
import { heldBytes } from "../../magics/held-bytes.ts";
import { safely } from "../safely.ts";
import { type Child, childrenOf, elementsOf, hasChildren } from "./children.ts";
import { isList, keysOf, keyText, preview, typeName } from "./preview.ts";

/** Values that a look at the size of one variable visits. */
const MOST_LOOKS = 2000;

/** Gives why it cannot be set. */
type Setter = (name: string, value: unknown) => string | undefined;

/** What a front end may still ask to open: values by the numbers that it was given for them, until it goes on. */
export class Variables {
  readonly #below = new Map<number, () => readonly DebugVariable[]>();
  readonly #setters = new Map<number, Setter>();
  #last = 0;

  /** The variables of a scope under one number. */
  scope(
    entries: () => readonly (readonly [name: string, value: unknown])[],
    isSized: boolean,
    set?: Setter | undefined,
  ): number {
    return this.#hold(() => entries().map(([name, value]) => this.variable(name, value, isSized)), set);
  }

  /** Sets what is below; gives why it cannot be. */
  put(reference: number, name: string, value: unknown): string | undefined {
    const set = this.#setters.get(reference);
    return set ? set(name, value) : `${name} cannot be set here`;
  }

  /** @returns undefined for a number of before it went on */
  below(reference: number): readonly DebugVariable[] | undefined {
    return this.#below.get(reference)?.();
  }

  /** With `isSized` the line also says how many bytes the value holds. */
  variable(name: string, value: unknown, isSized = false): DebugVariable {
    const opens = safely(() => hasChildren(value), false);
    return {
      name,
      value: safely(() => preview(value) + (isSized ? sizeText(value) : ""), "a value that cannot be shown"),
      type: safely(() => typeName(value), typeof value),
      variablesReference: opens
        ? this.#hold(
            () => childrenOf(value as object).map((each) => this.#child(each)),
            (key, next) => setProperty(value as object, key, next),
          )
        : 0,
    };
  }

  /** Numbers are never used again, so that an old one opens nothing. */
  forget(): void {
    this.#below.clear();
    this.#setters.clear();
  }

  #child(child: Child): DebugVariable {
    if ("value" in child) return this.variable(child.name, child.value);
    const { name } = child;
    if ("remark" in child) return { name, value: child.remark, type: child.type ?? "", variablesReference: 0 };
    const reference = this.#hold(
      () => elementsOf(child.range).map((each) => this.#child(each)),
      (key, next) => setProperty(child.range.list, key, next),
    );
    return { name, value: "", type: "", variablesReference: reference };
  }

  #hold(below: () => readonly DebugVariable[], set?: Setter): number {
    this.#below.set(++this.#last, below);
    if (set) this.#setters.set(this.#last, set);
    return this.#last;
  }
}

/** An own property that is a plain value: no setter, proxy or other code of the user's runs. */
function setProperty(holder: object, name: string, value: unknown): string | undefined {
  const key = isList(holder) ? name : keysOf(holder).find((each) => keyText(each) === name);
  const found = key === undefined ? undefined : Object.getOwnPropertyDescriptor(holder, key);
  if (key === undefined || !found || types.isProxy(holder)) return `there is no property ${name} that could be set`;
  if (!("value" in found) || !found.writable) return `${name} cannot be written to`;
  // Of a typed array, whose elements are numbers, what is none is an error of its own.
  return safely(
    () => (Reflect.set(holder, key, value) ? undefined : `${name} cannot be written to`),
    `${name} takes no such value`,
  );
}

/** Nothing for what is small by nature, and for frames of Danfo's own, whose values would have to be looked at. */
function sizeText(value: unknown): string {
  if (typeof value !== "object" || value === null || (isFrame(value) && isEdited(value) === undefined)) return "";
  const { bytes, isEstimate } = heldBytes(value, MOST_LOOKS);
  return bytes === 0 ? "" : `, ${isEstimate ? "about " : ""}${formatBytes(bytes)}`;
}
