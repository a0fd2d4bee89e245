import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Certificate } from "./certificate.ts";

export interface TunnelOptions {
  /** Each connection breaks after so many bytes from the server. */
  readonly cutAfter?: number | undefined;
  /** Each connection waits after so many bytes for the server, as one does whose server hangs, until `resume()`. */
  readonly stallAfter?: number | undefined;
  /** The near end speaks TLS, as a load balancer before a server does. */
  readonly certificate?: Certificate | undefined;
}

/** Passes bytes between a port of its own and one of this machine. */
export class Tunnel {
  /** How many were tried, those that a greeting of TLS ended too. */
  connections = 0;
  /** How many it broke. */
  cuts = 0;
  #target: number;
  #stallAfter: number;
  readonly #cutAfter: number;
  readonly #stalled = new Set<Socket>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(target: number, { cutAfter = Infinity, stallAfter = Infinity, certificate }: TunnelOptions = {}) {
    this.#target = target;
    this.#stallAfter = stallAfter;
    this.#cutAfter = cutAfter;
    this.#server = certificate
      ? createTlsServer({ ...certificate, ALPNProtocols: ["h2"] }, (near) => this.#pass(near))
      : createServer((near) => this.#pass(near));
    this.#server.on("connection", () => this.connections++);
    // A client that does not trust the certificate hangs up in the middle of its greeting.
    this.#server.on("tlsClientError", () => undefined);
  }

  async port(): Promise<number> {
    if (!this.#server.listening) await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as { port: number }).port;
  }

  /** Whether a connection waits. */
  get isStalled(): boolean {
    return this.#stalled.size > 0;
  }

  resume(): void {
    this.#stallAfter = Infinity;
    for (const socket of this.#stalled) socket.resume();
    this.#stalled.clear();
  }

  /** As when a server ends and another starts in its place. */
  leadTo(target: number): void {
    this.#target = target;
    this.#cut();
  }

  close(): void {
    this.#cut();
    this.#server.close();
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #pass(near: Socket): void {
    const far = connect(this.#target, "127.0.0.1");
    let left = this.#cutAfter;
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined).once("close", () => this.#sockets.delete(socket));
    }
    let taken = 0;
    near.on("data", (chunk) => {
      far.write(chunk);
      taken += chunk.length;
      if (taken < this.#stallAfter) return;
      near.pause();
      this.#stalled.add(near);
    });
    far.on("data", (chunk) => {
      left -= chunk.length;
      if (left > 0) return void near.write(chunk);
      this.cuts++;
      far.destroy();
    });
    near.once("close", () => far.destroy());
    // What came before the cut arrives: of a server that sends far ahead it would be all.
    far.once("close", () => near.destroySoon());
  }
}
