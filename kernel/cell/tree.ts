import { parseSync } from "oxc-parser";

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
  return node.declare === true || (node.type.startsWith("TS") && !TS_WITH_VALUES.has(node.type));
}

/** Every child node that may hold run-time code, in order. */
export function valueChildren(node: Node): Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    // The name that a function, class, enum or namespace declares is no reference.
    if (key === "id" && node.type !== "VariableDeclarator") continue;
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found.filter((each) => !isTypeOnly(each));
}
