import { isNode, type Node } from "./tree.ts";

/**
 * Whether a cell is JavaScript that every supported Node runs as it stands, so that the transformer has nothing to do. Only what is known to be so counts:
 * classes, modules, patterns of newer regular expressions and all that is TypeScript go through the transformer.
 *
 * @example
 * isPlain("1 + 1", parse("1 + 1").body); // true
 */
export function isPlain(code: string, body: readonly Node[]): boolean {
  if (ELSE_IN_SCRIPTS.test(code)) return false;
  // A list and no recursion: a generated sum of thousands of terms nests that deep.
  const waiting = [...body];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (!PLAIN.has(node.type) || isMarked(node)) return false;
    for (const value of Object.values(node)) {
      if (isNode(value)) waiting.push(value);
      else if (Array.isArray(value)) for (const each of value) if (isNode(each)) waiting.push(each);
    }
  }
  return true;
}

/** `a<!--b` has operators in a module and a comment in a script. */
const ELSE_IN_SCRIPTS = /<!--|^#!/;

const PLAIN = new Set([
  "ArrayExpression",
  "ArrayPattern",
  "ArrowFunctionExpression",
  "AssignmentExpression",
  "AssignmentPattern",
  "AwaitExpression",
  "BinaryExpression",
  "BlockStatement",
  "BreakStatement",
  "CallExpression",
  "CatchClause",
  "ChainExpression",
  "ConditionalExpression",
  "ContinueStatement",
  "DoWhileStatement",
  "EmptyStatement",
  "ExpressionStatement",
  "ForInStatement",
  "ForOfStatement",
  "ForStatement",
  "FunctionBody",
  "FunctionDeclaration",
  "FunctionExpression",
  "Identifier",
  "IfStatement",
  "LabeledStatement",
  "Literal",
  "LogicalExpression",
  "MemberExpression",
  "NewExpression",
  "ObjectExpression",
  "ObjectPattern",
  "ParenthesizedExpression",
  "Property",
  "RestElement",
  "ReturnStatement",
  "SequenceExpression",
  "SpreadElement",
  "SwitchCase",
  "SwitchStatement",
  "TaggedTemplateExpression",
  "TemplateElement",
  "TemplateLiteral",
  "ThisExpression",
  "ThrowStatement",
  "TryStatement",
  "UnaryExpression",
  "UpdateExpression",
  "VariableDeclaration",
  "VariableDeclarator",
  "WhileStatement",
  "YieldExpression",
]);

/** TypeScript that is no node of its own: `x?` and `x!`, `declare`; and what Node 20 lacks. */
function isMarked(node: Node): boolean {
  switch (node.type) {
    case "Identifier":
      // As a parameter `this` is one of types only.
      return node.optional === true || node.name === "this";
    case "ObjectPattern":
    case "ArrayPattern":
    case "AssignmentPattern":
    case "RestElement":
      return node.optional === true;
    case "VariableDeclarator":
      return node.definite === true;
    case "VariableDeclaration":
      return node.declare === true || !/^(?:var|let|const)$/.test(String(node.kind));
    case "FunctionDeclaration":
      return node.declare === true;
    case "Literal":
      return "regex" in node && /v/.test(String((node.regex as { readonly flags?: unknown }).flags));
    default:
      return false;
  }
}
