import { UsageError } from "../../src/errors.ts";
import { Breakpoints } from "./breakpoints.ts";
import { DeskClient } from "./desk-client.ts";
import type { Inspector, Paused, ScriptParsed } from "./inspector.ts";
import { meet } from "./meeting.ts";
import { PauseWish } from "./pause-wish.ts";
import { FOREIGN, Scripts } from "./scripts.ts";
import { type Frame, readStack } from "./stack.ts";
import { Step, type StepKind, type Verdict } from "./steps.ts";
import { Stop } from "./stop.ts";

/** What the debugger tells, and what it asks, of the kernel. */
export interface DebugHost {
  event(event: Readonly<Record<string, unknown>>): void;
  /** What stands for the cell that runs, or stands; undefined between cells. */
  activeCell(): object | undefined;
  /** The code has come to stand, or goes on. */
  onStanding(isStanding: boolean): void;
}

/** The cells run on one thread. */
export const THREAD = 1;

const COMMANDS = { next: "Debugger.stepOver", stepIn: "Debugger.stepInto", stepOut: "Debugger.stepOut" } as const;

/** Whether V8 is being debugged, where it stands, and how it goes on. */
export class Control {
  readonly desk: DeskClient;
  readonly scripts: Scripts;
  readonly breakpoints: Breakpoints;
  readonly #inspector: Inspector;
  readonly #host: DebugHost;
  readonly #wish: PauseWish;
  #filters: readonly string[] = [];
  #isAttached = false;
  #stop: Stop | undefined;
  #step: Step | undefined;
  /** Counts pauses and their ends: what was learnt of one that is over is dropped. */
  #turn = 0;
  #seq = 0;

  constructor(inspector: Inspector, host: DebugHost) {
    this.#inspector = inspector;
    this.#host = host;
    this.desk = new DeskClient(inspector);
    this.scripts = new Scripts(this.desk);
    this.breakpoints = new Breakpoints(inspector, this.desk, this.scripts);
    this.#wish = new PauseWish(inspector, this.desk, () => host.activeCell());
  }

  get stop(): Stop | undefined {
    return this.#stop;
  }

  /** From now on V8 can stop: only while somebody debugs, since it costs. */
  async attach(): Promise<void> {
    this.#isAttached = true;
    this.#inspector.setDebugging(true);
    await this.#inspector.command("Debugger.enable");
    await this.#inspector.command("Debugger.setBlackboxPatterns", { patterns: FOREIGN });
    await this.#sendFilters();
    for (const [path] of this.breakpoints.all())
      for (const script of await this.scripts.withPath(path)) await this.breakpoints.arm(script, path);
  }

  async detach(): Promise<void> {
    this.#isAttached = false;
    this.#wish.drop();
    this.#inspector.setDebugging(false);
    this.#filters = [];
    this.breakpoints.clear();
    this.#over();
    // It also lets go on what stands.
    await this.#inspector.command("Debugger.disable");
    this.scripts.clear();
  }

  async catchExceptions(filters: readonly string[]): Promise<void> {
    this.#filters = filters;
    if (this.#isAttached) await this.#sendFilters();
  }

  /** @throws {UsageError} E_NOT_STOPPED */
  async goOn(kind?: StepKind): Promise<void> {
    const stop = this.#stop;
    if (!stop) throw new UsageError("E_NOT_STOPPED", "no code stands: there is nothing to go on with");
    this.#step = kind && new Step(kind, stop.frames);
    this.#over();
    await this.#run();
  }

  pause(): void {
    if (!this.#stop && this.#isAttached) this.#wish.make();
  }

  /** A script is compiled and waits. */
  async announced(url: string): Promise<void> {
    // What was wanted of the cell before is over, though V8 goes on with it.
    if (/^cell-\d/.test(url)) this.#step = undefined;
    this.desk.isStanding = true;
    try {
      const script = this.breakpoints.isEmpty ? undefined : await this.scripts.announced(url);
      if (script) await this.breakpoints.arm(script, await this.scripts.path(script));
    } catch (error) {
      console.error("outgrow kernel: breakpoints were not set:", error);
    } finally {
      this.desk.isStanding = false;
      this.#inspector.armed();
    }
  }

  tell(event: string, body: object): void {
    this.#host.event({ type: "event", seq: ++this.#seq, event, body });
  }

  event(method: string, parameters: object): void {
    if (method === "Debugger.scriptParsed") void this.#parsed(parameters as ScriptParsed);
    else if (method === "Debugger.paused") void this.#paused(parameters as Paused);
    else if (method === "Debugger.resumed") {
      this.#turn++;
      this.desk.isStanding = false;
      this.#over();
    }
  }

  /** The process that runs the cells has ended: what was wanted of it is wanted of the next. */
  ended(): void {
    this.#step = undefined;
    this.#wish.drop();
    this.#turn++;
    this.desk.isStanding = false;
    this.#over();
    this.breakpoints.unset();
    this.scripts.clear();
  }

  started(): void {
    if (this.#isAttached) this.attach().catch((error) => console.error("outgrow kernel: not attached:", error));
  }

  async #parsed(parsed: ScriptParsed): Promise<void> {
    const script = this.scripts.parsed(parsed);
    // Cells are announced; a file that is imported is not.
    if (!script?.url.startsWith("file:") || this.breakpoints.isEmpty) return;
    await this.breakpoints.arm(script, await this.scripts.path(script)).catch(() => undefined);
  }

  async #paused(paused: Paused): Promise<void> {
    const turn = ++this.#turn;
    this.desk.isStanding = true;
    try {
      const met = await this.#meet(paused);
      if (turn !== this.#turn) return;
      // Nothing else can be the reason, and a breakpoint in a loop may be reached often.
      if (met?.length === 0 && !this.#step && !this.#wish.isOpen) return await this.#run();
      const frames = await readStack(paused.callFrames, this.scripts, this.desk);
      const verdict = met?.[0] ?? (await this.#judge(paused, frames));
      if (turn !== this.#turn) return;
      if (typeof verdict === "object") this.#stand(frames, verdict);
      else await this.#run(verdict);
    } catch (error) {
      console.error("outgrow kernel: the debugger failed:", error);
      if (turn === this.#turn) await this.#inspector.command("Debugger.resume").catch(() => undefined);
    }
  }

  /** Why it is to stand at the breakpoints that were reached: none of them may count. Undefined where there are none. */
  async #meet({ hitBreakpoints = [], callFrames }: Paused): Promise<readonly object[] | undefined> {
    const hit = this.breakpoints.hit(hitBreakpoints);
    const [call] = callFrames;
    if (hit.length === 0 || !call) return undefined;
    const standing: number[] = [];
    let text: string | undefined;
    for (const breakpoint of hit) {
      const meeting = await meet(breakpoint, call, this.desk);
      if (meeting.kind === "say") this.tell("output", { category: "console", output: `${meeting.text}\n` });
      if (meeting.kind !== "stand") continue;
      standing.push(breakpoint.id);
      text ??= meeting.fault;
    }
    if (standing.length === 0) return [];
    return [{ reason: "breakpoint", hitBreakpointIds: standing, ...(text !== undefined && { text }) }];
  }

  /** Why it is to stand, or how it goes on. */
  async #judge({ reason, data }: Paused, frames: readonly Frame[]): Promise<object | Verdict> {
    const isUsers = frames.some(({ script }) => script);
    if (/^(?:exception|promiseRejection)$/.test(reason)) {
      const isWanted = isUsers && (data?.uncaught || (this.#filters.includes("caught") && frames[0]?.script));
      if (!isWanted) return "again";
      const text = String(data?.description ?? data?.value ?? "");
      return { reason: "exception", description: "Paused on an exception", text };
    }
    if (await this.#isDebuggerStatement(frames[0])) return { reason: "breakpoint", description: "debugger" };
    if (this.#step) {
      const verdict = this.#step.judge(frames);
      return verdict === "stop" ? { reason: "step" } : verdict;
    }
    if (this.#wish.isOpen && isUsers) return { reason: "pause" };
    return "run";
  }

  /** V8 gives it no reason of its own: neither has what is left of a step that ended with its cell. */
  async #isDebuggerStatement(top: Frame | undefined): Promise<boolean> {
    if (!top?.script || !top.place) return false;
    const source = await this.scripts.source(top.script);
    if (!source) return this.#step === undefined && !this.#wish.isOpen;
    const [line, column] = top.place;
    return source.text.split("\n")[line - 1]?.startsWith("debugger", column - 1) ?? false;
  }

  #stand(frames: readonly Frame[], why: object): void {
    this.#step = undefined;
    this.#wish.drop();
    this.#stop = new Stop(frames);
    this.#host.onStanding(true);
    this.tell("stopped", { threadId: THREAD, allThreadsStopped: true, ...why });
  }

  async #run(verdict: Verdict = "again"): Promise<void> {
    if (verdict === "run") this.#step = undefined;
    // Stop may have ended the pause in the meantime.
    await this.#inspector.command(this.#commandFor(verdict)).catch(() => undefined);
  }

  #commandFor(verdict: Verdict): string {
    if (verdict === "in") return COMMANDS.stepIn;
    if (verdict === "out") return COMMANDS.stepOut;
    return this.#step ? COMMANDS[this.#step.kind] : "Debugger.resume";
  }

  /** The code no longer stands. */
  #over(): void {
    if (!this.#stop) return;
    this.#stop = undefined;
    void this.desk.ask("forget").catch(() => undefined);
    this.#host.onStanding(false);
    this.tell("continued", { threadId: THREAD, allThreadsContinued: true });
  }

  async #sendFilters(): Promise<void> {
    const state = this.#filters.includes("caught") ? "all" : this.#filters.includes("uncaught") ? "uncaught" : "none";
    await this.#inspector.command("Debugger.setPauseOnExceptions", { state });
  }
}
