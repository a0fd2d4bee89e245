import type { CompiledCell } from "../cell/compile.ts";
import type { CellHost, MagicLink } from "../cell/host.ts";
import { findMagic, type MagicCall } from "../cell/magic-call.ts";
import type { MagicContext, MagicDefinition, MagicInvocation } from "../magics/magic.ts";
import { askedForHelp } from "./ask.ts";
import { asHost } from "./host-code.ts";
import { magicContext } from "./magic-context.ts";
import { setResult } from "./results.ts";
import { rooms } from "./rooms.ts";
import type { CellRun } from "./run.ts";
import type { Session } from "./session.ts";
import { runShell } from "./shell.ts";
import { unknownMagic } from "./unknown-magic.ts";

type Body = MagicInvocation["body"];

/** Runs the magics of one cell when its code reaches them. */
export class MagicRunner {
  readonly #compiled: CompiledCell;
  readonly #session: Session;
  readonly #run: CellRun;
  readonly #context: MagicContext;
  #onStatement: ((statement: number) => void) | undefined;

  constructor(compiled: CompiledCell, run: CellRun, session: Session) {
    this.#compiled = compiled;
    this.#session = session;
    this.#run = run;
    this.#context = magicContext(run, session);
  }

  /** Before each statement of a body that tells when they begin. */
  mark(statement: number): void {
    asHost(() => this.#onStatement?.(statement));
  }

  /** A stack, outermost first: each has the next one as its body. */
  async run(stack: readonly MagicLink[], host: CellHost): Promise<unknown> {
    const value = await this.#runLink(stack, 0, host);
    if (value !== undefined) setResult(value, this.#run.request.executionCount);
    return value;
  }

  async #runLink(stack: readonly MagicLink[], depth: number, host: CellHost): Promise<unknown> {
    const link = stack[depth];
    if (link === undefined) return undefined;
    const [index, expressions] = link;
    const call = this.#compiled.magics[index] as MagicCall;
    const values: unknown[] = [];
    for (const evaluate of expressions) values.push(await evaluate());
    if (call.sign === "!") return runShell(call, values, this.#run);
    if (call.sign === "?") return askedForHelp(call, this.#session, this.#run, this.#context);
    const definition = findMagic(rooms().magics, call.sign, call.name);
    if (!call.known || definition === undefined) throw unknownMagic(call, rooms().magics);
    const invocation = rooms().parseMagic(definition, call, values);
    const inner: Body =
      depth + 1 < stack.length ? () => this.#runLink(stack, depth + 1, host) : this.#body(index, definition, host);
    return rooms().invokeMagic(
      definition,
      inner === undefined ? invocation : { ...invocation, body: inner, statements: this.#statements() },
      this.#context,
    );
  }

  #statements(): MagicInvocation["statements"] {
    const all = [...this.#compiled.bodies.values()].flatMap(({ statements }) => statements);
    if (all.length === 0) return undefined;
    return {
      all,
      onBegin: (listener) => {
        this.#onStatement = listener;
      },
    };
  }

  #body(index: number, definition: MagicDefinition, host: CellHost): Body {
    const unit = this.#compiled.bodies.get(index);
    if (unit === undefined) return undefined;
    if (definition.body === "session") return () => this.#session.execute(unit, host);
    // The unit gives the function once; it is then called for each chunk.
    this.#run.isCalled = true;
    let made: Promise<unknown> | undefined;
    return async (...parameters) => {
      made ??= this.#session.execute(unit, host);
      return ((await made) as (...values: readonly unknown[]) => unknown)(...parameters);
    };
  }
}
