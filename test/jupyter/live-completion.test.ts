import { beforeAll, describe, expect, test } from "vitest";
import { kernelOfTests } from "./kernel-process.ts";

const kernel = await kernelOfTests();

beforeAll(async () => {
  const cell = `
    import { DataFrame } from "danfojs-node";
    const parsed = JSON.parse('{ "alpha": 1, "beta": { "gamma": 2 }, "odd name": 3 }');
    const touched: string[] = [];
    const sly: any = { plain: 1, get costly() { touched.push("costly"); return { inner: 1 }; } };
    const trap: any = new Proxy({ hidden: 1 }, { get() { touched.push("get"); }, ownKeys() { touched.push("keys"); return []; } });
    const sales = new DataFrame({ user_id: [1, 2], amount: [1.5, 2.5], 'with "quotes"': [1, 2] });
    class Base { inherited() {} }
    const made: any = new (class extends Base { own = 1; #secret = 2; method() { return this.#secret; } })();`;
  const { reply } = await kernel.client.execute(cell);
  expect(reply.content.evalue).toBeUndefined();
}, 60_000);

/** What is offered at the end of the code. */
async function offered(code: string): Promise<readonly string[]> {
  const { matches } = await kernel.client.ask("complete_request", { code, cursor_pos: code.length });
  return matches as readonly string[];
}

const CASES: readonly (readonly [code: string, matches: readonly string[]])[] = [
  ["parsed.", ["alpha", "beta"]],
  ["1 + parsed.be", ["beta"]],
  ["parsed.beta.", ["gamma"]],
  ["parsed?.beta?.ga", ["gamma"]],
  ["sly.", ["plain", "costly"]],
  ["sly.costly.", []],
  ["trap.", []],
  ["made.", ["own", "method", "inherited"]],
  ["parsed.none.", []],
  ["nobody.", []],
  ['sales["am', ["amount"]],
  ["sales.column('", ["user_id", "amount", 'with "quotes"']],
  ['sales.groupby(["user_id", "', ["user_id", "amount"]],
  ['sales.groupby(["user_id"]).col(["amo', ["amount"]],
  ['parsed["', ["alpha", "beta", "odd name"]],
  ["parsed.beta['ga", ["gamma"]],
  ['parsed?.beta?.["', ["gamma"]],
  ['made["', ["own"]],
  ["// parsed.", []],
  ["%chunked sales --by ", ["user_id", "amount", '"with ""quotes"""']],
  ["%chunked ${sales} --agg am", ["amount:"]],
];

describe("completion from values", () => {
  test.each(CASES)("%s", async (code, matches) => {
    expect(await offered(code)).toEqual(matches);
  });

  test("has kinds and places, and what the types know comes first", async () => {
    const reply = await kernel.client.ask("complete_request", { code: "😀 = made.me", cursor_pos: 11 });
    expect(reply.metadata).toEqual({
      _jupyter_types_experimental: [{ text: "method", type: "method", start: 9, end: 11 }],
    });
    const members = await offered("sales.");
    expect(members).toContain("groupby");
    expect(new Set(members).size).toBe(members.length);
  });

  test("answers while a cell spins", async () => {
    const id = await kernel.client.startCell("for (;;);");
    await kernel.client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === id);
    expect(await offered("parsed.beta.")).toEqual(["gamma"]);
    expect(await offered('sales["am')).toEqual(["amount"]);
    await kernel.client.ask("interrupt_request", {}, "control");
    expect((await kernel.client.finished(id)).reply.content.ename).toBe("Interrupted");
  });

  test("is not held up by a thread in native code", async () => {
    const id = await kernel.client.startCell("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)");
    await kernel.client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === id);
    expect(await kernel.client.ask("complete_request", { code: "parsed.", cursor_pos: 7 })).toHaveProperty("matches");
    expect(await kernel.client.ask("complete_request", { code: "parsed.", cursor_pos: 7 })).toHaveProperty("matches");
    await kernel.client.ask("interrupt_request", {}, "control");
    expect((await kernel.client.finished(id)).reply.content.ename).toBe("Interrupted");
    expect(await offered("parsed.beta.")).toEqual(["gamma"]);
  });

  test("runs no code of the user's", async () => {
    const { published } = await kernel.client.execute("touched");
    expect(published.find(({ type }) => type === "execute_result")?.content.data).toEqual({ "text/plain": "[]" });
  });
});
