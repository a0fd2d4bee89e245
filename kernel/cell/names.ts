import { child, children, declaredIdentifier, isNode, isTypeOnly, type Node, nameOf, valueChildren } from "./tree.ts";

/** The identifiers that a binding pattern declares. */
function patternNames(pattern: Node): Node[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return children(pattern, "properties").flatMap((property) =>
        patternNames(child(property, "value") ?? child(property, "argument") ?? property),
      );
    case "ArrayPattern":
      return children(pattern, "elements").flatMap(patternNames);
    case "AssignmentPattern":
      return patternNames(child(pattern, "left") ?? pattern);
    case "RestElement":
      return patternNames(child(pattern, "argument") ?? pattern);
    case "TSParameterProperty":
      return patternNames(child(pattern, "parameter") ?? pattern);
    default:
      return [];
  }
}

/** `let`, `const`, `using`, class, function, enum and namespace names that the statements of a block declare. */
function lexicalNames(statements: readonly Node[]): string[] {
  return statements.flatMap((statement) => {
    const declaration = child(statement, "declaration");
    const node = statement.type.startsWith("Export") && declaration ? declaration : statement;
    if (isTypeOnly(node)) return [];
    if (node.type === "VariableDeclaration") return node.kind === "var" ? [] : declaredNames(node);
    if (/^(FunctionDeclaration|ClassDeclaration|TSEnumDeclaration|TSModuleDeclaration)$/.test(node.type)) {
      return ownName(node);
    }
    return [];
  });
}

export function declaredNames(declaration: Node): string[] {
  return children(declaration, "declarations").flatMap((each) => {
    const id = child(each, "id");
    return id ? patternNames(id).map(nameOf) : [];
  });
}

/** `var` names below a node, not past functions and classes. */
export function hoistedNames(node: Node): string[] {
  if (isTypeOnly(node) || HOLDS_NO_VAR.test(node.type)) return [];
  const own = node.type === "VariableDeclaration" && node.kind === "var" ? declaredNames(node) : [];
  return [...own, ...valueChildren(node).flatMap(hoistedNames)];
}

/** Expressions cannot hold a `var` of the code around them, and literals can be very large. */
const HOLDS_NO_VAR = /Expression$|Literal$|^Class|^FunctionDeclaration$|^ExpressionStatement$|^TSModuleDeclaration$/;

export function isFunction(node: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/** The names that a node makes local to itself; undefined when it opens no scope. */
export function scopeNames(node: Node): string[] | undefined {
  if (isFunction(node)) return functionNames(node);
  const body = child(node, "body");
  switch (node.type) {
    case "BlockStatement":
    case "StaticBlock":
    case "TSModuleBlock":
      return node.type === "BlockStatement"
        ? lexicalNames(children(node, "body"))
        : [
            ...lexicalNames(children(node, "body")),
            ...children(node, "body").flatMap((each) => hoistedNames(child(each, "declaration") ?? each)),
          ];
    case "SwitchStatement":
      return lexicalNames(children(node, "cases").flatMap((each) => children(each, "consequent")));
    case "ForStatement":
      return headNames(child(node, "init"));
    case "ForInStatement":
    case "ForOfStatement":
      return headNames(child(node, "left"));
    case "CatchClause":
      return child(node, "param") ? patternNames(child(node, "param") as Node).map(nameOf) : [];
    case "ClassDeclaration":
    case "ClassExpression":
      return ownName(node);
    case "TSModuleDeclaration":
      return ownName(node);
    case "TSEnumDeclaration":
      return [...ownName(node), ...(body ? children(body, "members").flatMap(memberName) : [])];
    default:
      return undefined;
  }
}

function functionNames(node: Node): string[] {
  const body = child(node, "body");
  const statements = body?.type === "BlockStatement" || body?.type === "FunctionBody" ? children(body, "body") : [];
  return [
    ...(node.type === "ArrowFunctionExpression" ? [] : ["arguments"]),
    ...(node.type === "FunctionExpression" ? ownName(node) : []),
    ...parametersOf(node).flatMap(patternNames).map(nameOf),
    ...lexicalNames(statements),
    ...statements.flatMap(hoistedNames),
  ];
}

function parametersOf(node: Node): readonly Node[] {
  const list = node.params;
  if (Array.isArray(list)) return list.filter(isNode);
  return isNode(list) ? children(list, "items") : [];
}

function headNames(head: Node | undefined): string[] {
  return head?.type === "VariableDeclaration" && head.kind !== "var" ? declaredNames(head) : [];
}

function ownName(node: Node): string[] {
  const id = declaredIdentifier(node);
  return id ? [nameOf(id)] : [];
}

function memberName(member: Node): string[] {
  const id = child(member, "id");
  return id?.type === "Identifier" ? [nameOf(id)] : id ? [String(id.value)] : [];
}
