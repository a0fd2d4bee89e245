import type MagicString from "magic-string";
import type { Position } from "./positions.ts";
import type { Node } from "./tree.ts";

/** The names that stand between a place and the session's level. */
export interface Env {
  readonly names: ReadonlySet<string>;
  readonly parent: Env | undefined;
  /** Declarations of `var` below this are the function's own. */
  readonly inFunction: boolean;
}

/** What rewrites code below statements; the writers of declarations and statements call it. */
export interface Walker {
  readonly text: MagicString;
  /** The expression of the slot itself. */
  slotOf(name: string): string;
  /** The expression of a session name's value. */
  slot(name: string): string;
  /** Rewrites a node and all below it. */
  visit(node: Node, env: Env): void;
  /** Rewrites an assignment target; with `declares` a pattern that declares session names, which may write a constant. */
  target(node: Node, env: Env, declares?: boolean): void;
  /** Rewrites a value that is assigned to `name`, which an anonymous function or class then bears. */
  named(name: string | undefined, value: Node, env: Env): void;
  endStatement(node: Node): void;
  /** Of an offset, in the cell as typed. */
  place(offset: number): Position;
}

export function isLocal(name: string, env: Env): boolean {
  for (let at: Env | undefined = env; at; at = at.parent) if (at.names.has(name)) return true;
  return false;
}
