import { readFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../src/errors.ts";
import type { DebugVariable } from "../link/debug.ts";
import { CELL_PATHS, pathOfCell } from "./cell-paths.ts";
import { Control, type DebugHost, THREAD } from "./control.ts";
import type { Inspector } from "./inspector.ts";
import { readRequest } from "./request.ts";
import { countsAt } from "./terms.ts";
import { Values } from "./values.ts";

type Content = Readonly<Record<string, unknown>>;
type Handler = (request: ReturnType<typeof readRequest>) => Content | undefined | Promise<Content | undefined>;

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
  readonly #values: Values;
  /** Cells as front ends have told them, by path. */
  readonly #dumped = new Map<string, string>();
  #isStarted = false;
  /** JupyterLab's tree shows a variable's type in place of its value, which says more and begins with it. */
  #showsTypes = true;
  readonly #handlers: Readonly<Record<string, Handler>>;

  constructor(inspector: Inspector, host: DebugHost) {
    this.control = new Control(inspector, host);
    this.#values = new Values(this.control, host);
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
    const control = this.control;
    const values = this.#values;
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
      evaluate: ({ text, number }) => values.evaluate(text("expression"), number("frameId")),
      setVariable: ({ text, number }) =>
        values.setVariable(number("variablesReference") ?? 0, text("name"), text("value")),
      setExpression: ({ text, number }) => values.setExpression(text("expression"), text("value"), number("frameId")),
      source: (request) => this.#source(request.sourcePath()),
      modules: () => {
        const modules = control.scripts.files().map((file, id) => ({ id, name: path.basename(file), path: file }));
        return { modules, totalModules: modules.length };
      },
      inspectVariables: async () => this.#shown(await values.sessionVariables()),
      richInspectVariables: ({ text, number }) => values.rich(text("variableName"), number("frameId")),
      copyToGlobals: ({ text, number }) =>
        values.copy(text("srcVariableName"), text("dstVariableName"), number("srcFrameId")),
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
