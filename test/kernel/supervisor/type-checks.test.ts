import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, streamText, typesOf } from "../../jupyter/client.ts";
import { type Rig, startRig } from "./harness.ts";

let rig: Rig;
let client: Client;

// The fake executor runs orders; here each is also a TypeScript comment or statement that the checker sees.
beforeAll(async () => {
  rig = await startRig("echo-executor.mjs");
  client = rig.client;
});

afterAll(() => rig.stop());

test("a type error is a warning of its own cell", async () => {
  // The first check may start the service and come after idle.
  const id = await client.startCell("const warm: number = 'text'");
  const warning = await client.waitFor(({ type, content }) => type === "stream" && content.name === "stderr");
  expect(warning.parent.msg_id).toBe(id);
  expect(warning.content.text).toContain("TS2322");
  const { reply } = await client.execute("const wrong: number = 'text'");
  expect(reply.content.status).toBe("ok");
  await expect.poll(() => streamText(client.publishedFor(String(reply.parent.msg_id)), "stderr")).toContain("TS2322");
});

test("strict: a cell with a type error does not run, and declares nothing", async () => {
  await client.execute("/* mode strict */");
  const { reply, published } = await client.execute("const never: number = 'text'; /* ran */");
  expect(reply.content).toMatchObject({ status: "error", ename: "TypeCheckError" });
  expect(typesOf(published)).toEqual(["status", "execute_input", "error", "status"]);
  const next = await client.execute("never + 1");
  expect(next.reply.content.ename).toBe("TypeCheckError");
  expect(String(next.reply.content.evalue)).toContain("never");
  expect((await client.execute("const fine: number = 1")).reply.content.status).toBe("ok");
});

test("off: nothing is said", async () => {
  await client.execute("/* mode off */");
  const { reply, published } = await client.execute("const quiet: number = 'text'");
  expect(reply.content.status).toBe("ok");
  expect(typesOf(published)).toEqual(["status", "execute_input", "status"]);
});
