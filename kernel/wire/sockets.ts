import { Reply, Router, XPublisher } from "zeromq";
import { ConnectionError } from "../../src/errors.ts";
import { Codec } from "./codec.ts";
import { type Connection, endpoint } from "./connection.ts";
import { type JupyterMessage, MESSAGE, makeHeader } from "./message.ts";
import { MOST_IN_PIPE, Publications } from "./publications.ts";
import { SendQueue } from "./send-queue.ts";

export type Channel = "shell" | "control" | "stdin";

export interface SocketEvents {
  onMessage(channel: Channel, message: JupyterMessage): void;
  /** A message that was refused, with the reason; it must not end anything. */
  onRefused(channel: Channel, reason: string): void;
  /** So much waits for a slow subscriber that no more should come, or no longer. */
  onFull(isFull: boolean): void;
}

/** The five sockets of a kernel. */
export class Sockets {
  readonly #connection: Connection;
  readonly #codec: Codec;
  readonly #routers: Readonly<Record<Channel, Router>>;
  readonly #heartbeat: Reply;
  readonly #iopub: XPublisher;
  readonly #queues: Readonly<Record<Channel, SendQueue>>;
  readonly #publications: Publications;
  #onFull: SocketEvents["onFull"] = () => undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#codec = new Codec(connection.key);
    const secrecy = secrecyOf(connection);
    // A client that comes back under its name takes the place of its lost connection.
    const router = (): Router => new Router({ linger: 1000, sendHighWaterMark: 0, handover: true, ...secrecy });
    this.#heartbeat = new Reply({ linger: 0, ...secrecy });
    this.#iopub = new XPublisher({ linger: 1000, sendHighWaterMark: MOST_IN_PIPE, ...secrecy });
    this.#publications = new Publications(this.#iopub, (isFull) => this.#onFull(isFull));
    this.#routers = { shell: router(), control: router(), stdin: router() };
    this.#queues = {
      shell: new SendQueue(this.#routers.shell),
      control: new SendQueue(this.#routers.control),
      stdin: new SendQueue(this.#routers.stdin),
    };
  }

  async bind(events: SocketEvents): Promise<void> {
    const { shellPort, controlPort, stdinPort, iopubPort, heartbeatPort } = this.#connection;
    this.#onFull = events.onFull;
    this.#iopub.verbosity = "allSubs";
    const bindTo = (socket: Router | XPublisher | Reply, port: number): Promise<void> =>
      bindOne(socket, endpoint(this.#connection, port));
    await Promise.all([
      bindTo(this.#routers.shell, shellPort),
      bindTo(this.#routers.control, controlPort),
      bindTo(this.#routers.stdin, stdinPort),
      bindTo(this.#iopub, iopubPort),
      bindTo(this.#heartbeat, heartbeatPort),
    ]);
    for (const channel of ["shell", "control", "stdin"] as const) void this.#listen(channel, events);
    void this.#beat();
    void this.#welcome();
  }

  send(channel: Channel, message: JupyterMessage): void {
    this.#queues[channel].push(this.#codec.encode(message));
  }

  publish(message: JupyterMessage): void {
    this.#publications.push(this.#codec.encode(message));
  }

  /** After Stop: a subscriber that does not read holds up nobody much longer. */
  hurry(): void {
    this.#publications.hurry();
  }

  async close(): Promise<void> {
    await Promise.all([...Object.values(this.#queues), this.#publications].map((queue) => queue.flush()));
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) socket.close();
  }

  async #listen(channel: Channel, events: SocketEvents): Promise<void> {
    try {
      for await (const frames of this.#routers[channel]) {
        const decoded = this.#codec.decode(frames);
        if ("message" in decoded) events.onMessage(channel, decoded.message);
        else events.onRefused(channel, decoded.refused);
      }
    } catch {
      // The socket was closed.
    }
  }

  async #beat(): Promise<void> {
    try {
      for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
    } catch {
      // The socket was closed.
    }
  }

  /** JEP 65: tells each new subscriber that from here on it misses nothing. */
  async #welcome(): Promise<void> {
    try {
      for await (const [frame] of this.#iopub) {
        if (frame?.[0] !== 1) continue;
        const topic = frame.subarray(1);
        this.publish({
          identities: [topic],
          header: makeHeader(MESSAGE.welcome),
          parentHeader: {},
          metadata: {},
          content: { subscription: topic.toString() },
          buffers: [],
        });
      }
    } catch {
      // The socket was closed.
    }
  }
}

/** CurveZMQ on every socket, where Jupyter has made keys for it. */
function secrecyOf({ curve }: Connection): object {
  return curve ? { curveServer: true, curvePublicKey: curve.publicKey, curveSecretKey: curve.secretKey } : {};
}

async function bindOne(socket: Router | XPublisher | Reply, address: string): Promise<void> {
  try {
    await socket.bind(address);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = "another process may have this port; start the kernel again, Jupyter then picks other ports";
    throw new ConnectionError("E_BIND", `cannot listen on ${address}: ${why}`, { cause, hint });
  }
}
