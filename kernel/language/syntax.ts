import type {
  BindingName,
  Identifier,
  ImportClause,
  ModifierLike,
  Node,
  SourceFile,
  Statement,
} from "typescript/unstable/ast";
import type { Edit } from "./edits.ts";

export type Ast = typeof import("typescript/unstable/ast");

/** Loaded with the first question, not with the kernel. */
export async function loadAst(): Promise<Ast> {
  return import("typescript/unstable/ast");
}

export type Meaning = "value" | "type" | "both";

/** A name that a cell declares at its top level. */
export interface Declaration {
  readonly name: string;
  readonly meaning: Meaning;
  /** A word for completion. */
  readonly word: string;
  /** `let` and `var`: narrowing by an earlier cell says little about it. */
  readonly mutable: boolean;
  /** `let x;`: neither type nor value, so the checker can only guess. */
  readonly bare: boolean;
  /** From here on the name is the new one: the end of its statement. */
  readonly from: number;
}

/** Declarations at the top level of the statements that start at or after `boundary`, with `var` in blocks. */
export function declarationsOf(ast: Ast, file: SourceFile, boundary: number): readonly Declaration[] {
  const found: Declaration[] = [];
  for (const statement of statementsFrom(file, boundary)) declare(ast, statement, found);
  return found;
}

export function statementsFrom(file: SourceFile, boundary: number): readonly Statement[] {
  // By halves: each one that is looked at is made from the server's bytes, and before the boundary may be thousands.
  const { statements } = file;
  let first = 0;
  for (let after = statements.length; first < after; ) {
    const middle = (first + after) >> 1;
    if ((statements.at(middle)?.end ?? 0) > boundary) after = middle;
    else first = middle + 1;
  }
  return Array.from({ length: statements.length - first }, (_, at) => statements.at(first + at) as Statement);
}

function declare(ast: Ast, statement: Statement, found: Declaration[]): void {
  const add = (name: Identifier, word: string, meaning: Meaning, mutable = false, bare = false) =>
    name.text !== "" && found.push({ name: name.text, word, meaning, mutable, bare, from: statement.end });
  if (ast.isVariableStatement(statement)) {
    const constant = (statement.declarationList.flags & ast.NodeFlags.Const) !== 0;
    for (const { name, initializer, type } of statement.declarationList.declarations) {
      const isFunction =
        initializer !== undefined && (ast.isArrowFunction(initializer) || ast.isFunctionExpression(initializer));
      const bare = initializer === undefined && type === undefined;
      for (const each of bindingNames(ast, name))
        add(each, isFunction ? "function" : "variable", "value", !constant, bare);
    }
  } else if (ast.isFunctionDeclaration(statement)) {
    if (statement.name) add(statement.name, "function", "value");
  } else if (ast.isClassDeclaration(statement)) {
    if (statement.name) add(statement.name, "class", "both");
  } else if (ast.isEnumDeclaration(statement)) add(statement.name, "enum", "both");
  else if (ast.isInterfaceDeclaration(statement)) add(statement.name, "interface", "type");
  else if (ast.isTypeAliasDeclaration(statement)) add(statement.name, "type", "type");
  else if (ast.isModuleDeclaration(statement)) {
    if (ast.isIdentifier(statement.name) && statement.name.text !== "global") add(statement.name, "module", "both");
  } else if (ast.isImportEqualsDeclaration(statement)) add(statement.name, "module", "both");
  else if (ast.isImportDeclaration(statement)) {
    for (const [name, word] of importNames(ast, statement.importClause)) add(name, word, "both");
  } else hoistedVars(ast, statement, (name) => add(name, "variable", "value", true));
}

function importNames(ast: Ast, clause: ImportClause | undefined): readonly (readonly [Identifier, string])[] {
  if (clause === undefined) return [];
  const { name, namedBindings } = clause;
  const named =
    namedBindings === undefined
      ? []
      : ast.isNamespaceImport(namedBindings)
        ? [[namedBindings.name, "module"] as const]
        : namedBindings.elements.map((element) => [element.name, "variable"] as const);
  return name === undefined ? named : [[name, "variable"], ...named];
}

/** `var` in blocks, loops and labels of this statement, not in functions. */
function hoistedVars(ast: Ast, node: Node, add: (name: Identifier) => void): void {
  if (isDeferred(ast, node) || ast.isClassDeclaration(node) || ast.isClassExpression(node)) return;
  if (ast.isVariableDeclarationList(node) && (node.flags & ast.NodeFlags.BlockScoped) === 0)
    for (const { name } of node.declarations) for (const each of bindingNames(ast, name)) add(each);
  node.forEachChild((child) => hoistedVars(ast, child, add));
}

function bindingNames(ast: Ast, name: BindingName): readonly Identifier[] {
  if (ast.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) =>
    "name" in element && element.name !== undefined ? bindingNames(ast, element.name as BindingName) : [],
  );
}

/** Every identifier below `nodes` whose text is in `names`, with the function-like node around it inside them, if any. */
export function identifiersIn(
  ast: Ast,
  nodes: readonly Node[],
  names: ReadonlySet<string>,
): readonly { readonly node: Identifier; readonly deferred: boolean }[] {
  const found: { node: Identifier; deferred: boolean }[] = [];
  const visit = (node: Node, deferred: boolean): void => {
    if (ast.isIdentifier(node)) {
      if (names.has(node.text)) found.push({ node, deferred });
      return;
    }
    const inside = deferred || isDeferred(ast, node);
    node.forEachChild((child) => visit(child, inside));
  };
  for (const node of nodes) visit(node, false);
  return found;
}

/** Code in it runs later than the statement that it stands in. */
function isDeferred(ast: Ast, node: Node): boolean {
  return (
    ast.isFunctionDeclaration(node) ||
    ast.isFunctionExpression(node) ||
    ast.isArrowFunction(node) ||
    ast.isMethodDeclaration(node) ||
    ast.isConstructorDeclaration(node) ||
    ast.isGetAccessorDeclaration(node) ||
    ast.isSetAccessorDeclaration(node) ||
    ast.isPropertyDeclaration(node)
  );
}

/** The edit that renames one occurrence, so that property, import and export names keep theirs. */
export function renameEdit(ast: Ast, file: SourceFile, node: Identifier, to: string): Edit {
  const start = node.getStart(file);
  const { parent } = node;
  const keepsProperty =
    (ast.isShorthandPropertyAssignment(parent) && parent.name === node) ||
    (ast.isBindingElement(parent) &&
      parent.name === node &&
      parent.propertyName === undefined &&
      parent.dotDotDotToken === undefined &&
      ast.isObjectBindingPattern(parent.parent));
  if (keepsProperty) return { start, end: node.end, text: `${node.text}: ${to}` };
  const keepsImport = ast.isImportSpecifier(parent) && parent.name === node && parent.propertyName === undefined;
  return { start, end: node.end, text: keepsImport ? `${node.text} as ${to}` : to };
}

/** Exports mean nothing in a notebook, and two cells may export the same name: they are blanked in what stands. */
export function exportEdits(ast: Ast, file: SourceFile, boundary: number): readonly Edit[] {
  return statementsFrom(file, boundary).flatMap((statement): Edit[] => {
    const whole = { start: statement.getStart(file), end: statement.end, text: "" };
    if (ast.isExportAssignment(statement)) return [whole];
    if (ast.isExportDeclaration(statement)) return statement.moduleSpecifier === undefined ? [whole] : [];
    const modifiers = ("modifiers" in statement ? statement.modifiers : undefined) as
      | readonly ModifierLike[]
      | undefined;
    const exported = (modifiers ?? []).filter(
      ({ kind }) => kind === ast.SyntaxKind.ExportKeyword || kind === ast.SyntaxKind.DefaultKeyword,
    );
    const nameless =
      (ast.isFunctionDeclaration(statement) || ast.isClassDeclaration(statement)) && statement.name === undefined;
    if (exported.length > 0 && nameless) return [whole];
    return exported.map((modifier) => ({ start: modifier.getStart(file), end: modifier.end, text: "" }));
  });
}
