import { UsageError } from "../../src/errors.ts";
import { MIME } from "../../src/render/mime.ts";
import { refusalOfName } from "../cell/variable-name.ts";
import type { DebugVariable } from "../link/debug.ts";
import type { Control, DebugHost } from "./control.ts";
import { userScopes } from "./stop.ts";

type Content = Readonly<Record<string, unknown>>;

/** While a cell runs, front ends ask for the variables with each output: an answer is good for this long. */
const LOOK_EVERY_MS = 250;

/** Expressions and variables, where code stands and between cells: what they are, and how they are set. */
export class Values {
  readonly #control: Control;
  readonly #host: Pick<DebugHost, "activeCell">;
  #looked: { readonly at: number; readonly variables: readonly DebugVariable[] } | undefined;

  constructor(control: Control, host: Pick<DebugHost, "activeCell">) {
    this.#control = control;
    this.#host = host;
  }

  async evaluate(expression: string, frameId: number | undefined): Promise<Content> {
    const { code, frame } = await this.#compile(expression, frameId);
    const { value, type, variablesReference } = await this.#control.desk.evaluate("keep", code, frame);
    return { result: value, type, variablesReference };
  }

  /** A local is set by its name where its frame stands, what is below a value by itself. */
  async setVariable(reference: number, name: string, typed: string): Promise<Content> {
    const frameId = this.#control.stop?.frameOf(reference);
    if (frameId !== undefined) return this.setExpression(name, typed, frameId);
    const { code, frame } = await this.#compile(typed, undefined);
    const put = await this.#control.desk.evaluate("put", code, frame, [reference, name]);
    if (typeof put === "string") throw new UsageError("E_NOT_SET", put);
    return { value: put.value, type: put.type, variablesReference: put.variablesReference };
  }

  async setExpression(expression: string, typed: string, frameId: number | undefined): Promise<Content> {
    const { result: value, ...shown } = await this.evaluate(`${expression} = (${typed}\n)`, frameId);
    const { desk, stop } = this.#control;
    const call = stop?.call(frameId);
    if (call) await desk.overwrite(expression, userScopes(call));
    return { value, ...shown };
  }

  async copy(from: string, to: string, frameId: number | undefined): Promise<undefined> {
    const hint = refusalOfName(to);
    if (hint !== undefined)
      throw new UsageError("E_BAD_NAME", `${JSON.stringify(to)} cannot name a variable`, { hint });
    const { code, frame } = await this.#compile(from, frameId);
    await this.#control.desk.evaluate("assign", code, frame, [to]);
  }

  /** What a value's own display shows; while code runs no other code may, so that then it is a line of text. */
  async rich(name: string, frameId: number | undefined): Promise<Content> {
    if (this.#control.stop || !this.#host.activeCell()) {
      const { code, frame } = await this.#compile(name, frameId);
      return { ...(await this.#control.desk.evaluate("rich", code, frame)) };
    }
    const value = (await this.sessionVariables()).find((variable) => variable.name === name)?.value;
    return { data: value === undefined ? {} : { [MIME.text]: value }, metadata: {} };
  }

  /** @throws {UsageError} E_RUNNING, E_EXPRESSION */
  async #compile(typed: string, frameId: number | undefined): Promise<{ code: string; frame: string | undefined }> {
    const call = this.#control.stop?.call(frameId);
    if (!call && this.#host.activeCell())
      throw new UsageError("E_RUNNING", "a cell runs", { hint: "pause it before something else is evaluated" });
    const compiled = await this.#control.desk.expression(typed, call ? userScopes(call) : []);
    if ("fault" in compiled) throw new UsageError("E_EXPRESSION", compiled.fault);
    return { code: compiled.code, frame: call?.callFrameId };
  }

  async sessionVariables(): Promise<readonly DebugVariable[]> {
    const { desk, stop } = this.#control;
    const isRunning = this.#host.activeCell() !== undefined && !stop;
    if (isRunning && this.#looked && performance.now() - this.#looked.at < LOOK_EVERY_MS) return this.#looked.variables;
    if (!stop) await desk.ask("forget");
    const variables = (await desk.ask("children", await desk.ask("session"))) ?? [];
    this.#looked = isRunning ? { at: performance.now(), variables } : undefined;
    return variables;
  }
}
