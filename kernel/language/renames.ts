import type { Identifier, SourceFile } from "typescript/unstable/ast";
import type { Edit } from "./edits.ts";
import type { TypeServer } from "./server.ts";
import { type Ast, type Declaration, identifiersIn, renameEdit, statementsFrom } from "./syntax.ts";

const RENAMED = /([\p{ID_Start}$_][\p{ID_Continue}$]*?)_earlier\d+_(?![\p{ID_Continue}$])/gu;

/** What the older of two declarations is called from now on; `withoutRenames` knows the form. */
export function earlierName(name: string, number: number): string {
  return `${name}_earlier${number}_`;
}

/** For messages: names as the user typed them. */
export function withoutRenames(message: string): string {
  return message.replace(RENAMED, "$1");
}

/** Names that cannot stand twice in one file. A type and a value of one name can. */
export function takenNames(older: Iterable<Declaration>, declares: readonly Declaration[]): ReadonlySet<string> {
  const before = [...older];
  const clash = (a: Declaration, b: Declaration) =>
    a.name === b.name && (a.meaning === b.meaning || a.meaning === "both" || b.meaning === "both");
  return new Set(declares.filter((each) => before.some((old) => clash(old, each))).map(({ name }) => name));
}

/** Every edit in `file` that gives the top-level names of `renames` their new name, as the checker binds them. */
export async function renamesIn(
  ast: Ast,
  server: TypeServer,
  file: SourceFile,
  renames: ReadonlyMap<string, string>,
): Promise<readonly Edit[]> {
  const { SymbolFlags } = await import("typescript/unstable/async");
  const meaning = SymbolFlags.Value | SymbolFlags.Type | SymbolFlags.Namespace | SymbolFlags.Alias;
  const symbolAt = async (name: string, position: number) =>
    (await server.checker.resolveName(name, meaning, { document: server.files.notebook, position }))?.id;
  const end = file.text.length;
  const targets = new Map(
    await Promise.all([...renames.keys()].map(async (name) => [name, await symbolAt(name, end)] as const)),
  );
  const mentions = identifiersIn(ast, file.statements, new Set(renames.keys()));
  const edits = await Promise.all(
    mentions.map(async ({ node }) => {
      const to = renames.get(node.text);
      if (to === undefined || isPropertyName(ast, node)) return [];
      const symbol = await symbolAt(node.text, node.getStart(file));
      return symbol !== undefined && symbol === targets.get(node.text) ? [renameEdit(ast, file, node, to)] : [];
    }),
  );
  return edits.flat();
}

/**
 * `let n = n + 1` where an earlier cell has `n`: at run time the second `n` is the earlier one. So are all mentions that
 * run before the declaration is done; functions run later and mean the new one.
 */
export function earlierMentions(
  ast: Ast,
  file: SourceFile,
  boundary: number,
  declares: readonly Declaration[],
  earlier: ReadonlyMap<string, string>,
): readonly Edit[] {
  const from = new Map(declares.filter(({ word }) => word !== "function").map((each) => [each.name, each.from]));
  const names = new Set([...earlier.keys()].filter((name) => from.has(name)));
  const mentions = identifiersIn(ast, statementsFrom(file, boundary), names);
  const declaredTwice = new Set(
    duplicates(mentions.filter(({ node }) => isDeclared(ast, node)).map(({ node }) => node.text)),
  );
  return mentions.flatMap(({ node, deferred }) => {
    const to = earlier.get(node.text);
    const isEarlier = node.end <= (from.get(node.text) ?? 0) && !deferred && !declaredTwice.has(node.text);
    if (to === undefined || !isEarlier || isDeclared(ast, node) || isPropertyName(ast, node)) return [];
    const { start, end, text } = renameEdit(ast, file, node, to);
    return [{ start: start - boundary, end: end - boundary, text }];
  });
}

function isDeclared(ast: Ast, node: Identifier): boolean {
  const { parent } = node;
  return "name" in parent && parent.name === node && isBinding(ast, node);
}

function isBinding(ast: Ast, { parent }: Identifier): boolean {
  return (
    ast.isVariableDeclaration(parent) ||
    ast.isBindingElement(parent) ||
    ast.isParameterDeclaration(parent) ||
    ast.isFunctionDeclaration(parent) ||
    ast.isFunctionExpression(parent) ||
    ast.isClassDeclaration(parent) ||
    ast.isClassExpression(parent) ||
    ast.isEnumDeclaration(parent) ||
    ast.isInterfaceDeclaration(parent) ||
    ast.isTypeAliasDeclaration(parent) ||
    ast.isModuleDeclaration(parent) ||
    ast.isImportClause(parent) ||
    ast.isImportSpecifier(parent) ||
    ast.isNamespaceImport(parent)
  );
}

/** Names that are looked up in a value or written in a shape, not in scope. */
function isPropertyName(ast: Ast, node: Identifier): boolean {
  const { parent } = node;
  if (ast.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ast.isQualifiedName(parent)) return parent.right === node;
  if (ast.isBindingElement(parent) || ast.isImportSpecifier(parent)) return parent.propertyName === node;
  if (ast.isLabeledStatement(parent) || ast.isBreakStatement(parent) || ast.isContinueStatement(parent)) return true;
  if (ast.isMetaProperty(parent) || ast.isImportAttribute(parent) || ast.isNamedTupleMember(parent)) return true;
  const named =
    ast.isPropertyAssignment(parent) ||
    ast.isPropertyDeclaration(parent) ||
    ast.isPropertySignatureDeclaration(parent) ||
    ast.isMethodDeclaration(parent) ||
    ast.isMethodSignatureDeclaration(parent) ||
    ast.isGetAccessorDeclaration(parent) ||
    ast.isSetAccessorDeclaration(parent) ||
    ast.isEnumMember(parent);
  return named && parent.name === node;
}

function duplicates(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
