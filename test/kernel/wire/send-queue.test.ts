import { expect, test } from "vitest";
import { SendQueue } from "../../../kernel/wire/send-queue.ts";

/** Like zeromq: a second send while one is pending throws. */
class BusySocket {
  readonly sent: string[] = [];
  failAt = "";
  #pending = false;

  async send(frames: Buffer[]): Promise<void> {
    if (this.#pending) throw new Error("EBUSY");
    this.#pending = true;
    await new Promise((resolve) => setImmediate(resolve));
    this.#pending = false;
    if (String(frames[0]) === this.failAt) throw new Error("EHOSTUNREACH");
    this.sent.push(String(frames[0]));
  }
}

test("sends in order, one at a time, also what comes while it sends", async () => {
  const socket = new BusySocket();
  const queue = new SendQueue(socket);
  for (let n = 0; n < 50; n++) queue.push([Buffer.from(String(n))]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (let n = 50; n < 100; n++) queue.push([Buffer.from(String(n))]);
  await queue.flush();
  expect(socket.sent).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
});

test("goes on after a peer that has gone", async () => {
  const socket = new BusySocket();
  socket.failAt = "1";
  const queue = new SendQueue(socket);
  for (const text of ["0", "1", "2"]) queue.push([Buffer.from(text)]);
  await queue.flush();
  expect(socket.sent).toEqual(["0", "2"]);
});
