import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ToExecutor, ToSupervisor } from "../../../kernel/link/messages.ts";
import { Executor } from "./harness.ts";

type FromFrontEnd = Extract<ToExecutor, { type: "comm" }>;
type Sent = Extract<ToSupervisor, { type: "comm" }>;

let executor: Executor;
let sequence = 0;

beforeAll(async () => {
  executor = await new Executor().ready();
});

afterAll(() => executor[Symbol.asyncDispose]());

/** Sends as a front end, waits until it is handled, and gives what was sent meanwhile. */
async function tell(event: Partial<FromFrontEnd> & Pick<FromFrontEnd, "kind" | "id">): Promise<readonly Sent[]> {
  const number = ++sequence;
  executor.send({ type: "comm", sequence: number, data: {}, metadata: {}, buffers: [], ...event });
  await executor.until((message) => message.type === "comm-handled" && message.sequence === number);
  return sent().filter(({ answers }) => answers === number);
}

function sent(): readonly Sent[] {
  return executor.messages.filter((message): message is Sent => message.type === "comm");
}

function lastOpened(): string {
  return sent().findLast(({ kind }) => kind === "open")?.id ?? "";
}

describe("a comm", () => {
  test("that nobody takes is closed", async () => {
    expect(await tell({ kind: "open", id: "c1", target: "nobody" })).toMatchObject([{ kind: "close", id: "c1" }]);
  });

  test("that the front end opens talks both ways, with bytes, until it is closed", async () => {
    const { failure } = await executor.run(`
      const heard: unknown[] = [];
      const stop = comms.offer("echo", (comm, { data }) => {
        heard.push(data.hello);
        comm.onMessage(({ data, buffers }) => comm.send({ back: data.there }, { buffers: buffers.map((bytes) => bytes.map((byte) => byte + 1)) }));
        comm.onClose(() => heard.push("closed"));
      });`);
    expect(failure).toBeUndefined();
    expect(executor.messages.findLast(({ type }) => type === "comm-targets")).toMatchObject({ names: ["echo"] });
    expect(await tell({ kind: "open", id: "c2", target: "echo", data: { hello: 1 } })).toEqual([]);
    const buffers = [Buffer.from([1, 2])];
    const [answer] = await tell({ kind: "msg", id: "c2", data: { there: "you" }, buffers });
    expect(answer).toMatchObject({ kind: "msg", id: "c2", data: { back: "you" } });
    expect([...(answer?.buffers[0] ?? [])]).toEqual([2, 3]);
    await tell({ kind: "close", id: "c2" });
    expect(await tell({ kind: "msg", id: "c2", data: { there: "again" } })).toEqual([]);
    expect((await executor.run("heard")).text).toBe("[ 1, 'closed' ]");
    await executor.run("stop()");
    expect(executor.messages.findLast(({ type }) => type === "comm-targets")).toMatchObject({ names: [] });
  });

  test("that a cell opens and closes", async () => {
    await executor.run("const mine = comms.open('theirs', { a: 1 }, { buffers: [new Float64Array([0.5])] })");
    expect(sent().at(-1)).toMatchObject({ kind: "open", target: "theirs", data: { a: 1 } });
    expect(sent().at(-1)?.buffers[0]?.byteLength).toBe(8);
    expect((await executor.run("mine.close(); mine.send({}); mine.isOpen")).text).toBe("false");
    expect(sent().at(-1)).toMatchObject({ kind: "close" });
  });

  test("whose listener prints or throws does so in the cell that added it", async () => {
    await executor.run("comms.offer('loud', () => { console.log('heard'); throw new RangeError('as ordered') })");
    const cell = executor.nextCell - 1;
    await executor.run("1");
    await tell({ kind: "open", id: "c3", target: "loud" });
    const { stdout, messages } = executor.resultOf(cell);
    expect(stdout).toBe("heard\n");
    expect(messages.at(-1)).toMatchObject({ type: "stray-error", failure: { ename: "RangeError" } });
    // What runs after it runs once, and fails not at all.
    expect(
      (
        await executor.run(
          "let ran = 0; setImmediate(() => ran++); await new Promise((done) => setTimeout(done, 20)); ran",
        )
      ).text,
    ).toBe("1");
    expect(executor.messages.filter(({ type }) => type === "stray-error")).toHaveLength(1);
  });

  test("whose id is opened again has ended", async () => {
    await executor.run(
      "const ends: string[] = []; comms.offer('one', (comm) => comm.onClose(() => ends.push(comm.id)))",
    );
    await tell({ kind: "open", id: "c4", target: "one" });
    await tell({ kind: "open", id: "c4", target: "one" });
    expect((await executor.run("ends")).text).toBe("[ 'c4' ]");
    await tell({ kind: "close", id: "c4" });
    await tell({ kind: "close", id: "c4" });
    expect((await executor.run("ends")).text).toBe("[ 'c4', 'c4' ]");
  });

  test("is offered with a function", async () => {
    expect((await executor.run("comms.offer('x')")).failure?.ename).toBe("UsageError");
    expect((await executor.run("comms.open('x', {}, { buffers: ['text'] })")).failure?.evalue).toMatch(/no bytes/);
  });
});

describe("a widget", () => {
  test("opens a model that anywidget's front end knows, with its bytes apart, and shows its view", async () => {
    const { messages, shown } = await executor.run(`
      const w = widget({ esm: "export default {}", css: "p {}", state: { count: 1, pixels: new Uint8Array([7]), deep: { list: [new Uint8Array([8]), 2] } } });
      w`);
    const opened = messages.find((message): message is Sent => message.type === "comm");
    expect(opened).toMatchObject({ kind: "open", target: "jupyter.widget", metadata: { version: "2.1.0" } });
    expect(opened?.data).toEqual({
      state: expect.objectContaining({
        count: 1,
        deep: { list: [null, 2] },
        _esm: "export default {}",
        _css: "p {}",
        _anywidget_id: expect.stringMatching(/^outgrow-[0-9a-f]{16}$/),
        _model_module: "anywidget",
        _model_name: "AnyModel",
        _view_name: "AnyView",
      }),
      buffer_paths: [["pixels"], ["deep", "list", 0]],
    });
    expect(opened?.buffers.map((bytes) => [...bytes])).toEqual([[7], [8]]);
    expect(shown).toMatchObject({
      "application/vnd.jupyter.widget-view+json": { model_id: opened?.id, version_major: 2, version_minor: 1 },
      "text/plain": "a widget with count, pixels, deep",
    });
  });

  test("sends what a cell sets, once, before the cell is over", async () => {
    const { messages } = await executor.run(
      "w.state.count = 2; w.state.count = 3; w.state.pixels = new Uint8Array([9]); w.state.count",
    );
    const updates = messages.filter((message): message is Sent => message.type === "comm");
    expect(updates).toHaveLength(1);
    expect(updates[0]?.data).toEqual({ method: "update", state: { count: 3 }, buffer_paths: [["pixels"]] });
    expect(messages.at(-1)?.type).toBe("done");
  });

  test("shows what a loop sets while it runs, with few messages", async () => {
    const { messages } = await executor.run(
      "const until = Date.now() + 200; let sets = 0; while (Date.now() < until) { w.state.count = ++sets }",
    );
    const updates = messages.filter(({ type }) => type === "comm");
    expect(updates.length).toBeGreaterThan(1);
    expect(updates.length).toBeLessThan(30);
    expect((await executor.run("w.state.count === sets")).text).toBe("true");
  });

  test("takes what the front end sets, echoes it, and calls who listens", async () => {
    await executor.run(
      "const seen: unknown[] = []; const off = w.on('count', (value) => { seen.push(value); w.state.doubled = value * 2 });",
    );
    const id = lastOpened();
    const data = { method: "update", state: { count: 21, _esm: "other" }, buffer_paths: [["pixels"]] };
    const [echo] = await tell({ kind: "msg", id, data, buffers: [Buffer.from([4, 5])] });
    expect(echo?.data).toEqual({ method: "echo_update", state: { count: 21 }, buffer_paths: [["pixels"]] });
    await executor.until((message) => message.type === "comm" && JSON.stringify(message.data).includes('"doubled":42'));
    expect((await executor.run("[seen, w.state.count, [...w.state.pixels]]")).text).toBe("[ [ 21 ], 21, [ 4, 5 ] ]");
    await executor.run("off()");
    await tell({ kind: "msg", id, data: { method: "update", state: { count: 22 } } });
    expect((await executor.run("seen.length")).text).toBe("1");
  });

  test("sends and hears messages of its own", async () => {
    await executor.run("w.onMessage((content, buffers) => w.send({ answer: content.ask, bytes: buffers.length }));");
    const data = { method: "custom", content: { ask: 5 } };
    const [answer] = await tell({ kind: "msg", id: lastOpened(), data, buffers: [Buffer.from([1])] });
    expect(answer?.data).toEqual({ method: "custom", content: { answer: 5, bytes: 1 } });
  });

  test("gives all of its state to a front end that opens the notebook again", async () => {
    const id = lastOpened();
    const [whole] = await tell({ kind: "msg", id, data: { method: "request_state" } });
    expect(whole?.data).toMatchObject({ method: "update", state: { count: 22, _esm: "export default {}" } });
    await tell({ kind: "open", id: "control", target: "jupyter.widget.control" });
    const [all] = await tell({ kind: "msg", id: "control", data: { method: "request_states" } });
    expect(all?.data).toMatchObject({
      method: "update_states",
      states: { [id]: { model_name: "AnyModel", model_module: "anywidget", state: { count: 22 } } },
    });
    expect(all?.data.buffer_paths).toContainEqual([id, "state", "pixels"]);
    await executor.run("w.close()");
    const [none] = await tell({ kind: "msg", id: "control", data: { method: "request_states" } });
    expect(none?.data.states).toEqual({});
  });

  test.each(["10n", "circle", "{ toJSON() { throw new RangeError('as ordered') } }"])(
    "says that %s is nothing for the front end, and the cell ends all the same",
    async (value) => {
      await executor.run("const circle: Record<string, unknown> = {}; circle.in = [circle];");
      const made = await executor.run(`widget({ esm: "", state: { odd: ${value} } })`);
      expect(made.failure?.evalue).toMatch(/^a message to the front end holds something that JSON cannot/);
      const { failure, messages } = await executor.run(
        `const odd = widget({ esm: "", state: { odd: 1 as unknown } }); odd.state.odd = ${value}; 1`,
      );
      expect(failure).toBeUndefined();
      expect(messages.filter(({ type }) => type === "stray-error")).toMatchObject([
        { failure: { evalue: made.failure?.evalue } },
      ]);
    },
  );

  test("needs a module", async () => {
    expect((await executor.run("widget({ state: {} })")).failure?.traceback.join("\n")).toMatch(
      /E_NO_ESM[\s\S]*render/,
    );
  });

  test.each([
    ["__proto__", [["__proto__", "polluted"]]],
    ["a path that leads nowhere", [["none", 0, "x"], [], ["count", "x"]]],
    ["no list", "x"],
    [
      "a list's length, or a place beyond it",
      [
        ["list", "length"],
        ["list", 400_000_000],
        ["list", -1],
      ],
    ],
  ])("is not harmed by a buffer for %s", async (_, buffer_paths) => {
    await executor.run("const hard = widget({ esm: '', state: { count: 1, list: [1] } });");
    const data = { method: "update", state: { count: 2, list: [1, 2] }, buffer_paths };
    await tell({
      kind: "msg",
      id: lastOpened(),
      data,
      buffers: [Buffer.from([1]), Buffer.from([1]), Buffer.from([1])],
    });
    expect((await executor.run("[hard.state.list, ({}).polluted]")).text).toBe("[ [ 1, 2 ], undefined ]");
  });
});
