import type { Client, Execution, Json, Message } from "./client.ts";

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly variablesReference: number;
}

/** A front end that debugs: asks on the control channel and hears the events on iopub. */
export class DebugClient {
  readonly client: Client;
  #seq = 0;
  #seen = 0;

  constructor(client: Client) {
    this.client = client;
  }

  /** A response as it came. */
  respond(command: string, request: Json = {}): Promise<Json> {
    const content = { type: "request", seq: ++this.#seq, command, arguments: request };
    return this.client.ask("debug_request", content, "control");
  }

  /** The body of a response that must be a success. */
  async ask(command: string, request: Json = {}): Promise<Json> {
    const response = await this.respond(command, request);
    if (!response.success) throw new Error(`${command} failed: ${response.message}`);
    return response.body as Json;
  }

  async attach(): Promise<void> {
    await this.ask("initialize", { clientID: "test", linesStartAt1: true, columnsStartAt1: true });
    await this.ask("attach");
  }

  /** Gives the lines that it stands at. */
  async breakAt(code: string, ...lines: readonly number[]): Promise<readonly number[]> {
    const { sourcePath } = await this.ask("dumpCell", { code });
    const breakpoints = lines.map((line) => ({ line }));
    const set = await this.ask("setBreakpoints", { source: { path: sourcePath }, breakpoints, sourceModified: false });
    return (set.breakpoints as readonly { readonly line: number }[]).map(({ line }) => line);
  }

  /** Breakpoints with all that they depend on; gives the response. */
  async breakWith(code: string, ...breakpoints: readonly Json[]): Promise<Json> {
    const { sourcePath } = await this.ask("dumpCell", { code });
    return this.respond("setBreakpoints", { source: { path: sourcePath }, breakpoints, sourceModified: false });
  }

  /** The next event of this name that has not been waited for. */
  async event(name: string, timeoutMs = 20_000): Promise<Json> {
    const { received } = this.client;
    const isIt = (message: Message) =>
      message.type === "debug_event" && message.content.event === name && received.indexOf(message) >= this.#seen;
    const found = await this.client.waitFor(isIt, timeoutMs);
    this.#seen = received.indexOf(found) + 1;
    return found.content.body as Json;
  }

  /** Waits until the code stands, and says where: `f:3 < cell-2.ts:7`. */
  async stopped(): Promise<string> {
    await this.event("stopped");
    return this.where();
  }

  async where(): Promise<string> {
    const { stackFrames } = await this.ask("stackTrace", { threadId: 1 });
    return (stackFrames as readonly Json[]).map(({ name, line }) => `${name}:${line}`).join(" < ");
  }

  /** A step, and where it ends. */
  async step(command: "next" | "stepIn" | "stepOut"): Promise<string> {
    await this.ask(command, { threadId: 1 });
    return this.stopped();
  }

  /** The variables of each scope of the innermost frame, or of another. */
  async scopes(frame = 0): Promise<Readonly<Record<string, readonly Variable[]>>> {
    const { stackFrames } = await this.ask("stackTrace", { threadId: 1 });
    const frameId = (stackFrames as readonly Json[])[frame]?.id;
    const { scopes } = await this.ask("scopes", { frameId });
    const found: Record<string, readonly Variable[]> = {};
    for (const { name, variablesReference } of scopes as readonly Variable[])
      found[name] = await this.below(variablesReference);
    return found;
  }

  async below(variablesReference: number): Promise<readonly Variable[]> {
    return (await this.ask("variables", { variablesReference })).variables as readonly Variable[];
  }

  /** Lets the code go on to the end of its cell. */
  async goOn(cell: string): Promise<Execution> {
    await this.ask("continue", { threadId: 1 });
    return this.client.finished(cell);
  }
}
