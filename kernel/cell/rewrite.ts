import MagicString from "magic-string";
import { cellLocals, sessionDeclarations } from "./declarations.ts";
import { scopeNames } from "./names.ts";
import type { CellScope, Declared } from "./scope.ts";
import { rewriteTopLevel } from "./statements.ts";
import { child, children, isTypeOnly, type Node, nameOf, valueChildren } from "./tree.ts";

export interface Rewritten {
  readonly text: MagicString;
  readonly declares: readonly Declared[];
  /** Session names whose slots the code uses, in the order of the slot list. */
  readonly uses: readonly string[];
}

interface Env {
  readonly names: ReadonlySet<string>;
  readonly parent: Env | undefined;
  /** Declarations of `var` below this are the function's own. */
  readonly inFunction: boolean;
}

/** Names that the generated code itself uses. */
export const SLOT_PREFIX = "$og_";

/** Rewrites a parsed cell so that its session names live in slots; inserts no line break, so that lines stay. */
export function rewriteCell(
  code: string,
  body: readonly Node[],
  scope: CellScope,
  returns?: { readonly start: number; readonly end: number },
): Rewritten {
  const declares = sessionDeclarations(body);
  const kinds = new Map(declares.map(({ name, kind }) => [name, kind]));
  const rewriter = new Rewriter(code, (name) => kinds.get(name) ?? scope.kind(name));
  if (returns) rewriter.text.appendRight(returns.start, "return (").appendLeft(returns.end, ")");
  rewriteTopLevel(rewriter, body, { names: new Set(cellLocals(body)), parent: undefined, inFunction: false });
  return { text: rewriter.text, declares, uses: [...rewriter.uses] };
}

const ENDS_WITH_SEMICOLON =
  /^(ExpressionStatement|ReturnStatement|ThrowStatement|DoWhileStatement|VariableDeclaration|BreakStatement|ContinueStatement|DebuggerStatement)$/;

/** Walks expressions and nested statements and turns references to session names into slot reads and writes. */
export class Rewriter {
  readonly text: MagicString;
  readonly uses = new Set<string>();
  /** Declarations in the head of a `for`, which are no statements. */
  readonly #forHeads = new Set<Node | undefined>();
  readonly #code: string;
  readonly #kindOf: (name: string) => string | undefined;

  constructor(code: string, kindOf: (name: string) => string | undefined) {
    this.#code = code;
    this.text = new MagicString(code);
    this.#kindOf = kindOf;
  }

  /** The slot expression of a session name. */
  slot(name: string): string {
    this.uses.add(name);
    return `${SLOT_PREFIX}${name}.v`;
  }

  visit(node: Node, env: Env): void {
    if (isTypeOnly(node)) return;
    if (node.type === "ForStatement") this.#forHeads.add(child(node, "init"));
    this.#inside(node, env);
    this.endStatement(node);
  }

  #inside(node: Node, env: Env): void {
    const names = scopeNames(node);
    const inner = names
      ? {
          names: new Set(names),
          parent: env,
          inFunction: env.inFunction || /Function|StaticBlock|TSModuleBlock/.test(node.type),
        }
      : env;
    switch (node.type) {
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
      case "AssignmentExpression":
        this.target(child(node, "left") as Node, env);
        return this.visit(child(node, "right") as Node, env);
      case "UpdateExpression":
        return this.target(child(node, "argument") as Node, env);
      case "ForInStatement":
      case "ForOfStatement":
        return this.#forEach(node, inner);
      case "VariableDeclaration":
        if (node.kind === "var" && !inner.inFunction) return this.sessionDeclaration(node, env);
        break;
      case "LabeledStatement":
        return this.visit(child(node, "body") as Node, env);
      case "BreakStatement":
      case "ContinueStatement":
        return;
      case "TSEnumMember":
        if (child(node, "initializer")) this.visit(child(node, "initializer") as Node, env);
        return;
    }
    for (const each of valueChildren(node)) this.visit(each, inner);
  }

  /** An assignment target, or a pattern that declares session names: only a declaration may write a constant. */
  target(node: Node, env: Env, declares = false): void {
    switch (node.type) {
      case "Identifier": {
        const name = nameOf(node);
        if (!declares && !this.#isSession(name, env)) return;
        const kind = this.#kindOf(name);
        const constant = !declares && (kind === "const" || kind === "import");
        return void this.text.update(
          node.start,
          node.start + name.length,
          constant ? `$host.constAssign(${JSON.stringify(name)}).v` : this.slot(name),
        );
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
      case "AssignmentPattern":
        this.target(child(node, "left") as Node, env, declares);
        return this.visit(child(node, "right") as Node, env);
      case "RestElement":
        return this.target(child(node, "argument") as Node, env, declares);
      case "TSNonNullExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSTypeAssertion":
      case "ParenthesizedExpression":
        return this.target(child(node, "expression") as Node, env);
      default:
        this.visit(node, env);
    }
  }

  /** A declaration at the session's level: its keyword goes, each pattern becomes an assignment to slots. */
  sessionDeclaration(node: Node, env: Env): void {
    const declarators = children(node, "declarations");
    const first = declarators[0] as Node;
    const isFor = this.#forHeads.has(node);
    this.text.update(node.start, first.start, isFor ? "" : ";");
    for (const declarator of declarators) this.#declarator(declarator, node.kind === "var", isFor, env);
  }

  #declarator(node: Node, isVar: boolean, isFor: boolean, env: Env): void {
    const id = child(node, "id") as Node;
    const init = child(node, "init");
    this.#dropAnnotation(id);
    if (!init) {
      if (id.type !== "Identifier") return this.target(id, env, true);
      if (isFor) return this.target(id, env, true);
      const name = nameOf(id);
      // `var x;` changes nothing but makes the name readable; `let x;` is undefined again.
      const write = isVar
        ? `(Object.hasOwn(${SLOT_PREFIX}${name},"v")||(${this.slot(name)}=void 0))`
        : `(${this.slot(name)}=void 0)`;
      this.text.update(id.start, id.start + name.length, write);
      return;
    }
    this.text.appendRight(node.start, "(");
    this.target(id, env, true);
    this.#named(id, init, env);
    this.text.appendLeft(node.end, ")");
  }

  /** An anonymous function keeps the name that its declaration gives it. */
  #named(id: Node, init: Node, env: Env): void {
    const anonymous =
      /^(ArrowFunctionExpression|FunctionExpression|ClassExpression)$/.test(init.type) && !child(init, "id");
    if (anonymous && id.type === "Identifier") {
      const key = JSON.stringify(nameOf(id));
      this.text.appendRight(init.start, `({${key}:`);
      this.visit(init, env);
      this.text.appendLeft(init.end, `})[${key}]`);
    } else this.visit(init, env);
  }

  #dropAnnotation(id: Node): void {
    const annotation = child(id, "typeAnnotation");
    if (id.type === "Identifier") {
      const from = id.start + nameOf(id).length;
      const definite = /^\s*!/.exec(this.#code.slice(from))?.[0].length ?? 0;
      const end = annotation ? annotation.end : from + definite;
      if (end > from) this.text.update(from, end, this.#code.slice(from, end).replace(/[^\n]/g, "") || " ");
    } else if (annotation) {
      this.text.update(
        annotation.start,
        annotation.end,
        this.#code.slice(annotation.start, annotation.end).replace(/[^\n]/g, "") || " ",
      );
    }
  }

  #reference(node: Node, env: Env): void {
    const name = nameOf(node);
    if (!this.#isSession(name, env)) return;
    this.text.update(node.start, node.start + name.length, this.slot(name));
  }

  /** `f()` on a slot would pass the slot as `this`. */
  #call(node: Node, env: Env): void {
    const callee = (child(node, "callee") ?? child(node, "tag")) as Node;
    if (callee.type === "Identifier" && this.#isSession(nameOf(callee), env)) {
      this.text.update(callee.start, callee.end, `(0,${this.slot(nameOf(callee))})`);
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
    if (left.type === "VariableDeclaration") {
      this.#forHeads.add(left);
      this.visit(left, env);
    } else this.target(left, env);
    this.visit(child(node, "right") as Node, env);
    this.visit(child(node, "body") as Node, env);
  }

  /** After all else of the statement: a rewritten call starts with a bracket, so no statement may rely on the line break before it. */
  endStatement(node: Node): void {
    if (!ENDS_WITH_SEMICOLON.test(node.type) || this.#forHeads.has(node)) return;
    if (this.#code[node.end - 1] !== ";") this.text.appendLeft(node.end, ";");
  }

  #isSession(name: string, env: Env): boolean {
    return this.#kindOf(name) !== undefined && !this.#isLocal(name, env);
  }

  #isLocal(name: string, env: Env): boolean {
    for (let at: Env | undefined = env; at; at = at.parent) if (at.names.has(name)) return true;
    return false;
  }
}

export type { Env };
