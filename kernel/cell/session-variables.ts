import { child, children, identifierEnd, type Node, nameOf } from "./tree.ts";
import type { Env, Walker } from "./walker.ts";

/** A declaration at the session's level: its keyword goes, each pattern becomes an assignment to slots. */
export function writeVariables(walker: Walker, node: Node, env: Env): void {
  writeList(walker, node, env, ";");
  walker.endStatement(node);
}

/** `for (var i = 0; …)` */
export function writeLoopVariables(walker: Walker, node: Node, env: Env): void {
  writeList(walker, node, env, "");
}

/** `for (var x of …)`: the pattern alone is the target. */
export function writeLoopTarget(walker: Walker, node: Node, env: Env): void {
  const [declarator] = children(node, "declarations");
  const id = declarator && child(declarator, "id");
  if (!id) return;
  walker.text.remove(node.start, id.start);
  dropAnnotation(walker, id);
  walker.target(id, env, true);
}

function writeList(walker: Walker, node: Node, env: Env, lead: string): void {
  const declarators = children(node, "declarations");
  const first = declarators[0];
  if (!first) return;
  walker.text.update(node.start, first.start, lead || " ");
  for (const declarator of declarators) writeDeclarator(walker, declarator, node.kind === "var", env);
}

function writeDeclarator(walker: Walker, node: Node, isVar: boolean, env: Env): void {
  const id = child(node, "id") as Node;
  const init = child(node, "init");
  dropAnnotation(walker, id);
  if (!init) {
    // `var x;` changes nothing, it is hoisted; `let x;` is undefined again.
    const write = isVar ? "0" : `(${walker.slot(nameOf(id))}=void 0)`;
    walker.text.update(id.start, identifierEnd(walker.text.original, id), write);
    return;
  }
  walker.text.appendRight(node.start, "(");
  walker.target(id, env, true);
  walker.named(id.type === "Identifier" ? nameOf(id) : undefined, init, env);
  walker.text.appendLeft(node.end, ")");
}

/** Removes `: type` and `!`, which an assignment does not have, and keeps their line breaks. */
function dropAnnotation({ text }: Walker, id: Node): void {
  const annotation = child(id, "typeAnnotation");
  const code = text.original;
  const nameEnd = identifierEnd(code, id);
  const from = id.type === "Identifier" ? nameEnd : annotation?.start;
  if (from === undefined) return;
  const definite = /^\s*!/.exec(code.slice(from, from + 100))?.[0].length ?? 0;
  const end = annotation ? annotation.end : from + definite;
  if (end > from) text.update(from, end, code.slice(from, end).replace(/[^\n]/g, "") || " ");
}
