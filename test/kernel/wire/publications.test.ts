import { expect, test } from "vitest";
import { Publications } from "../../../kernel/wire/publications.ts";

/** A subscriber whose pipe is full until somebody reads. */
class FullSocket {
  readonly sent: string[] = [];
  readonly dropped: string[] = [];
  noDrop = false;
  isFull = true;

  async send(frames: Buffer[]): Promise<void> {
    if (this.isFull && this.noDrop) throw Object.assign(new Error("no room"), { code: "EAGAIN" });
    (this.isFull ? this.dropped : this.sent).push(String(frames[0]?.subarray(0, 10)));
  }
}

const texts = Array.from({ length: 50 }, (_, n) => String(n));

function publish(socket: FullSocket, onFull: (isFull: boolean) => void = () => undefined): Publications {
  const publications = new Publications(socket, onFull);
  for (const text of texts) publications.push([Buffer.from(text)]);
  return publications;
}

test("waits for a subscriber that is slow, and drops nothing", async () => {
  const socket = new FullSocket();
  const publications = publish(socket);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(socket.sent).toEqual([]);
  socket.isFull = false;
  await publications.flush();
  expect(socket.sent).toEqual(texts);
  expect(socket.dropped).toEqual([]);
});

test("after Stop leaves behind who does not read, and no more than that", async () => {
  const socket = new FullSocket();
  const publications = publish(socket);
  publications.hurry();
  while (socket.dropped.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  socket.isFull = false;
  await publications.flush();
  expect([...socket.dropped, ...socket.sent]).toEqual(texts);
  expect(socket.noDrop).toBe(true);
});

test("says when too much waits, and when no longer", async () => {
  const socket = new FullSocket();
  const told: boolean[] = [];
  const publications = publish(socket, (isFull) => told.push(isFull));
  expect(told).toEqual([]);
  for (let n = 0; n < 9; n++) publications.push([Buffer.alloc(8 * 2 ** 20)]);
  expect(told).toEqual([true]);
  socket.isFull = false;
  await publications.flush();
  expect(told).toEqual([true, false]);
});
