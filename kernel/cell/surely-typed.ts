import type { NameKind } from "./scope.ts";
import { child, children, type Node, nameOf, unwrap } from "./tree.ts";

type KindOf = (name: string) => NameKind | undefined;

/** What is known of a value without asking a type checker. */
type Known = "number" | "string" | "boolean" | "anything";

/** Deeper sums are left to the type checker. */
const DEEPEST = 100;
/** What stands in comments for the type checker. */
const DIRECTIVE = /@ts-/;

/**
 * Whether a type checker can find nothing in a cell, whatever the session holds: it declares nothing, and shows or prints names, literals and what operators
 * make of literals. Such a cell need not wait for a check.
 *
 * @example
 * isSurelyTyped("1 + 1", parse("1 + 1").body, () => undefined); // true
 */
export function isSurelyTyped(code: string, body: readonly Node[], kindOf: KindOf): boolean {
  if (DIRECTIVE.test(code)) return false;
  return body.every((statement) => {
    if (statement.type === "EmptyStatement") return true;
    const expression = statement.type === "ExpressionStatement" ? child(statement, "expression") : undefined;
    return expression !== undefined && (isPrinting(expression, kindOf) || isSure(expression, kindOf));
  });
}

/** These take values of any type. */
const PRINTS = new Set(["log", "info", "warn", "error", "debug"]);

function isPrinting(node: Node, kindOf: KindOf): boolean {
  const callee = node.type === "CallExpression" && !node.optional ? child(node, "callee") : undefined;
  if (callee?.type !== "MemberExpression" || callee.computed || callee.optional || child(node, "typeArguments"))
    return false;
  const [object, method] = [child(callee, "object"), child(callee, "property")];
  if (object?.type !== "Identifier" || nameOf(object) !== "console" || kindOf("console") !== undefined) return false;
  return (
    method !== undefined &&
    PRINTS.has(nameOf(method)) &&
    children(node, "arguments").every((each) => isSure(each, kindOf))
  );
}

function isSure(node: Node, kindOf: KindOf): boolean {
  return known(node, kindOf, 0) !== undefined;
}

/** Undefined where only the type checker knows. */
function known(node: Node, kindOf: KindOf, depth: number): Known | undefined {
  if (depth > DEEPEST) return undefined;
  const inside = (each: Node): Known | undefined => known(each, kindOf, depth + 1);
  switch (node.type) {
    case "Literal":
      return ofLiteral(node);
    case "Identifier":
      return HAVE_VALUES.has(kindOf(nameOf(node)) ?? "") ? "anything" : undefined;
    case "ParenthesizedExpression":
      return inside(unwrap(node) as Node);
    case "UnaryExpression":
      return /^[-+~]$/.test(String(node.operator)) && inside(child(node, "argument") as Node) === "number"
        ? "number"
        : undefined;
    case "BinaryExpression":
      return ofOperator(
        String(node.operator),
        inside(child(node, "left") as Node),
        inside(child(node, "right") as Node),
      );
    case "TemplateLiteral":
      return children(node, "expressions").every((each) => isPrimitive(inside(each))) ? "string" : undefined;
    case "ArrayExpression":
      return children(node, "elements").every((each) => inside(each) !== undefined) ? "anything" : undefined;
    default:
      return undefined;
  }
}

/** An enum may be a constant one, a namespace or an import a type: those are no values to look at. */
const HAVE_VALUES: ReadonlySet<string> = new Set(["const", "let", "var", "function", "class"]);

/** `null` is refused by operators, and a pattern has a grammar of its own. */
function ofLiteral({ value }: Node): Known | undefined {
  const type = typeof value;
  return type === "number" || type === "string" || type === "boolean" ? type : undefined;
}

function isPrimitive(value: Known | undefined): boolean {
  return value !== undefined && value !== "anything";
}

/** No `===` and `&&`: of literals they are always true or always false, which a type checker says. */
function ofOperator(operator: string, left: Known | undefined, right: Known | undefined): Known | undefined {
  const areNumbers = left === "number" && right === "number";
  if (operator === "+") {
    if (areNumbers) return "number";
    return isPrimitive(left) && isPrimitive(right) && (left === "string" || right === "string") ? "string" : undefined;
  }
  if (/^(?:[-*/%]|\*\*)$/.test(operator)) return areNumbers ? "number" : undefined;
  return /^[<>]=?$/.test(operator) && areNumbers ? "boolean" : undefined;
}
