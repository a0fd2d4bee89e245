import { describe, expect, test } from "vitest";
import { type Json, type Message, streamText, typesOf } from "./client.ts";
import { kernelOfTests, startKernel } from "./kernel-process.ts";

const kernel = await kernelOfTests();
const { client } = kernel;

interface Check {
  readonly name: string;
  /** What has to be true. */
  readonly says: string;
  run(): Promise<void>;
}

const BASIC: readonly Check[] = [
  {
    name: "heartbeat_responds",
    says: "the heartbeat sends back what it was sent",
    run: async () => expect(await client.beat()).toBeGreaterThan(0),
  },
  {
    name: "iopub_welcome",
    says: "a new subscriber is welcomed on iopub",
    run: async () => expect((await client.waitFor(({ type }) => type === "iopub_welcome")).channel).toBe("iopub"),
  },
  {
    name: "kernel_info_reply_valid",
    says: "kernel_info is answered with status, implementation and banner",
    run: async () =>
      expect(await client.ask("kernel_info_request")).toMatchObject({
        status: "ok",
        implementation: "outgrow",
        banner: expect.stringContaining("Outgrow"),
      }),
  },
  {
    name: "kernel_info_has_language_info",
    says: "language_info names the language, its MIME type and file extension",
    run: async () =>
      expect((await client.ask("kernel_info_request")).language_info).toMatchObject({
        name: "typescript",
        mimetype: "text/typescript",
        file_extension: ".ts",
      }),
  },
  {
    name: "kernel_info_has_protocol_version",
    says: "protocol_version is 5.5",
    run: async () => expect((await client.ask("kernel_info_request")).protocol_version).toBe("5.5"),
  },
  {
    name: "execute_stdout",
    says: "what is printed is a stream on stdout",
    run: async () => {
      const { published } = await client.execute("console.log('hello from the test bed')");
      expect(streamText(published, "stdout")).toBe("hello from the test bed\n");
    },
  },
  {
    name: "execute_stderr",
    says: "what is printed as an error is a stream on stderr",
    run: async () => {
      const { published } = await client.execute("console.error('as an error')");
      expect(streamText(published, "stderr")).toBe("as an error\n");
    },
  },
  {
    name: "execute_reply_ok",
    says: "a cell that works is answered ok",
    run: async () => expect((await client.execute("const works = 1")).reply.content.status).toBe("ok"),
  },
  {
    name: "status_busy_idle_lifecycle",
    says: "a cell's first message is busy, its last idle",
    run: async () => {
      const { published } = await client.execute("1 + 1");
      const states = published.filter(({ type }) => type === "status").map(({ content }) => content.execution_state);
      expect(states).toEqual(["busy", "idle"]);
      expect([published[0]?.type, published.at(-1)?.type]).toEqual(["status", "status"]);
    },
  },
  {
    name: "execute_input_broadcast",
    says: "the code is told to all front ends",
    run: async () => {
      const { published } = await client.execute("const told = 1");
      expect(published.find(({ type }) => type === "execute_input")?.content.code).toBe("const told = 1");
    },
  },
  {
    name: "shutdown_reply",
    says: "a shutdown is answered, and the process ends",
    run: async () => {
      const other = await startKernel();
      expect(await other.client.ask("shutdown_request", { restart: false }, "control")).toMatchObject({ status: "ok" });
      expect(await other.exited).toBe(0);
      await other.stop();
    },
  },
];

const INTERACTIVE: readonly Check[] = [
  {
    name: "complete_request",
    says: "a name that a cell declared is completed, with its place",
    run: async () => {
      await client.execute("const testbedVariable = 1");
      const reply = await client.ask("complete_request", { code: "testbedVar", cursor_pos: 10 });
      expect(reply).toMatchObject({ status: "ok", matches: ["testbedVariable"], cursor_start: 0, cursor_end: 10 });
    },
  },
  {
    name: "inspect_request",
    says: "a name is explained",
    run: async () => {
      const reply = await client.ask("inspect_request", { code: "parseInt", cursor_pos: 8, detail_level: 0 });
      expect(reply).toMatchObject({ status: "ok", found: true });
      expect((reply.data as Json)["text/plain"]).toContain("parseInt");
    },
  },
  {
    name: "is_complete_complete",
    says: "a whole cell is complete",
    run: async () =>
      expect(await client.ask("is_complete_request", { code: "1 + 1" })).toMatchObject({ status: "complete" }),
  },
  {
    name: "is_complete_incomplete",
    says: "half a cell is incomplete, with an indent",
    run: async () =>
      expect(await client.ask("is_complete_request", { code: "function f() {" })).toEqual({
        status: "incomplete",
        indent: "  ",
      }),
  },
  {
    name: "history_request",
    says: "what was run is remembered",
    run: async () => {
      await client.execute("'to be remembered'");
      const { history } = await client.ask("history_request", { hist_access_type: "tail", n: 1, output: true });
      expect(history).toMatchObject([[1, expect.any(Number), ["'to be remembered'", "'to be remembered'"]]]);
    },
  },
  {
    name: "comm_info_request",
    says: "the open comms are listed",
    run: async () => expect(await client.ask("comm_info_request")).toEqual({ status: "ok", comms: {} }),
  },
  {
    name: "error_handling",
    says: "a cell that throws is answered and published as an error with a traceback",
    run: async () => {
      const { reply, published } = await client.execute("throw new RangeError('as ordered')");
      const error = { ename: "RangeError", evalue: "as ordered", traceback: expect.any(Array) };
      expect(reply.content).toMatchObject({ status: "error", ...error });
      expect(published.filter(({ type }) => type === "error").map(({ content }) => content)).toMatchObject([error]);
    },
  },
];

const RICH: readonly Check[] = [
  {
    name: "display_data",
    says: "a rich output is shown at once",
    run: async () => {
      const { published } = await client.execute("display({ 'text/html': '<b>bold</b>' }, { raw: true })");
      const shown = published.find(({ type }) => type === "display_data");
      expect(shown?.content).toMatchObject({ data: { "text/html": "<b>bold</b>" }, metadata: {} });
    },
  },
  {
    name: "update_display_data",
    says: "an output is replaced by its display_id",
    run: async () => {
      const { published } = await client.execute("const shown = display('one'); shown.update('two');");
      const ids = published
        .filter(({ type }) => /display_data$/.test(type))
        .map(({ content }) => (content.transient as Json).display_id);
      expect(typesOf(published)).toContain("update_display_data");
      expect(ids).toEqual([ids[0], ids[0]]);
    },
  },
  {
    name: "execute_result",
    says: "the last value is the result, as plain text",
    run: async () => expect((await resultOf("6 * 7"))?.data).toEqual({ "text/plain": "42" }),
  },
  {
    name: "rich_execute_result",
    says: "a value that knows how it looks is a rich result",
    run: async () => {
      const code =
        "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '*slanted*', 'text/plain': 'plain' }) })";
      expect((await resultOf(code))?.data).toEqual({ "text/markdown": "*slanted*", "text/plain": "plain" });
    },
  },
];

const ADVANCED: readonly Check[] = [
  {
    name: "stdin_input_request",
    says: "a cell asks for a line of text and gets it",
    run: async () => {
      const id = await client.startCell("await input('who? ')", { allow_stdin: true });
      const asked = await client.waitFor(({ type, parent }) => type === "input_request" && parent.msg_id === id);
      expect(asked.content).toEqual({ prompt: "who? ", password: false });
      await client.send("stdin", "input_reply", { status: "ok", value: "Ada" });
      expect(dataOf((await client.finished(id)).published)).toEqual({ "text/plain": "'Ada'" });
    },
  },
  {
    name: "comms_lifecycle",
    says: "a comm is opened, heard, answered, listed and closed",
    run: async () => {
      await client.execute(
        "comms.offer('bed', (comm) => comm.onMessage(({ data }) => comm.send({ back: data.there })));",
      );
      const tell = (type: string, more: Json = {}) => client.send("shell", type, { comm_id: "b1", data: {}, ...more });
      await tell("comm_open", { target_name: "bed" });
      await tell("comm_msg", { data: { there: 1 } });
      const answer = await client.waitFor(({ type, content }) => type === "comm_msg" && content.comm_id === "b1");
      expect(answer.content.data).toEqual({ back: 1 });
      expect(await client.ask("comm_info_request")).toMatchObject({ comms: { b1: { target_name: "bed" } } });
      await tell("comm_close");
      expect(await client.ask("comm_info_request")).toEqual({ status: "ok", comms: {} });
    },
  },
  {
    name: "interrupt_request",
    says: "Stop ends a cell that spins, and its variables stay",
    run: async () => {
      await client.execute("const stays = 41;");
      const id = await client.startCell("for (;;);");
      await client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === id);
      expect(await client.ask("interrupt_request", {}, "control")).toEqual({ status: "ok" });
      expect((await client.finished(id)).reply.content).toMatchObject({ status: "error", ename: "Interrupted" });
      expect((await resultOf("stays + 1"))?.data).toEqual({ "text/plain": "42" });
    },
  },
  {
    name: "execution_count_increments",
    says: "each stored cell counts one",
    run: async () => {
      const counts = [];
      for (const code of ["1", "2"]) counts.push((await client.execute(code)).reply.content.execution_count as number);
      expect(counts[1]).toBe((counts[0] as number) + 1);
    },
  },
  {
    name: "parent_header_correlation",
    says: "all that is said of a cell bears its request as the parent",
    run: async () => {
      const { reply, published } = await client.execute("console.log('mine'); 7");
      const id = reply.parent.msg_id;
      expect(typesOf(published)).toEqual(["status", "execute_input", "stream", "execute_result", "status"]);
      expect(new Set(published.map(({ parent }) => parent.msg_id))).toEqual(new Set([id]));
    },
  },
];

const TIERS: readonly (readonly [tier: string, checks: readonly Check[]])[] = [
  ["1, basic", BASIC],
  ["2, interactive", INTERACTIVE],
  ["3, rich output", RICH],
  ["4, advanced", ADVANCED],
];

/** The checks of the public kernel test bed (runtimed/kernel-testbed) under its names, on the built kernel. */
describe("the kernel test bed", () => {
  const passed = new Set<string>();
  const all = TIERS.flatMap(([, checks]) => checks);

  test.each(all.map((check) => [check.name, check] as const))("%s", async (name, check) => {
    await check.run();
    passed.add(name);
  });

  test("is what docs/kernel-scorecard.md says: node scripts/scorecard.mjs writes it", async () => {
    const rows = TIERS.flatMap(([tier, checks]) =>
      checks.map(({ name, says }) => `| ${tier} | \`${name}\` | ${says} | ${passed.has(name) ? "yes" : "**no**"} |`),
    );
    expect(all).toHaveLength(27);
    await expect(scorecard(rows, passed.size, all.length)).toMatchFileSnapshot("../../docs/kernel-scorecard.md");
  });
});

function scorecard(rows: readonly string[], passed: number, all: number): string {
  return `# Scorecard of the kernel

The ${all} checks of the public [kernel test bed](https://github.com/runtimed/kernel-testbed), under its names and run against the built kernel by
\`test/jupyter/testbed.test.ts\`. That run generates this page: \`node scripts/scorecard.mjs\` writes it, \`--check\` and every test run fail when it is out of date.

**${passed} of ${all}** hold.

| tier | check | what has to be true | holds |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

async function resultOf(code: string): Promise<Json | undefined> {
  const { published } = await client.execute(code);
  return published.find(({ type }) => type === "execute_result")?.content;
}

function dataOf(published: readonly Message[]): unknown {
  return published.find(({ type }) => type === "execute_result")?.content.data;
}
