import { readFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../src/errors.ts";
import { MIME } from "../../src/render/mime.ts";
import { refusalOfName } from "../cell/variable-name.ts";
import type { DebugVariable } from "../link/debug.ts";
import { CELL_PATHS, pathOfCell } from "./cell-paths.ts";
import { Control, type DebugHost, THREAD } from "./control.ts";
import type { Inspector } from "./inspector.ts";
import { readRequest } from "./request.ts";
import { userScopes } from "./stop.ts";
import { countsAt } from "./terms.ts";

type Content = Readonly<Record<string, unknown>>;
type Handler = (request: ReturnType<typeof readRequest>) => Content | undefined | Promise<Content | undefined>;

/** While a cell runs, front ends ask for the variables with each output: an answer is good for this long. */
const LOOK_EVERY_MS = 250;

const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsModulesRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  exceptionBreakpointFilters: [
    { filter: "uncaught", label: "Uncaught Exceptions", default: false },
    { filter: "caught", label: "Caught Exceptions", default: false },
  ],
};

/** The debug adapter: requests of the Debug Adapter Protocol, with Jupyter's additions, as commands of V8's inspector. */
export class Debugger {
  readonly control: Control;
  readonly #host: DebugHost;
  /** Cells as front ends have told them, by path. */
  readonly #dumped = new Map<string, string>();
  #isStarted = false;
  /** JupyterLab's tree shows a variable's type in place of its value, which says more and begins with it. */
  #showsTypes = true;
  #looked: { readonly at: number; readonly variables: readonly DebugVariable[] } | undefined;
  readonly #handlers: Readonly<Record<string, Handler>>;

  constructor(inspector: Inspector, host: DebugHost) {
    this.#host = host;
    this.control = new Control(inspector, host);
    this.#handlers = this.#makeHandlers();
  }

  /** The response to a request; what goes wrong is in it. */
  async answer(content: Content): Promise<Content> {
    const command = typeof content.command === "string" ? content.command : "";
    const response = { type: "response", seq: 0, request_seq: content.seq ?? 0, command };
    try {
      const handler = Object.hasOwn(this.#handlers, command) ? this.#handlers[command] : undefined;
      if (!handler) throw new UsageError("E_BAD_REQUEST", `the debugger knows no request ${JSON.stringify(command)}`);
      return { ...response, success: true, body: (await handler(readRequest(content.arguments))) ?? {} };
    } catch (error) {
      const { message, hint } = error as Error & { readonly hint?: string };
      return {
        ...response,
        success: false,
        message: hint ? `${message}: ${hint}` : message,
        body: EMPTY[command] ?? {},
      };
    }
  }

  #makeHandlers(): Record<string, Handler> {
    const { control } = this;
    const goOn = (kind?: "next" | "stepIn" | "stepOut") => async () => {
      await control.goOn(kind);
      return { allThreadsContinued: true };
    };
    return {
      initialize: ({ optional }) => this.#initialize(optional("clientID")),
      attach: () => this.#attach(),
      disconnect: () => this.#disconnect(),
      configurationDone: () => undefined,
      debugInfo: () => this.#info(),
      dumpCell: ({ text }) => this.#dumpCell(text("code")),
      setBreakpoints: (request) => this.#setBreakpoints(request),
      setExceptionBreakpoints: async ({ texts }) => {
        await control.catchExceptions(texts("filters"));
        return { breakpoints: [] };
      },
      threads: () => ({ threads: [{ id: THREAD, name: "cells" }] }),
      stackTrace: async ({ number }) => {
        const all = (await control.stop?.stackFrames(control.scripts)) ?? [];
        const start = number("startFrame") ?? 0;
        return { stackFrames: all.slice(start, start + (number("levels") || all.length)), totalFrames: all.length };
      },
      scopes: async ({ number }) => ({
        scopes: (await control.stop?.scopes(number("frameId") ?? 0, control.desk)) ?? [],
      }),
      variables: (request) => this.#variables(request),
      continue: goOn(),
      next: goOn("next"),
      stepIn: goOn("stepIn"),
      stepOut: goOn("stepOut"),
      pause: () => {
        control.pause();
        return undefined;
      },
      evaluate: ({ text, number }) => this.#evaluate(text("expression"), number("frameId")),
      setVariable: ({ text, number }) =>
        this.#setVariable(number("variablesReference") ?? 0, text("name"), text("value")),
      setExpression: ({ text, number }) => this.#setExpression(text("expression"), text("value"), number("frameId")),
      source: (request) => this.#source(request.sourcePath()),
      modules: () => {
        const modules = control.scripts.files().map((file, id) => ({ id, name: path.basename(file), path: file }));
        return { modules, totalModules: modules.length };
      },
      inspectVariables: async () => this.#shown(await this.#sessionVariables()),
      richInspectVariables: ({ text, number }) => this.#rich(text("variableName"), number("frameId")),
      copyToGlobals: ({ text, number }) =>
        this.#copy(text("srcVariableName"), text("dstVariableName"), number("srcFrameId")),
    };
  }

  #initialize(client: unknown): Content {
    this.#isStarted = true;
    this.#showsTypes = client !== "jupyterlab";
    return CAPABILITIES;
  }

  async #attach(): Promise<undefined> {
    this.#isStarted = true;
    await this.control.attach();
    this.control.tell("initialized", {});
  }

  async #disconnect(): Promise<undefined> {
    this.#isStarted = false;
    await this.control.detach();
  }

  #info(): Content {
    return {
      isStarted: this.#isStarted,
      ...CELL_PATHS,
      breakpoints: this.control.breakpoints.all().map(([source, breakpoints]) => ({
        source,
        breakpoints: breakpoints.map(({ line, terms }) => ({ line, ...terms })),
      })),
      stoppedThreads: this.control.stop ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    };
  }

  #dumpCell(code: string): Content {
    const sourcePath = pathOfCell(code);
    this.#dumped.set(sourcePath, code);
    return { sourcePath };
  }

  async #setBreakpoints({ sourcePath, breakpoints: asked }: ReturnType<typeof readRequest>): Promise<Content> {
    const file = sourcePath();
    const wanted = asked();
    // A hit count that is none is refused here and not where it is reached.
    for (const { hitCondition } of wanted) if (hitCondition) countsAt(hitCondition, 1);
    const text = await this.#textOf(file);
    const breakpoints = await this.control.breakpoints.replace(file, wanted, text);
    return { breakpoints: breakpoints.map(({ id, line }) => ({ id, line, verified: true, source: { path: file } })) };
  }

  async #variables({ number }: ReturnType<typeof readRequest>): Promise<Content> {
    const variables = (await this.control.desk.ask("children", number("variablesReference") ?? 0)) ?? [];
    const [start, count] = [number("start") ?? 0, number("count") || variables.length];
    return this.#shown(variables.slice(start, start + count));
  }

  #shown(variables: readonly DebugVariable[]): Content {
    return { variables: this.#showsTypes ? variables : variables.map(({ type: _, ...shown }) => shown) };
  }

  async #evaluate(expression: string, frameId: number | undefined): Promise<Content> {
    const { code, frame } = await this.#compile(expression, frameId);
    const { value, type, variablesReference } = await this.control.desk.evaluate("keep", code, frame);
    return { result: value, type, variablesReference };
  }

  /** A local is set by its name where its frame stands, what is below a value by itself. */
  async #setVariable(reference: number, name: string, typed: string): Promise<Content> {
    const frameId = this.control.stop?.frameOf(reference);
    if (frameId !== undefined) return this.#setExpression(name, typed, frameId);
    const { code, frame } = await this.#compile(typed, undefined);
    const put = await this.control.desk.evaluate("put", code, frame, [reference, name]);
    if (typeof put === "string") throw new UsageError("E_NOT_SET", put);
    return { value: put.value, type: put.type, variablesReference: put.variablesReference };
  }

  async #setExpression(expression: string, typed: string, frameId: number | undefined): Promise<Content> {
    const { result: value, ...shown } = await this.#evaluate(`${expression} = (${typed}\n)`, frameId);
    const { desk, stop } = this.control;
    const call = stop?.call(frameId);
    if (call) await desk.overwrite(expression, userScopes(call));
    return { value, ...shown };
  }

  async #copy(from: string, to: string, frameId: number | undefined): Promise<undefined> {
    const hint = refusalOfName(to);
    if (hint !== undefined)
      throw new UsageError("E_BAD_NAME", `${JSON.stringify(to)} cannot name a variable`, { hint });
    const { code, frame } = await this.#compile(from, frameId);
    await this.control.desk.evaluate("assign", code, frame, [to]);
  }

  /** What a value's own display shows; while code runs no other code may, so that then it is a line of text. */
  async #rich(name: string, frameId: number | undefined): Promise<Content> {
    if (this.control.stop || !this.#host.activeCell()) {
      const { code, frame } = await this.#compile(name, frameId);
      return { ...(await this.control.desk.evaluate("rich", code, frame)) };
    }
    const value = (await this.#sessionVariables()).find((variable) => variable.name === name)?.value;
    return { data: value === undefined ? {} : { [MIME.text]: value }, metadata: {} };
  }

  /** @throws {UsageError} E_RUNNING, E_EXPRESSION */
  async #compile(typed: string, frameId: number | undefined): Promise<{ code: string; frame: string | undefined }> {
    const call = this.control.stop?.call(frameId);
    if (!call && this.#host.activeCell())
      throw new UsageError("E_RUNNING", "a cell runs", { hint: "pause it before something else is evaluated" });
    const compiled = await this.control.desk.expression(typed, call ? userScopes(call) : []);
    if ("fault" in compiled) throw new UsageError("E_EXPRESSION", compiled.fault);
    return { code: compiled.code, frame: call?.callFrameId };
  }

  async #sessionVariables(): Promise<readonly DebugVariable[]> {
    const { desk, stop } = this.control;
    const isRunning = this.#host.activeCell() !== undefined && !stop;
    if (isRunning && this.#looked && performance.now() - this.#looked.at < LOOK_EVERY_MS) return this.#looked.variables;
    if (!stop) await desk.ask("forget");
    const variables = (await desk.ask("children", await desk.ask("session"))) ?? [];
    this.#looked = isRunning ? { at: performance.now(), variables } : undefined;
    return variables;
  }

  async #source(file: string): Promise<Content> {
    const content = await this.#textOf(file);
    if (content === undefined) throw new UsageError("E_NO_SOURCE", `the text of ${file} is not known`);
    return { content, mimeType: "text/typescript" };
  }

  async #textOf(file: string): Promise<string | undefined> {
    const { scripts } = this.control;
    const dumped = this.#dumped.get(file);
    if (dumped !== undefined) return dumped;
    if (scripts.files().includes(file)) return readFileSync(file, "utf8");
    const [script] = await scripts.withPath(file);
    return script && (await scripts.source(script))?.text;
  }
}

/** Front ends read these also of a failure. */
const EMPTY: Readonly<Record<string, Content>> = {
  inspectVariables: { variables: [] },
  variables: { variables: [] },
  stackTrace: { stackFrames: [], totalFrames: 0 },
  scopes: { scopes: [] },
  setBreakpoints: { breakpoints: [] },
  richInspectVariables: { data: {}, metadata: {} },
};
