import { expect, test } from "vitest";
import { streamText, typesOf } from "./client.ts";
import { kernelOfTests } from "./kernel-process.ts";

const { client } = await kernelOfTests();

const comm = (type: string, comm_id: string, more: object = {}) =>
  client.send("shell", type, { comm_id, data: {}, ...more });
const idleOf = (id: string) =>
  client.waitFor(
    ({ type, parent, content }) => type === "status" && parent.msg_id === id && content.execution_state === "idle",
  );

test("a comm is opened, listed, heard and closed; its messages are busy until they are handled", async () => {
  await client.execute(
    "comms.offer('echo', (comm) => comm.onMessage(({ data, buffers }) => comm.send(data, { buffers })));",
  );
  await idleOf(await comm("comm_open", "c1", { target_name: "echo" }));
  const listed = { status: "ok", comms: { c1: { target_name: "echo" } } };
  expect(await client.ask("comm_info_request")).toEqual(listed);
  expect(await client.ask("comm_info_request", { target_name: "echo" })).toEqual(listed);
  expect(await client.ask("comm_info_request", { target_name: "other" })).toEqual({ status: "ok", comms: {} });
  const asked = await comm("comm_msg", "c1", { data: { n: 1 } });
  await idleOf(asked);
  const about = client.publishedFor(asked);
  expect(typesOf(about)).toEqual(["status", "comm_msg", "status"]);
  expect(about[1]?.content).toEqual({ comm_id: "c1", data: { n: 1 } });
  await idleOf(await comm("comm_close", "c1"));
  expect(await client.ask("comm_info_request")).toEqual({ status: "ok", comms: {} });
  // To a comm that is closed.
  await idleOf(await comm("comm_msg", "c1"));
});

test("a comm to nobody is closed on iopub, also while a cell spins", async () => {
  const spinning = await client.startCell("for (;;);");
  await client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === spinning);
  const id = await comm("comm_open", "c2", { target_name: "nobody" });
  await client.waitFor(({ type, content }) => type === "comm_close" && content.comm_id === "c2");
  await idleOf(id);
  await client.ask("interrupt_request", {}, "control");
  expect((await client.finished(spinning)).reply.content.ename).toBe("Interrupted");
});

test("Stop ends a listener that spins when no cell runs, and the variables stay", async () => {
  await client.execute("const kept = 7; comms.offer('spin', () => { console.log('spins'); for (;;); });");
  const id = await comm("comm_open", "c3", { target_name: "spin" });
  await client.waitFor(({ type, content }) => type === "stream" && content.text === "spins\n");
  await client.ask("interrupt_request", {}, "control");
  await idleOf(id);
  const { published } = await client.execute("console.log(kept)");
  expect(streamText(published)).toBe("7\n");
});

test("a widget's model comes before its view, and is gone with the process that had it", async () => {
  const { published } = await client.execute("const w = widget({ esm: 'export default {}', state: { n: 1 } }); w");
  expect(typesOf(published)).toEqual(["status", "execute_input", "comm_open", "execute_result", "status"]);
  const { comm_id: id } = published[2]?.content ?? {};
  expect(published[2]?.metadata).toEqual({ version: "2.1.0" });
  expect(await client.ask("comm_info_request", { target_name: "jupyter.widget" })).toMatchObject({
    comms: { [id as string]: { target_name: "jupyter.widget" } },
  });
  await client.execute("process.exit(3)");
  await client.waitFor(({ type, content }) => type === "comm_close" && content.comm_id === id);
  expect(await client.ask("comm_info_request")).toEqual({ status: "ok", comms: {} });
});
