import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { LanguageThread } from "../../../kernel/supervisor/language-thread.ts";
import { typeServersOf } from "../language/harness.ts";
import { startRig } from "./harness.ts";

function openFake(): LanguageThread {
  const language = new LanguageThread("/", fileURLToPath(new URL("fake-language.mjs", import.meta.url)));
  onTestFinished(() => language.close());
  return language;
}

test("a question that fails takes no other along", async () => {
  const language = openFake();
  const [failed, fine] = await Promise.allSettled([language.complete("fail", 0), language.complete("x", 0)]);
  expect(failed).toMatchObject({ status: "rejected", reason: { code: "E_LANGUAGE" } });
  expect(fine).toEqual({ status: "fulfilled", value: [] });
});

test.each(["die", "throw"])(
  "a thread that ends (%s) is followed by one with all that stands, and with the questions behind",
  async (end) => {
    const language = openFake();
    language.accept({ id: "a", code: "1" });
    await language.checkCell({ id: "b", code: "2" }, "always");
    await language.checkCell({ id: "c", code: "3" }, "never");
    expect(await language.complete("x", 0)).toEqual(["a", "b"]);
    const replaced = [
      { id: "a", code: "1" },
      { id: "b", code: "other" },
      { id: "c", code: "3" },
    ].map((cell) => language.isReplacing(cell));
    expect(replaced).toEqual([false, true, false]);
    const deadly = language.complete(end, 0);
    const behind = language.checkCell({ id: "d", code: "4" }, "always");
    const last = language.complete("x", 0);
    await expect(deadly).rejects.toMatchObject({ code: "E_LANGUAGE" });
    expect(await behind).toEqual([]);
    expect(await last).toEqual(["a", "b", "d"]);
  },
);

test("in a folder that has been removed there is no answer, and the process lives", async () => {
  const before = process.cwd();
  const folder = mkdtempSync(path.join(tmpdir(), "outgrow-removed-"));
  const language = openFake();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
  rmSync(folder, { recursive: true });
  await expect(language.complete("x", 0)).rejects.toMatchObject({ code: "E_LANGUAGE" });
  process.chdir(before);
  expect(await language.complete("x", 0)).toEqual([]);
});

test("after close there is no answer, and no thread", async () => {
  const language = openFake();
  const open = language.complete("x", 0);
  await language.close();
  expect(await open).toEqual([]);
  await expect(language.complete("x", 0)).rejects.toMatchObject({ code: "E_LANGUAGE" });
});

test("the real one answers, and leaves no process behind when it is closed or killed", async () => {
  for (const end of ["close", "kill"] as const) {
    const language = new LanguageThread("/");
    const found = await language.checkCell({ id: "a", code: "const n: number = 'text'" });
    expect(found.map(({ code }) => code)).toEqual(["TS2322"]);
    expect(await language.completeness("if (1) {")).toMatchObject({ status: "incomplete" });
    expect(typeServersOf(process.pid)).toHaveLength(1);
    language.kill();
    await expect.poll(() => typeServersOf(process.pid)).toEqual([]);
    if (end === "close") await language.close();
  }
});

test("control answers while a cell of 10,000 lines is completed and judged", async () => {
  const rig = await startRig();
  onTestFinished(() => rig.stop());
  const { client } = rig;
  await client.execute("typecheck off");
  const lines = Array.from(
    { length: 10_000 },
    (_, at) => `const value${at} = { a: ${at}, b: [${at}].map((x) => x * 2) };`,
  );
  const code = `${lines.join("\n")}\nvalue1.`;
  const long = [
    await client.send("shell", "complete_request", { code, cursor_pos: code.length }),
    await client.send("shell", "is_complete_request", { code }),
  ];
  await Promise.all(long.map((id) => client.waitFor(({ type, parent }) => type === "status" && parent.msg_id === id)));
  for (let at = 0; at < 3; at++)
    expect(await client.ask("kernel_info_request", {}, "control")).toMatchObject({ status: "ok" });
  const isAnswered = (id: string) =>
    client.received.some(({ channel, parent }) => channel === "shell" && parent.msg_id === id);
  expect(long.map(isAnswered)).toEqual([false, false]);
  const [completed, judged] = await Promise.all(
    long.map((id) => client.waitFor(({ channel, parent }) => channel === "shell" && parent.msg_id === id, 120_000)),
  );
  expect(completed?.content.matches).toContain("a");
  expect(judged?.content.status).toBe("incomplete");
}, 150_000);
