import { readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Client, streamText } from "./client.ts";
import { kernelOfTests, noneLeft, processesIn, type RunningKernel, startKernel } from "./kernel-process.ts";

const kernel = await kernelOfTests();

const textOf = (published: Awaited<ReturnType<Client["execute"]>>["published"]): unknown =>
  (published.find(({ type }) => type === "execute_result")?.content.data as Record<string, unknown> | undefined)?.[
    "text/plain"
  ];

describe("two clients of one kernel", () => {
  const first = kernel.client;

  test("each gets its own replies; both see all outputs, under the request that made them", async () => {
    const second = new Client(kernel.client.connection);
    await second.ready();
    const cells = await Promise.all(
      [first, second, first, second].map(async (client, index) => {
        const id = await client.startCell(
          `setTimeout(() => console.log("late ${index}"), 50); console.log("at once ${index}"); await new Promise((done) => setTimeout(done, 100)); ${index}`,
        );
        return { client, id, index };
      }),
    );
    for (const { client, id, index } of cells) {
      const { reply, published } = await client.finished(id);
      expect(reply.content.status).toBe("ok");
      expect(streamText(published)).toBe(`at once ${index}\nlate ${index}\n`);
      expect(textOf(published)).toBe(String(index));
      const other = client === first ? second : first;
      await other.waitFor(
        ({ type, parent, content }) => type === "status" && parent.msg_id === id && content.execution_state === "idle",
      );
      expect(streamText(other.publishedFor(id))).toBe(streamText(published));
      expect(other.received.some(({ type, parent }) => type === "execute_reply" && parent.msg_id === id)).toBe(false);
    }
    second.close();
  });

  test("a question goes to the one whose cell asks, and the answer of another is not taken", async () => {
    const second = new Client(kernel.client.connection);
    await second.ready();
    const before = first.received.length;
    const id = await second.startCell("await input('who? ')", { allow_stdin: true });
    await second.waitFor(({ type, parent }) => type === "input_request" && parent.msg_id === id);
    await first.send("stdin", "input_reply", { value: "not me" });
    await sleep(200);
    expect(second.received.some(({ type, parent }) => type === "execute_reply" && parent.msg_id === id)).toBe(false);
    await second.send("stdin", "input_reply", { value: "me" });
    expect(textOf((await second.finished(id)).published)).toBe("'me'");
    expect(first.received.slice(before).some(({ type }) => type === "input_request")).toBe(false);
    second.close();
  });

  test("one that fails aborts no cell of the other that comes later, and one that goes takes nothing along", async () => {
    const second = new Client(kernel.client.connection);
    await second.ready();
    await second.startCell("globalThis.ran = 'to its end'; await new Promise((done) => setTimeout(done, 200))");
    await second.waitFor(({ type }) => type === "execute_input");
    second.close();
    const { published } = await first.execute("globalThis.ran");
    expect(textOf(published)).toBe("'to its end'");
  });
});

test("control, heartbeat and completion answer while a cell prints without end", async () => {
  const { client } = kernel;
  const id = await client.startCell("for (;;) console.log('x'.repeat(1000))");
  await client.waitFor(({ type, parent }) => type === "stream" && parent.msg_id === id);
  for (let question = 0; question < 20; question++) {
    expect(await client.ask("kernel_info_request", {}, "control")).toMatchObject({ status: "ok" });
    expect(await client.beat(10_000)).toBeGreaterThan(0);
    expect(await client.ask("complete_request", { code: "Math.ma", cursor_pos: 7 })).toMatchObject({
      matches: ["max"],
    });
  }
  await client.ask("interrupt_request", {}, "control");
  expect((await client.finished(id)).reply.content.ename).toBe("Interrupted");
});

test("twenty restarts with cells in the queue: each kernel is a new one, and the one before leaves nothing", async () => {
  let running: RunningKernel = await startKernel();
  const { folder } = running;
  const { connection } = running.client;
  for (let restart = 0; restart < 20; restart++) {
    const { client } = running;
    expect(textOf((await client.execute(`const round = ${restart}; typeof before`)).published)).toBe("'undefined'");
    await client.execute("const before = 1; setInterval(() => {}, 1)");
    await client.startCell(restart % 2 ? "for (;;);" : "for (;;) { console.log(1); await null }");
    for (let queued = 0; queued < 5; queued++) await client.startCell("1 + 1");
    expect(await client.ask("shutdown_request", { restart: true }, "control")).toMatchObject({ restart: true });
    expect(await running.exited).toBe(0);
    client.close();
    expect(await noneLeft(folder, 5000)).toEqual([]);
    running = await startKernel({ folder, connection });
    expect((await running.client.ask("kernel_info_request")).status).toBe("ok");
  }
  expect(processesIn(folder).length).toBeGreaterThan(1);
  expect((await running.client.execute("1")).reply.content.execution_count).toBe(1);
  await running.stop();
}, 180_000);

test("a disk without room costs history and no cell; a result is told as not written, and of a checkpoint nothing is left", async () => {
  const limited = await startKernel({ fileLimit: 4 });
  const { client, folder } = limited;
  for (let cell = 0; cell < 40; cell++) {
    const { reply } = await client.execute(`// ${"x".repeat(300)}\n${cell}`);
    expect(reply.content).toMatchObject({ status: "ok", execution_count: cell + 1 });
    if (cell % 10 === 0) await sleep(150);
  }
  const { history } = await client.ask("history_request", {
    hist_access_type: "tail",
    n: 50,
    output: false,
    raw: true,
  });
  expect(history).toHaveLength(40);
  expect(readFileSync(path.join(folder, "data", "history.jsonl")).length).toBeLessThanOrEqual(4096);
  // The limit is the kernel's, not that of this process.
  writeFileSync(
    path.join(folder, "keys.csv"),
    `k,v\n${Array.from({ length: 5000 }, (_, i) => `key${i},${i}`).join("\n")}`,
  );
  const written = await client.execute("%chunked keys.csv --by k --agg v:sum --to sums.parquet");
  expect(written.reply.content).toMatchObject({
    ename: "EngineError",
    evalue: `no file may become as large here: "${path.join(realpathSync(folder), "sums.parquet")}" was not written`,
  });
  const stopped = await client.execute(
    `%%chunked keys.csv -s 1000 --as chunk --checkpoint run.ckpt -o out
     if (chunk.column("v").values[0] >= 3000) throw new TypeError("mine")
     chunk.groupby(["k"]).col(["v"]).sum()`,
  );
  expect(stopped.reply.content.evalue).toMatch(/^mine \(in chunk 4/);
  expect(textOf((await client.execute("2 + 40")).published)).toBe("42");
  expect(readdirSync(folder).filter((name) => /sums|ckpt/.test(name))).toEqual([]);
  await limited.stop();
});
