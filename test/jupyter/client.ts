import { createHmac, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";

export type Json = Record<string, unknown>;

export interface Message {
  readonly channel: Channel | "iopub";
  readonly type: string;
  readonly header: Json;
  readonly parent: Json;
  readonly metadata: Json;
  readonly content: Json;
}

export type Channel = "shell" | "control" | "stdin";

export interface ConnectionFields {
  readonly ip: string;
  readonly key: string;
  readonly transport: "tcp";
  readonly signature_scheme: "hmac-sha256";
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
}

export interface Execution {
  readonly reply: Message;
  /** All that iopub said of this cell, from busy to idle. */
  readonly published: readonly Message[];
}

const DELIMITER = "<IDS|MSG>";

/** Five free ports and a key, as Jupyter would write them. */
export async function makeConnection(): Promise<ConnectionFields> {
  const [shell, control, stdin, iopub, hb] = await freePorts(5);
  return {
    ip: "127.0.0.1",
    key: randomUUID(),
    transport: "tcp",
    signature_scheme: "hmac-sha256",
    shell_port: shell as number,
    control_port: control as number,
    stdin_port: stdin as number,
    iopub_port: iopub as number,
    hb_port: hb as number,
  };
}

export function writeConnection(folder: string, connection: ConnectionFields): string {
  const file = path.join(folder, `kernel-${connection.shell_port}.json`);
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
  return file;
}

/** A front end for tests: keeps all that arrives, and waits for what a test names. */
export class Client {
  readonly connection: ConnectionFields;
  readonly received: Message[] = [];
  readonly #dealers: Readonly<Record<Channel, Dealer>>;
  readonly #iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  readonly #session = randomUUID();
  #onMessage: (() => void)[] = [];

  constructor(connection: ConnectionFields) {
    this.connection = connection;
    // One identity for shell and stdin: a kernel asks for input where the request came from.
    const dealer = (): Dealer => new Dealer({ routingId: this.#session, linger: 0, receiveHighWaterMark: 0 });
    this.#dealers = { shell: dealer(), control: dealer(), stdin: dealer() };
    for (const channel of ["shell", "control", "stdin"] as const) {
      this.#dealers[channel].connect(this.#address(connection[`${channel}_port`]));
      void this.#listen(channel, this.#dealers[channel]);
    }
    this.#iopub.connect(this.#address(connection.iopub_port));
    this.#iopub.subscribe();
    void this.#listen("iopub", this.#iopub);
  }

  /** Resolves when iopub is heard: the welcome came. */
  async ready(): Promise<void> {
    await this.waitFor(({ type }) => type === "iopub_welcome", 20_000);
  }

  /** Sends a request and gives its id. */
  async send(channel: Channel, type: string, content: Json, metadata: Json = {}): Promise<string> {
    const header = this.header(type);
    await this.sendRaw(channel, this.frames(header, content, metadata));
    return header.msg_id as string;
  }

  header(type: string): Json {
    const date = new Date().toISOString();
    return { msg_id: randomUUID(), msg_type: type, session: this.#session, username: "test", date, version: "5.4" };
  }

  frames(header: Json, content: Json, metadata: Json = {}): Buffer[] {
    const parts = [header, {}, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [Buffer.from(DELIMITER), Buffer.from(this.sign(parts)), ...parts];
  }

  sign(parts: readonly Buffer[]): string {
    const hmac = createHmac("sha256", this.connection.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  async sendRaw(channel: Channel, frames: readonly Buffer[]): Promise<void> {
    await this.#dealers[channel].send([...frames]);
  }

  /** A request with its reply's content. */
  async ask(type: string, content: Json = {}, channel: Channel = "shell", timeoutMs = 20_000): Promise<Json> {
    const id = await this.send(channel, type, content);
    const wanted = type.replace("_request", "_reply");
    const reply = await this.waitFor(
      (message) => message.type === wanted && message.channel === channel && message.parent.msg_id === id,
      timeoutMs,
    );
    return reply.content;
  }

  /** Runs a cell to its reply and its idle. */
  async execute(code: string, options: Json = {}, timeoutMs = 30_000): Promise<Execution> {
    return this.finished(await this.startCell(code, options), timeoutMs);
  }

  startCell(code: string, options: Json = {}): Promise<string> {
    const defaults = { silent: false, store_history: true, user_expressions: {}, allow_stdin: true };
    return this.send("shell", "execute_request", { code, ...defaults, stop_on_error: true, ...options });
  }

  async finished(id: string, timeoutMs = 30_000): Promise<Execution> {
    const reply = await this.waitFor(({ type, parent }) => type === "execute_reply" && parent.msg_id === id, timeoutMs);
    await this.waitFor(
      ({ type, parent, content }) => type === "status" && parent.msg_id === id && content.execution_state === "idle",
      timeoutMs,
    );
    return { reply, published: this.publishedFor(id) };
  }

  publishedFor(id: string): readonly Message[] {
    return this.received.filter(({ channel, parent }) => channel === "iopub" && parent.msg_id === id);
  }

  /** The first message that matches, arrived already or to come. */
  async waitFor(matches: (message: Message) => boolean, timeoutMs = 20_000): Promise<Message> {
    const deadline = performance.now() + timeoutMs;
    for (let seen = 0; ; ) {
      for (; seen < this.received.length; seen++) {
        const message = this.received[seen];
        if (message && matches(message)) return message;
      }
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`no such message in ${timeoutMs} ms; the last: ${this.#lastOnes()}`);
      await this.#next(left);
    }
  }

  /** Milliseconds that the heartbeat took. */
  async beat(timeoutMs = 2000): Promise<number> {
    const socket = new Request({ linger: 0, receiveTimeout: timeoutMs });
    socket.connect(this.#address(this.connection.hb_port));
    const start = performance.now();
    await socket.send("beat");
    const [answer] = await socket.receive();
    socket.close();
    if (answer?.toString() !== "beat") throw new Error("the heartbeat sent something else back");
    return performance.now() - start;
  }

  close(): void {
    for (const socket of [...Object.values(this.#dealers), this.#iopub]) socket.close();
  }

  #address(port: number): string {
    return `tcp://${this.connection.ip}:${port}`;
  }

  #lastOnes(): string {
    return JSON.stringify(this.received.slice(-6).map(({ channel, type, content }) => [channel, type, content]));
  }

  #next(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onMessage.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #listen(channel: Message["channel"], socket: Dealer | Subscriber): Promise<void> {
    try {
      for await (const frames of socket) this.#receive(channel, frames);
    } catch {
      // The client was closed.
    }
  }

  #receive(channel: Message["channel"], frames: readonly Buffer[]): void {
    const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
    const signed = frames.slice(at + 2, at + 6);
    if (frames[at + 1]?.toString() !== this.sign(signed)) throw new Error("the kernel signed wrongly");
    const [header, parent, metadata, content] = signed.map((frame) => JSON.parse(frame.toString()) as Json);
    if (!header || !parent || !metadata || !content) throw new Error("the kernel sent a truncated message");
    this.received.push({ channel, type: String(header.msg_type), header, parent, metadata, content });
    for (const wake of this.#onMessage.splice(0)) wake();
  }
}

/** The text of one stream, put together. */
export function streamText(published: readonly Message[], name: "stdout" | "stderr" = "stdout"): string {
  return published
    .filter(({ type, content }) => type === "stream" && content.name === name)
    .map(({ content }) => content.text)
    .join("");
}

export function typesOf(published: readonly Message[]): readonly string[] {
  return published.map(({ type }) => type);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
