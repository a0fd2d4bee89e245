import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { type PlanSchema, SparkConnectService } from "#spark-proto/base";
import type { Table } from "../../frame/arrow.ts";
import type { DataFrame } from "../../frame/frame.ts";
import { ambientOptions, withAmbient } from "./ambient.ts";
import { localRelation, type RelationInit } from "./local-relation.ts";
import type { ConfigInit, ConfigResult } from "./messages.ts";
import { type ExecuteOptions, type Result, results } from "./results.ts";
import type { InterruptTarget } from "./running.ts";
import { ConnectSession, type SessionOptions } from "./session.ts";

export type AnalyzeInit = NonNullable<MessageInitShape<(typeof method.analyzePlan)["input"]>["analyze"]>;
export type AnalyzeResult = MessageShape<(typeof method.analyzePlan)["output"]>["result"];
type PlanInit = MessageInitShape<typeof PlanSchema>;

const { method } = SparkConnectService;
/** The schema of a CSV with `inferSchema` is a pass over the file. */
const ANALYZE_DEADLINE_MS = 30 * 60_000;

/** What a server answers, in the words of the protocol, over one session. Loading it loads the transport. */
export class Connection {
  readonly session: ConnectSession;
  /** Tags of every operation, beside those that it is given. */
  readonly tags = new Set<string>();

  private constructor(session: ConnectSession) {
    this.session = session;
  }

  static async open(address: string, options?: SessionOptions): Promise<Connection> {
    return new Connection(await ConnectSession.open(address, options));
  }

  get label(): string {
    return this.session.label;
  }

  /** Whether the server is on this machine, so that its files are those of this program. */
  get isLoopback(): boolean {
    return this.session.channel.endpoint.isLoopback;
  }

  get isClosed(): boolean {
    return this.session.isClosed;
  }

  get isLost(): boolean {
    return this.session.isLost;
  }

  /** Runs a plan and gives what it gives, as it comes. */
  results(plan: PlanInit, options: ExecuteOptions = {}): AsyncGenerator<Result, void, undefined> {
    const tags = [...new Set([...this.tags, ...(options.tags ?? [])])];
    return results(this.session, plan, tags.length === 0 ? options : { ...options, tags });
  }

  /** Asks about a plan without running it. */
  async analyze(analyze: AnalyzeInit): Promise<AnalyzeResult> {
    const options = { signal: ambientOptions()?.signal, deadlineMs: ANALYZE_DEADLINE_MS };
    return (await this.session.call(method.analyzePlan, { analyze }, options)).result;
  }

  config(opType: ConfigInit): Promise<ConfigResult> {
    const { signal } = ambientOptions() ?? {};
    return this.session.call(method.config, { operation: { opType } }, { signal });
  }

  /** A local frame as a relation: within the plan, or above a size sent ahead once and named by its hash. */
  relationOf(frame: DataFrame | Table, signal?: AbortSignal): Promise<RelationInit> {
    return localRelation(this.session, frame, withAmbient({ signal }).signal);
  }

  /** Stops the operations with a tag, one operation, or all of the session, and gives the ids of those that ran. */
  interrupt(which: InterruptTarget): Promise<readonly string[]> {
    return this.session.interrupt(which);
  }

  /** Stops what runs and gives the session up. */
  close(): Promise<void> {
    return this.session.close();
  }
}
