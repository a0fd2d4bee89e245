import { importedNames } from "./declarations.ts";
import type { Env, Rewriter } from "./rewrite.ts";
import { child, children, isTypeOnly, type Node, nameOf } from "./tree.ts";

/**
 * The statements at the session's level. Functions stay where they are and are published first (hoisting); classes, enums and namespaces
 * are published just after; imports become awaits at the top; the last expression becomes the cell's value.
 */
export function rewriteTopLevel(rewriter: Rewriter, body: readonly Node[], env: Env): void {
  const prologue: string[] = [];
  body.forEach((node, index) => {
    topLevel(rewriter, node, env, prologue, index === body.length - 1);
  });
  if (prologue.length > 0) rewriter.text.prepend(prologue.join(""));
}

function topLevel(rewriter: Rewriter, node: Node, env: Env, prologue: string[], isLast: boolean): void {
  const { text } = rewriter;
  if (node.type === "ImportDeclaration") return importNames(rewriter, node, prologue);
  if (node.type === "TSImportEqualsDeclaration") return importEquals(rewriter, node);
  if (node.type === "ExportAllDeclaration" || (node.type === "ExportNamedDeclaration" && child(node, "source"))) {
    if (node.exportKind !== "type") prologue.push(`await $host.import(${JSON.stringify(sourceOf(node))});`);
    return erase(rewriter, node);
  }
  if (node.type === "ExportNamedDeclaration") {
    const declaration = child(node, "declaration");
    if (!declaration) return erase(rewriter, node);
    text.remove(node.start, declaration.start);
    return topLevel(rewriter, declaration, env, prologue, false);
  }
  if (node.type === "ExportDefaultDeclaration") return exportDefault(rewriter, node, env, prologue);
  if (isTypeOnly(node)) return;
  if (node.type === "VariableDeclaration" && !/using/.test(String(node.kind))) {
    rewriter.sessionDeclaration(node, env);
    return rewriter.endStatement(node);
  }
  if (node.type === "ExpressionStatement" && isLast)
    return resultOf(rewriter, child(node, "expression") as Node, node, env);
  rewriter.visit(node, env);
  publish(rewriter, node, prologue);
}

function publish(rewriter: Rewriter, node: Node, prologue: string[]): void {
  const id = child(node, "id");
  if (!id || id.type !== "Identifier") return;
  const name = nameOf(id);
  if (node.type === "FunctionDeclaration") prologue.push(`${rewriter.slot(name)}=${name};`);
  else if (/^(ClassDeclaration|TSEnumDeclaration|TSModuleDeclaration)$/.test(node.type))
    rewriter.text.appendLeft(node.end, `;${rewriter.slot(name)}=${name};`);
}

/** An assignment rather than a return: it works inside the `try` that lowering `using` adds. */
function resultOf(rewriter: Rewriter, expression: Node, statement: Node, env: Env): void {
  rewriter.text.appendRight(expression.start, "$value=(");
  rewriter.visit(expression, env);
  rewriter.text.appendLeft(expression.end, ")");
  rewriter.endStatement(statement);
}

function exportDefault(rewriter: Rewriter, node: Node, env: Env, prologue: string[]): void {
  const declaration = child(node, "declaration") as Node;
  const isNamed = child(declaration, "id") !== undefined && /Declaration$/.test(declaration.type);
  rewriter.text.remove(node.start, declaration.start);
  if (isNamed) return topLevel(rewriter, declaration, env, prologue, false);
  rewriter.text.appendRight(declaration.start, "$value=(");
  rewriter.visit(declaration, env);
  rewriter.text.appendLeft(declaration.end, ");");
}

function importNames(rewriter: Rewriter, node: Node, prologue: string[]): void {
  erase(rewriter, node);
  if (node.importKind === "type") return;
  const names = importedNames(node);
  // `import { type A } from "m"` imports nothing at run time; `import "m"` is for its side effects.
  if (names.length === 0 && children(node, "specifiers").length > 0) return;
  const space = `$ns${node.start}`;
  const attributes = children(node, "attributes").map((attribute) => {
    const key = child(attribute, "key") as Node;
    const name = key.type === "Identifier" ? nameOf(key) : String(key.value);
    return `${JSON.stringify(name)}:${JSON.stringify(child(attribute, "value")?.value)}`;
  });
  const options = attributes.length > 0 ? `,{with:{${attributes.join(",")}}}` : "";
  prologue.push(`const ${space}=await $host.import(${JSON.stringify(sourceOf(node))}${options});`);
  for (const { local, imported } of names)
    prologue.push(
      `${rewriter.slot(local)}=${imported === "*" ? space : `$host.pick(${space},${JSON.stringify(imported)})`};`,
    );
}

function importEquals(rewriter: Rewriter, node: Node): void {
  const reference = child(node, "moduleReference") as Node;
  const source = child(reference, "expression")?.value;
  if (node.importKind === "type" || source === undefined) return;
  const name = nameOf(child(node, "id") as Node);
  rewriter.text.update(node.start, node.end, `;${rewriter.slot(name)}=require(${JSON.stringify(source)});`);
}

function sourceOf(node: Node): unknown {
  return child(node, "source")?.value;
}

/** Removes a statement and keeps its line breaks. */
function erase(rewriter: Rewriter, node: Node): void {
  const breaks = rewriter.text.original.slice(node.start, node.end).replace(/[^\n]/g, "");
  rewriter.text.update(node.start, node.end, `;${breaks}`);
}
