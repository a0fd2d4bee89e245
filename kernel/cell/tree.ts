import { parseSync } from "oxc-parser";
import { TOO_DEEP, tooDeepAt } from "./nesting.ts";

/** A node of the ESTree that oxc gives, TypeScript nodes included. Offsets are UTF-16. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface ParseFailure {
  readonly message: string;
  readonly offset: number;
}

/** Parses a cell as a module; the failure that a person should see is given, not thrown. */
export function parse(code: string): { readonly body: readonly Node[]; readonly failure?: ParseFailure | undefined } {
  const deep = tooDeepAt(code);
  if (deep !== undefined) return { body: [], failure: { message: TOO_DEEP, offset: deep } };
  const { program, errors } = parseSync("cell.ts", code, {
    lang: "ts",
    sourceType: "module",
    showSemanticErrors: true,
  });
  const first = errors[0];
  if (!first) return { body: program.body as unknown as readonly Node[] };
  // Of a duplicate declaration the second one is the fault; label 0 is the first.
  const label = /already been declared/.test(first.message) ? first.labels.at(-1) : first.labels[0];
  return { body: [], failure: { message: first.message, offset: label?.start ?? 0 } };
}

/** Whether the code is right once JSX is allowed. */
export function parsesAsJsx(code: string): boolean {
  if (tooDeepAt(code) !== undefined) return false;
  return parseSync("cell.tsx", code, { lang: "tsx", sourceType: "module" }).errors.length === 0;
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** The child under `key`, when it is a node. */
export function child(node: Node, key: string): Node | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

/** The children under `key`, without the holes of array patterns. */
export function children(node: Node, key: string): readonly Node[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function nameOf(node: Node): string {
  return String(node.name);
}

const WRAPPERS =
  /^(ParenthesizedExpression|TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|TSTypeAssertion|TSInstantiationExpression)$/;

/** What stands in parentheses or under a type assertion. */
export function unwrap(node: Node): Node | undefined {
  return WRAPPERS.test(node.type) ? child(node, "expression") : undefined;
}

/** The expression that is left once types and parentheses are gone. */
export function withoutTypes(node: Node): Node {
  const inner = unwrap(node);
  return inner ? withoutTypes(inner) : node;
}

/** A function or class that takes the name of what it is assigned to. */
export function isNameless(node: Node): boolean {
  const { type, id } = withoutTypes(node);
  return /^(?:ArrowFunctionExpression|(?:Function|Class)(?:Expression|Declaration))$/.test(type) && !id;
}

/** Where the name ends; an identifier node goes on to the end of its type, and a name may be typed with escapes. */
export function identifierEnd(code: string, node: Node): number {
  const name = nameOf(node);
  if (code.startsWith(name, node.start)) return node.start + name.length;
  ESCAPED_NAME.lastIndex = node.start;
  return node.start + (ESCAPED_NAME.exec(code)?.[0].length ?? name.length);
}

const ESCAPED_NAME = /(?:[$\p{ID_Continue}\u200c\u200d]|\\u\{[\da-f]+\}|\\u[\da-f]{4})+/iuy;

/** TypeScript nodes that hold run-time code; all others are types and are left to the transformer. */
const TS_WITH_VALUES = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "TSEnumDeclaration",
  "TSEnumBody",
  "TSEnumMember",
  "TSModuleDeclaration",
  "TSModuleBlock",
  "TSParameterProperty",
  "TSExportAssignment",
]);

export function isTypeOnly(node: Node): boolean {
  if (node.declare === true) return true;
  if (node.type === "TSModuleDeclaration") return !hasValues(node);
  return node.type.startsWith("TS") && !TS_WITH_VALUES.has(node.type);
}

/** A namespace of types leaves nothing at run time. */
function hasValues(namespace: Node): boolean {
  const block = child(namespace, "body");
  if (block?.type === "TSModuleDeclaration") return hasValues(block);
  return children(block ?? namespace, "body").some((statement) => {
    if (statement.exportKind === "type") return false;
    const node = statement.type === "ExportNamedDeclaration" ? child(statement, "declaration") : statement;
    return node !== undefined && !isTypeOnly(node);
  });
}

/** The identifier that a function, class, enum or namespace declares; of `namespace A.B` it is `A`. */
export function declaredIdentifier(node: Node): Node | undefined {
  let id = child(node, "id");
  while (id?.type === "TSQualifiedName") id = child(id, "left");
  return id?.type === "Identifier" ? id : undefined;
}

/** Every child node that may hold run-time code, in order. */
export function valueChildren(node: Node): Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    // The name that a function, class, enum or namespace declares is no reference.
    if (key === "id" && node.type !== "VariableDeclarator") continue;
    // One by one: a literal may have more elements than a call may have arguments.
    for (const each of Array.isArray(value) ? value : [value]) if (isNode(each) && !isTypeOnly(each)) found.push(each);
  }
  return found;
}
