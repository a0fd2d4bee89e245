import { importedNames } from "./declarations.ts";
import { writeVariables } from "./session-variables.ts";
import { child, children, declaredIdentifier, isNameless, isTypeOnly, type Node, nameOf } from "./tree.ts";
import type { Env, Walker } from "./walker.ts";

/**
 * The statements at the session's level. Functions stay where they are and are published first (hoisting); classes, enums and namespaces
 * are published just after; imports become awaits at the top; the last expression becomes the cell's value.
 */
export function rewriteTopLevel(
  walker: Walker,
  body: readonly Node[],
  env: Env,
  hoisted: readonly string[],
  marked: readonly Node[],
): void {
  const prologue = [...hoisted];
  const last = body.findLast((node) => node.type !== "EmptyStatement" && !isTypeOnly(node));
  for (const node of body) {
    const at = marked.indexOf(node);
    if (at >= 0 && isImport(node)) prologue.push(`$host.mark(${at});`);
    else if (at >= 0) walker.text.appendLeft(node.start, `;$host.mark(${at});`);
    topLevel(walker, node, env, prologue, node === last);
  }
  if (prologue.length > 0) walker.text.prepend(prologue.join(""));
}

/** Those that do something where they stand; a function is there before the first of them. */
export function runningStatements(body: readonly Node[]): readonly Node[] {
  return body.filter((node) => {
    const declared = child(node, "declaration") ?? node;
    const isIdle = /^(?:EmptyStatement|FunctionDeclaration)$/.test(declared.type) || isTypeOnly(declared);
    const onlyNames = node.type === "ExportNamedDeclaration" && declared === node && !child(node, "source");
    return !isIdle && !onlyNames && node.importKind !== "type" && node.exportKind !== "type";
  });
}

/** What becomes an await at the top. */
function isImport(node: Node): boolean {
  return node.type === "ImportDeclaration" || (/^Export(?:All|Named)/.test(node.type) && !!child(node, "source"));
}

function topLevel(walker: Walker, node: Node, env: Env, prologue: string[], isLast: boolean): void {
  const { text } = walker;
  if (node.type === "ImportDeclaration") return importNames(walker, node, prologue);
  if (node.type === "TSImportEqualsDeclaration") return importEquals(walker, node, env);
  if (isImport(node)) {
    if (node.exportKind !== "type") prologue.push(`await ${importOf(walker, node)};`);
    return erase(walker, node);
  }
  if (node.type === "ExportNamedDeclaration") {
    const declaration = child(node, "declaration");
    if (!declaration) return erase(walker, node);
    text.remove(node.start, declaration.start);
    return topLevel(walker, declaration, env, prologue, false);
  }
  if (node.type === "ExportDefaultDeclaration")
    return exportDefault(walker, node, child(node, "declaration") as Node, env, prologue);
  if (node.type === "TSExportAssignment")
    return exportDefault(walker, node, child(node, "expression") as Node, env, prologue);
  if (isTypeOnly(node)) return;
  if (node.type === "VariableDeclaration" && !/using/.test(String(node.kind))) {
    return writeVariables(walker, node, env);
  }
  if (node.type === "ExpressionStatement" && isLast)
    return resultOf(walker, child(node, "expression") as Node, node, env);
  walker.visit(node, env);
  publish(walker, node, prologue);
}

function publish(walker: Walker, node: Node, prologue: string[]): void {
  const id = declaredIdentifier(node);
  if (!id) return;
  const name = nameOf(id);
  if (node.type === "FunctionDeclaration") prologue.push(`${walker.slot(name)}=${name};`);
  else if (/^(ClassDeclaration|TSEnumDeclaration|TSModuleDeclaration)$/.test(node.type))
    walker.text.appendLeft(node.end, `;${walker.slot(name)}=${name};`);
}

/** An assignment rather than a return: it works inside the `try` that lowering `using` adds. */
function resultOf(walker: Walker, expression: Node, statement: Node, env: Env): void {
  // After a comma a function stays without a name; for anything else V8 would lose the place where `a?.b` begins.
  walker.text.appendRight(expression.start, isNameless(expression) ? "$value=(0," : "$value=(");
  walker.visit(expression, env);
  walker.text.appendLeft(expression.end, ")");
  walker.endStatement(statement);
}

/** What a cell exports as its default is its value. */
function exportDefault(walker: Walker, node: Node, declaration: Node, env: Env, prologue: string[]): void {
  const isNamed = child(declaration, "id") !== undefined && /Declaration$/.test(declaration.type);
  walker.text.remove(node.start, declaration.start);
  if (isNamed) return topLevel(walker, declaration, env, prologue, false);
  walker.text.appendRight(declaration.start, "$value=(");
  walker.named("default", declaration, env);
  walker.text.appendLeft(declaration.end, ");");
}

function importNames(walker: Walker, node: Node, prologue: string[]): void {
  erase(walker, node);
  if (node.importKind === "type") return;
  const names = importedNames(node);
  // `import { type A } from "m"` imports nothing at run time; `import "m"` is for its side effects.
  if (names.length === 0 && children(node, "specifiers").length > 0) return;
  const space = `$ns${node.start}`;
  prologue.push(`const ${space}=await ${importOf(walker, node)};`);
  for (const { local, imported, start } of names) {
    const { line, column } = walker.place(start);
    const pick = `$host.pick(${space},${JSON.stringify(imported)},${JSON.stringify(sourceOf(node))},${line},${column})`;
    prologue.push(`${walker.slot(local)}=${imported === "*" ? space : pick};`);
  }
}

function importOf(walker: Walker, node: Node): string {
  const attributes = children(node, "attributes").map((attribute) => {
    const key = child(attribute, "key") as Node;
    const name = key.type === "Identifier" ? nameOf(key) : String(key.value);
    return `${JSON.stringify(name)}:${JSON.stringify(child(attribute, "value")?.value)}`;
  });
  const { line, column } = walker.place(node.start);
  return `$host.import(${JSON.stringify(sourceOf(node))},{with:{${attributes.join(",")}}},${line},${column})`;
}

/** `import fs = require("fs")`, `import short = Long.name` */
function importEquals(walker: Walker, node: Node, env: Env): void {
  if (node.importKind === "type") return;
  const reference = child(node, "moduleReference") as Node;
  const source = child(reference, "expression")?.value;
  const write = `;${walker.slot(nameOf(child(node, "id") as Node))}=`;
  if (source !== undefined) {
    walker.text.update(node.start, node.end, `${write}require(${JSON.stringify(source)});`);
    return;
  }
  walker.text.update(node.start, reference.start, write);
  let root = reference;
  while (root.type === "TSQualifiedName") root = child(root, "left") as Node;
  walker.visit(root, env);
  walker.text.appendLeft(reference.end, ";");
}

function sourceOf(node: Node): unknown {
  return child(node, "source")?.value;
}

/** Removes a statement and keeps its line breaks. */
function erase(walker: Walker, node: Node): void {
  const breaks = walker.text.original.slice(node.start, node.end).replace(/[^\n]/g, "");
  walker.text.update(node.start, node.end, `;${breaks}`);
}
