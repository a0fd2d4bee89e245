import MagicString from "magic-string";
import { scopeNames } from "./names.ts";
import type { Position } from "./positions.ts";
import { refuse } from "./refuse.ts";
import { writeLoopTarget, writeLoopVariables, writeVariables } from "./session-variables.ts";
import {
  child,
  children,
  identifierEnd,
  isNameless,
  isTypeOnly,
  type Node,
  nameOf,
  unwrap,
  valueChildren,
  withoutTypes,
} from "./tree.ts";
import { type Env, isLocal, type Walker } from "./walker.ts";

/** Names that the generated code itself uses. */
export const SLOT_PREFIX = "$og_";

const ENDS_WITH_SEMICOLON =
  /^(ExpressionStatement|ReturnStatement|ThrowStatement|DoWhileStatement|VariableDeclaration|BreakStatement|ContinueStatement|DebuggerStatement)$/;

const NAMING_OPERATORS = new Set(["=", "||=", "&&=", "??="]);

/** Walks expressions and nested statements and turns references to session names into slot reads and writes. */
export class Rewriter implements Walker {
  readonly text: MagicString;
  readonly uses = new Set<string>();
  /** Where called session names end, or their type arguments: to where they start. */
  readonly callees = new Map<number, number>();
  /** Declarations in the head of a `for`, which are no statements. */
  readonly #forHeads = new Set<Node | undefined>();
  readonly #code: string;
  readonly #kindOf: (name: string) => string | undefined;

  readonly #isDebugged: boolean;
  readonly place: (offset: number) => Position;

  constructor(
    code: string,
    kindOf: (name: string) => string | undefined,
    place: (offset: number) => Position,
    isDebugged = false,
  ) {
    this.#isDebugged = isDebugged;
    this.place = place;
    this.#code = code;
    this.text = new MagicString(code);
    this.#kindOf = kindOf;
  }

  slotOf(name: string): string {
    this.uses.add(name);
    return `${SLOT_PREFIX}${name}`;
  }

  slot(name: string): string {
    return `${this.slotOf(name)}.v`;
  }

  visit(node: Node, env: Env): void {
    if (isTypeOnly(node)) return;
    refuse(node);
    if (node.type === "ForStatement") this.#forHeads.add(child(node, "init"));
    this.#inside(node, env);
    this.endStatement(node);
  }

  #inside(node: Node, env: Env): void {
    switch (node.type) {
      case "Literal":
        return;
      case "Identifier":
        return this.#reference(node, env);
      case "MemberExpression":
        this.visit(child(node, "object") as Node, env);
        if (node.computed) this.visit(child(node, "property") as Node, env);
        return;
      case "CallExpression":
      case "TaggedTemplateExpression":
        return this.#call(node, env);
      case "Property":
        return this.#property(node, env);
      case "MethodDefinition":
      case "PropertyDefinition":
      case "AccessorProperty":
        for (const decorator of children(node, "decorators")) this.visit(decorator, env);
        if (node.computed) this.visit(child(node, "key") as Node, env);
        if (child(node, "value")) this.visit(child(node, "value") as Node, env);
        return;
      case "ImportExpression":
        this.text.update(node.start, node.start + "import".length, "$host.import");
        break;
      case "MetaProperty":
        if (this.#code.startsWith("import", node.start)) this.text.update(node.start, node.end, "$host.importMeta");
        return;
      case "AwaitExpression":
        this.text.appendRight(node.start, "$host.alive(");
        this.visit(child(node, "argument") as Node, env);
        this.text.appendLeft(node.end, ")");
        return;
      case "AssignmentExpression":
        return this.#assignment(node, env);
      case "AssignmentPattern":
        return this.target(node, env);
      case "UpdateExpression":
        return this.target(child(node, "argument") as Node, env);
      case "ReturnStatement":
        if (this.#isDebugged) this.#holdReturn(child(node, "argument"), env);
        break;
      case "LabeledStatement":
        return this.visit(child(node, "body") as Node, env);
      case "BinaryExpression":
        return this.#operands(node, env);
      case "BreakStatement":
      case "ContinueStatement":
        return;
      case "TSEnumMember":
        if (child(node, "initializer")) this.visit(child(node, "initializer") as Node, env);
        return;
      case "TSImportEqualsDeclaration":
        return;
      case "VariableDeclaration":
        if (node.kind !== "var" || env.inFunction) break;
        return this.#forHeads.has(node) ? writeLoopVariables(this, node, env) : writeVariables(this, node, env);
    }
    const inner = innerEnv(node, env);
    if (node.type === "ForInStatement" || node.type === "ForOfStatement") return this.#forEach(node, inner);
    for (const each of valueChildren(node)) this.visit(each, inner);
  }

  target(node: Node, env: Env, declares = false): void {
    switch (node.type) {
      case "Identifier": {
        const name = nameOf(node);
        if (!declares && !this.#isSession(name, env)) return;
        const isConstant = !declares && /^(?:const|import)$/.test(this.#kindOf(name) ?? "");
        const write = isConstant ? `$host.constAssign(${JSON.stringify(name)}).v` : this.slot(name);
        this.text.update(node.start, identifierEnd(this.#code, node), write);
        return;
      }
      case "ObjectPattern":
        for (const property of children(node, "properties")) {
          if (property.type === "RestElement") this.target(child(property, "argument") as Node, env, declares);
          else this.#property(property, env, declares ? "declare" : "assign");
        }
        return;
      case "ArrayPattern":
        for (const element of children(node, "elements")) this.target(element, env, declares);
        return;
      case "AssignmentPattern": {
        const left = child(node, "left") as Node;
        const isSlot = left.type === "Identifier" && (declares || this.#isSession(nameOf(left), env));
        this.target(left, env, declares);
        return this.named(isSlot ? nameOf(left) : undefined, child(node, "right") as Node, env);
      }
      case "RestElement":
        return this.target(child(node, "argument") as Node, env, declares);
      default: {
        const inner = unwrap(node);
        if (inner) this.target(inner, env);
        else this.visit(node, env);
      }
    }
  }

  named(name: string | undefined, value: Node, env: Env): void {
    if (name === undefined || !isNameless(value)) return this.visit(value, env);
    const key = `[${JSON.stringify(name)}]`;
    this.text.appendRight(value.start, `({${key}:`);
    this.visit(value, env);
    this.text.appendLeft(value.end, `})${key}`);
  }

  /** After all else of the statement: a rewritten call starts with a bracket, so no statement may rely on the line break before it. */
  endStatement(node: Node): void {
    if (!ENDS_WITH_SEMICOLON.test(node.type) || this.#forHeads.has(node)) return;
    if (this.#code[node.end - 1] !== ";") this.text.appendLeft(node.end, ";");
  }

  /** Of `return x` V8 can stop only where the block is left, its names with it: something must be computed for it to stop before. */
  #holdReturn(value: Node | undefined, env: Env): void {
    if (value?.type !== "Identifier" || this.#isSession(nameOf(value), env)) return;
    this.text.appendRight(value.start, "(").appendLeft(value.end, ` ?? ${nameOf(value)})`);
  }

  #reference(node: Node, env: Env): void {
    const name = nameOf(node);
    if (!this.#isSession(name, env)) return;
    this.text.update(node.start, identifierEnd(this.#code, node), this.slot(name));
  }

  /** A generated sum of thousands of terms nests that deep on its left: a loop, since the stack would not last. */
  #operands(node: Node, env: Env): void {
    const rights: Node[] = [];
    let left = node;
    for (; left.type === "BinaryExpression"; left = child(left, "left") as Node)
      rights.push(child(left, "right") as Node);
    this.visit(left, env);
    for (const right of rights.reverse()) this.visit(right, env);
  }

  #assignment(node: Node, env: Env): void {
    const left = child(node, "left") as Node;
    const plain = withoutTypes(left);
    const isSlot = plain.type === "Identifier" && this.#isSession(nameOf(plain), env);
    const names = isSlot && NAMING_OPERATORS.has(String(node.operator));
    this.target(left, env);
    this.named(names ? nameOf(plain) : undefined, child(node, "right") as Node, env);
  }

  /** `f()` on a slot would pass the slot as `this`. */
  #call(node: Node, env: Env): void {
    const callee = (child(node, "callee") ?? child(node, "tag")) as Node;
    const plain = withoutTypes(callee);
    if (plain.type === "Identifier" && this.#isSession(nameOf(plain), env)) {
      this.text.update(callee.start, callee.end, `(0,${this.slot(nameOf(plain))})`);
      for (const { end } of [callee, child(node, "typeArguments") ?? callee]) this.callees.set(end, callee.start);
    } else this.visit(callee, env);
    for (const argument of children(node, "arguments")) this.visit(argument, env);
    const quasi = child(node, "quasi");
    if (quasi) this.visit(quasi, env);
  }

  #property(node: Node, env: Env, as: "value" | "assign" | "declare" = "value"): void {
    const value = child(node, "value") as Node;
    if (node.computed) this.visit(child(node, "key") as Node, env);
    if (node.shorthand) {
      const name = nameOf(child(node, "key") as Node);
      if (as !== "declare" && !this.#isSession(name, env)) {
        if (value.type === "AssignmentPattern") this.visit(child(value, "right") as Node, env);
        return;
      }
      this.text.appendRight(node.start, `${name}: `);
    }
    if (as === "value") this.visit(value, env);
    else this.target(value, env, as === "declare");
  }

  #forEach(node: Node, env: Env): void {
    const left = child(node, "left") as Node;
    this.#forHeads.add(left);
    if (left.type !== "VariableDeclaration") this.target(left, env);
    else if (left.kind === "var" && !env.inFunction) writeLoopTarget(this, left, env);
    else this.visit(left, env);
    this.visit(child(node, "right") as Node, env);
    const body = child(node, "body") as Node;
    if (node.await) this.text.appendRight(body.start, "{$host.alive();");
    this.visit(body, env);
    if (node.await) this.text.appendLeft(body.end, "}");
  }

  #isSession(name: string, env: Env): boolean {
    return this.#kindOf(name) !== undefined && !isLocal(name, env);
  }
}

function innerEnv(node: Node, env: Env): Env {
  const names = scopeNames(node);
  if (!names) return env;
  const inFunction = env.inFunction || /Function|StaticBlock|TSModuleBlock/.test(node.type);
  return { names: new Set(names), parent: env, inFunction };
}
