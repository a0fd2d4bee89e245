import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Subscriber } from "zeromq";
import { type Json, streamText } from "./client.ts";
import { kernelOfTests, startKernel } from "./kernel-process.ts";

const kernel = await kernelOfTests();
const { client } = kernel;

beforeAll(async () => {
  await client.execute("const kept = 41;");
});

/** The same process answers, and has lost nothing. */
async function isWell(): Promise<void> {
  expect(kernel.process.exitCode).toBeNull();
  const { reply, published } = await client.execute("kept + 1");
  expect(reply.content.status).toBe("ok");
  expect(published.find(({ type }) => type === "execute_result")?.content.data).toEqual({ "text/plain": "42" });
}

/** The same sequence in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("on the wire", () => {
  const REQUESTS: readonly (readonly [type: string, content: Json])[] = [
    ["kernel_info_request", {}],
    ["complete_request", { code: "kept.", cursor_pos: 5 }],
    ["inspect_request", { code: "kept", cursor_pos: 2, detail_level: 0 }],
    ["is_complete_request", { code: "1 +" }],
    ["history_request", { hist_access_type: "search", pattern: "*", n: 3, output: true }],
    ["comm_info_request", { target_name: "x" }],
    ["comm_open", { comm_id: "f", target_name: "x", data: {} }],
    ["comm_msg", { comm_id: "f", data: {} }],
    ["comm_close", { comm_id: "f", data: {} }],
    ["usage_request", {}],
    ["execute_request", { code: "1", silent: true, store_history: false, user_expressions: {}, allow_stdin: false }],
    ["input_reply", { value: "x" }],
  ];
  const JUNK: readonly unknown[] = [
    null,
    -1,
    1e308,
    "",
    "\u0000\ud800",
    "x".repeat(5000),
    [],
    [[[]]],
    { "": {} },
    true,
  ];

  test("10,000 changed messages end nothing", async () => {
    const pick = random(7);
    const one = <T>(all: readonly T[]): T => all[pick(all.length)] as T;
    /** Signed as it should be, with something in it that should not be. */
    const signed = (): Buffer[] => {
      const [type, content] = one(REQUESTS);
      const parts: Json[] = [client.header(type), {}, {}, { ...content }];
      const part = one(parts);
      const key = one([...Object.keys(part), "x"]);
      // What a fuzzed request runs is not the point, and a shutdown would end it.
      if (key === "code" && type === "execute_request") parts[3] = { ...content, code: one([7, null, {}]) };
      else if (pick(4) === 0) delete part[key];
      else part[key] = one(JUNK);
      const frames = parts.map((each) => Buffer.from(JSON.stringify(each)));
      return [Buffer.from("<IDS|MSG>"), Buffer.from(client.sign(frames)), ...frames];
    };
    /** Bytes and frames that nobody signed. */
    const torn = (): Buffer[] => {
      const frames = client.frames(client.header(one(REQUESTS)[0]), {});
      const at = pick(frames.length);
      const frame = frames[at] as Buffer;
      const kind = pick(5);
      if (kind === 0) return frames.slice(0, at + 1);
      if (kind === 1) return frames.toSpliced(at, 0, frame);
      if (kind === 2) return frames.with(at, Buffer.alloc(pick(300), pick(256)));
      if (kind === 3) return frames.with(at, frame.subarray(0, pick(frame.length + 1)));
      const flipped = Buffer.from(frame);
      flipped[pick(frame.length)] = pick(256);
      return frames.with(at, flipped);
    };
    for (let sent = 0; sent < 10_000; sent++) {
      await client.sendRaw(one(["shell", "control", "stdin"]), pick(5) === 0 ? signed() : torn());
      // What was sent before is read and answered: the kernel's memory is not the subject.
      if (sent % 1000 === 999) await client.ask("kernel_info_request", {}, "control", 60_000);
    }
    // One of those that failed may abort what comes right behind it.
    await client.execute("0");
    await isWell();
  }, 120_000);

  test("a huge message is answered", async () => {
    const reply = await client.ask("kernel_info_request", { padding: "x".repeat(50_000_000) }, "shell", 60_000);
    expect(reply.status).toBe("ok");
    await isWell();
  }, 120_000);

  test("connections that say nonsense, stop in the middle or close one half take nothing from others", async () => {
    const { connection } = client;
    const ports = [connection.shell_port, connection.control_port, connection.iopub_port, connection.hb_port];
    const open = await Promise.all(
      ports.flatMap((port) =>
        ["", "GET / HTTP/1.1\r\n\r\n", Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3])].map(
          (says) =>
            new Promise<net.Socket>((resolve) => {
              const socket = net.connect({ port, host: connection.ip, allowHalfOpen: true }, () => {
                socket.write(says, () => resolve(socket));
              });
              socket.on("error", () => undefined);
            }),
        ),
      ),
    );
    for (const [index, socket] of open.entries()) if (index % 2 === 0) socket.end();
    expect(await client.beat()).toBeGreaterThan(0);
    await isWell();
    for (const socket of open) socket.destroy();
    await isWell();
  });

  test("a client that does not read takes neither output from one that does nor memory from the kernel", async () => {
    const { ip, iopub_port } = client.connection;
    const stuck = new Subscriber({ receiveHighWaterMark: 1, linger: 0 });
    stuck.connect(`tcp://${ip}:${iopub_port}`);
    stuck.subscribe();
    const { published } = await client.execute("for (let i = 0; i < 20_000; i++) console.log('line', i);");
    expect(streamText(published)).toBe(Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(""));
    const picture = "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': `${++shown} ${'x'.repeat(8e6)}` }) })";
    await client.execute("let shown = 0;");
    for (let cell = 0; cell < 3; cell++) {
      const { published: pictures } = await client.execute(
        `for (let i = 0; i < 32; i++) display(${picture});`,
        {},
        60_000,
      );
      const texts = pictures.filter(({ type }) => type === "display_data").map(({ content }) => content.data as Json);
      expect(texts.map((data) => Number.parseInt(String(data["text/plain"]), 10))).toEqual(range(32 * cell + 1, 32));
      // More than the limit below in all: this process is not the subject.
      client.received.length = 0;
    }
    expect(peakBytes(kernel.process.pid)).toBeLessThan(0.7e9);
    await isWell();
    // It reads again: what it had room for, and what is published from then on.
    let reads = false;
    const reading = readTo(stuck, "again").then(() => {
      reads = true;
    });
    while (!reads) await client.execute("'again'");
    await reading;
    stuck.close();
    await isWell();
  }, 240_000);
});

/** Resolves when a message with this text has come. */
async function readTo(socket: Subscriber, text: string): Promise<void> {
  for await (const frames of socket) if (frames.some((frame) => frame.length < 1e6 && frame.includes(text))) return;
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

/** The most that a process has had in memory. */
function peakBytes(pid: number | undefined): number {
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

describe("in a cell", () => {
  const deep = (open: string, close: string): string => `${open.repeat(20_000)}1${close.repeat(20_000)}`;
  const traps = "get() { throw 1 }, ownKeys() { throw 2 }, getPrototypeOf() { throw 3 }, has() { throw 4 }";

  test.each<[string, string, string]>([
    ["a megabyte", `const big = "${"x".repeat(1e6)}"; big.length`, "ok"],
    ["10,000 lines", Array.from({ length: 10_000 }, (_, line) => `const line${line} = ${line};`).join("\n"), "ok"],
    ["parentheses, 20,000 deep", deep("(", ")"), "SyntaxError"],
    ["brackets, 20,000 deep", deep("[", "]"), "SyntaxError"],
    ["recursion without end", "const again = (): number => again() + 1; again()", "RangeError"],
    ["a value that holds itself", "const ring: any = {}; ring.ring = ring; ring", "ok"],
    ["a value 100,000 deep", "let value: any = {}; for (let i = 0; i < 1e5; i++) value = { value }; value", "ok"],
    ["getters that throw", "({ get x() { throw new Error('no') }, get [Symbol.toStringTag]() { throw 1 } })", "ok"],
    ["a proxy that throws at everything", `new Proxy({}, { ${traps} })`, "Thrown"],
    ["a proxy that is revoked", "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); [proxy]", "ok"],
    ["a thrown proxy", `throw new Proxy(new Error("x"), { ${traps} })`, "Thrown"],
    ["an inspection that throws", "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } })", "ok"],
    ["a display that throws", "({ [Symbol.for('Jupyter.display')]() { throw new Error('no') } })", "ok"],
    [
      "a display that JSON cannot hold",
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 7n }) })",
      "UsageError",
    ],
    ["ten million elements", "new Array(1e7).fill('abc')", "ok"],
    ["a text of 100 MB", "'x'.repeat(1e8)", "ok"],
  ])("%s is answered", async (_what, code, ends) => {
    const { reply } = await client.execute(code);
    expect(reply.content.ename ?? reply.content.status).toBe(ends);
    await isWell();
  });

  test.each([
    ["timers", "setTimeout = setInterval = setImmediate = queueMicrotask = (() => 0) as any"],
    ["promises", "Promise = class { constructor() { throw 1; } } as any"],
    ["errors", "Error = class {} as any"],
    ["JSON", "JSON.stringify = () => { throw 1; }"],
    ["the process", "process = undefined as any"],
    ["the console", "console = undefined as any"],
  ])("%s of its own take nothing from the kernel", async (_what, change) => {
    const { reply } = await client.execute(
      "const own = Object.getOwnPropertyDescriptors(globalThis), { parse, stringify } = JSON, system = process; 1",
    );
    expect(reply.content.status).toBe("ok");
    const code = `globalThis.${change}; 1`
      .replace("globalThis.JSON", "JSON")
      .replace(/ = (?=set|queue)/g, " = globalThis.");
    expect((await client.execute(code)).reply.content.status).toBe("ok");
    await isWell();
    expect((await client.execute("await null; throw new RangeError('own')")).reply.content.ename).toBe("RangeError");
    await isWell();
    // The process stands behind a getter, which has the new one.
    const back =
      "Object.defineProperties(globalThis, own); Object.assign(JSON, { parse, stringify }); globalThis.process = system; 1";
    expect((await client.execute(back)).reply.content.status).toBe("ok");
    await isWell();
  });

  test("promises are shown without what Node keeps in them", async () => {
    const code =
      "class Mine extends Promise<number> {} [new Promise(() => {}), Promise.resolve({ a: 1 }), Mine.resolve(7)]";
    const { published } = await client.execute(code);
    const shown = published.find(({ type }) => type === "execute_result")?.content.data as Json;
    expect(String(shown["text/plain"]).replace(/\s+/g, " ")).toBe(
      "[ Promise { <pending> }, Promise { { a: 1 } }, Mine { 7 } ]",
    );
  });

  test("a working folder that is removed ends nothing, and can be left", async () => {
    // Node starts a thread, here the sentinel, in no folder that is gone.
    await client.execute("const live: any = { known: 1 };");
    const complete = async () => client.ask("complete_request", { code: "live.", cursor_pos: 5 });
    await expect.poll(async () => JSON.stringify(await complete()), { timeout: 30_000 }).toContain("known");
    const gone = path.join(kernel.folder, "gone");
    mkdirSync(gone);
    writeFileSync(path.join(kernel.folder, "beside.ts"), "export const beside: number = 3;");
    const text = JSON.stringify(gone);
    await client.execute(`process.chdir(${text}); require("node:fs").rmSync(${text}, { recursive: true });`);
    expect((await client.execute("await import('./beside.ts')")).reply.content.ename).toBe("UsageError");
    expect((await client.execute("%cd ..")).reply.content.ename).toBe("UsageError");
    expect((await client.execute("throw new RangeError('here')")).reply.content.ename).toBe("RangeError");
    await isWell();
    expect((await client.execute(`%cd ${kernel.folder}`)).reply.content.status).toBe("ok");
    const { published } = await client.execute("(await import('./beside.ts')).beside");
    expect(published.find(({ type }) => type === "execute_result")?.content.data).toEqual({ "text/plain": "3" });
  });

  test.each(["(", "[", "{", "`${", "function f() {"])(
    "%s without end is judged, completed and inspected",
    async (open) => {
      const code = open.repeat(20_000);
      expect(await client.ask("is_complete_request", { code })).toHaveProperty("status");
      const at = { code, cursor_pos: code.length };
      expect(await client.ask("complete_request", at)).toMatchObject({ status: "ok" });
      expect(await client.ask("inspect_request", { ...at, detail_level: 0 })).toMatchObject({ status: "ok" });
      await isWell();
    },
  );
});

test("a broken tsconfig.json beside the notebook leaves cells, types and completion as they are", async () => {
  writeFileSync(path.join(kernel.folder, "tsconfig.json"), '{ "compilerOptions": { "strict": ');
  writeFileSync(path.join(kernel.folder, "package.json"), "{");
  const other = await startKernel({ folder: kernel.folder });
  const { reply } = await other.client.execute("const wrong: number = 'text'; 1");
  expect(reply.content.status).toBe("ok");
  await other.client.waitFor(({ type, content }) => type === "stream" && /TS2322/.test(String(content.text)));
  expect(await other.client.ask("complete_request", { code: "wrong.toFi", cursor_pos: 10 })).toMatchObject({
    matches: ["toFixed"],
  });
  await other.stop();
});
