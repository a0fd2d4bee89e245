import { isEdited, isFrame } from "../../../src/frame/frame.ts";
import { formatBytes } from "../../../src/units.ts";
import type { DebugVariable } from "../../link/debug.ts";
import { heldBytes } from "../../magics/held-bytes.ts";
import { safely } from "../safely.ts";
import { type Child, childrenOf, elementsOf, hasChildren } from "./children.ts";
import { preview, typeName } from "./preview.ts";

/** Values that a look at the size of one variable visits. */
const MOST_LOOKS = 2000;

/** What a front end may still ask to open: values by the numbers that it was given for them, until it goes on. */
export class Variables {
  readonly #below = new Map<number, () => readonly DebugVariable[]>();
  #last = 0;

  /** The variables of a scope under one number. */
  scope(entries: () => readonly (readonly [name: string, value: unknown])[], isSized: boolean): number {
    return this.#hold(() => entries().map(([name, value]) => this.variable(name, value, isSized)));
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
      variablesReference: opens ? this.#hold(() => childrenOf(value as object).map((each) => this.#child(each))) : 0,
    };
  }

  /** Numbers are never used again, so that an old one opens nothing. */
  forget(): void {
    this.#below.clear();
  }

  #child(child: Child): DebugVariable {
    if ("value" in child) return this.variable(child.name, child.value);
    const { name } = child;
    if ("remark" in child) return { name, value: child.remark, type: child.type ?? "", variablesReference: 0 };
    const reference = this.#hold(() => elementsOf(child.range).map((each) => this.#child(each)));
    return { name, value: "", type: "", variablesReference: reference };
  }

  #hold(below: () => readonly DebugVariable[]): number {
    this.#below.set(++this.#last, below);
    return this.#last;
  }
}

/** Nothing for what is small by nature, and for frames of Danfo's own, whose values would have to be looked at. */
function sizeText(value: unknown): string {
  if (typeof value !== "object" || value === null || (isFrame(value) && isEdited(value) === undefined)) return "";
  const { bytes, isEstimate } = heldBytes(value, MOST_LOOKS);
  return bytes === 0 ? "" : `, ${isEstimate ? "about " : ""}${formatBytes(bytes)}`;
}
