import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { History } from "../../../kernel/supervisor/history.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-history-"));
  process.env.OUTGROW_DATA_DIR = path.join(folder, "data");
  file = path.join(folder, "data", "history.jsonl");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function session(...cells: readonly string[]): Promise<History> {
  const history = new History();
  for (const [index, cell] of cells.entries()) history.add(index + 1, cell, undefined);
  await history.close();
  return history;
}

const places = (entries: readonly { session: number; line: number; input: string }[]): readonly string[] =>
  entries.map(({ session, line, input }) => `${session}/${line} ${input}`);

describe("history", () => {
  test("tries again what a full disk did not take, and passes over the part that it took", async () => {
    await session("a");
    const rest = readFileSync(file, "utf8");
    rmSync(file);
    // As good as a full disk: what is written to a folder fails.
    mkdirSync(file);
    const history = new History();
    history.add(1, "b", undefined);
    const complained = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await vi.waitFor(() => expect(complained).toHaveBeenCalledTimes(1));
    rmSync(file, { recursive: true });
    writeFileSync(file, `${rest}{"session":"half of a li`);
    history.add(2, "c", undefined);
    await history.close();
    complained.mockRestore();
    expect(places(await new History().tail(9))).toEqual(["1/1 a", "2/1 b", "2/2 c"]);
  });

  test("has once what was written again after a disk that took a part", async () => {
    await session("a");
    const line = readFileSync(file, "utf8");
    writeFileSync(file, `${line}{"session":"half of a li\n${line}`);
    expect(places(await new History().tail(9))).toEqual(["1/1 a"]);
  });

  test("outlives its session, in a file that only its user reads", async () => {
    await session("a", "b");
    const later = await session("c");
    expect(places(await later.tail(10))).toEqual(["1/1 a", "1/2 b", "2/1 c"]);
    expect(places(await later.tail(2))).toEqual(["1/2 b", "2/1 c"]);
    expect(await later.tail(0)).toEqual([]);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test("holds no token that somebody typed into an address", async () => {
    const history = await session("%spark connect sc://host:443/;token=s3cret;use_ssl=true");
    expect(places(await history.tail(1))).toEqual(["1/1 %spark connect sc://host:443/;token=•••;use_ssl=true"]);
    expect(readFileSync(file, "utf8")).not.toContain("s3cret");
  });

  test("of sessions at the same time is kept apart", async () => {
    const [one, two] = [new History(), new History()];
    for (const [line, code] of ["a", "b", "c"].entries()) {
      one.add(line + 1, `1${code}`, undefined);
      two.add(line + 1, `2${code}`, undefined);
      await Promise.all([one.close(), two.close()]);
    }
    const later = await session();
    const first = places(await later.range(1, 1, undefined)).map((place) => place.replace(/^\S+ /, ""));
    const second = places(await later.range(2, 1, undefined)).map((place) => place.replace(/^\S+ /, ""));
    expect([first, second].sort()).toEqual([
      ["1a", "1b", "1c"],
      ["2a", "2b", "2c"],
    ]);
  });

  test("gives ranges of this session, of one by its number, and of one counted back", async () => {
    await session("a", "b", "c");
    const later = await session("d", "e");
    expect(places(await later.range(0, 1, undefined))).toEqual(["2/1 d", "2/2 e"]);
    expect(places(await later.range(1, 2, 3))).toEqual(["1/2 b"]);
    expect(places(await later.range(-1, 1, 3))).toEqual(["1/1 a", "1/2 b"]);
    expect(await later.range(9, 0, undefined)).toEqual([]);
  });

  test("is searched by a glob, each found once when asked, the last so many", async () => {
    const history = await session("x = 1", "y = 2", "x = 1", "f(x)\n+ [1]", "z");
    expect(places(await history.search("x*", undefined, false))).toEqual(["1/1 x = 1", "1/3 x = 1"]);
    expect(places(await history.search("x*", undefined, true))).toEqual(["1/3 x = 1"]);
    expect(places(await history.search("? = ?", 1, true))).toEqual(["1/3 x = 1"]);
    expect(places(await history.search("*[1]", undefined, false))).toEqual(["1/4 f(x)\n+ [1]"]);
    expect(await history.search("(", undefined, false)).toEqual([]);
  });

  test("passes over lines that are broken, and goes on after them", async () => {
    await session("a");
    appendFileSync(file, '{"session":"half\n7\nnull\n{"session":1,"line":1,"input":"old"}\n');
    expect(places(await (await session("b")).tail(10))).toEqual(["1/1 a", "2/1 b"]);
  });

  test("is cut when the file has grown, to the newest", async () => {
    mkdirSync(path.dirname(file), { recursive: true });
    const lines = Array.from({ length: 20_001 }, (_, line) => JSON.stringify({ session: "s", line, input: `${line}` }));
    writeFileSync(file, `${lines.join("\n")}\n`);
    const history = await session("last");
    expect(places(await history.tail(2))).toEqual(["1/20000 20000", "2/1 last"]);
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(10_001);
  });

  test("has no cell that is as long as data are", async () => {
    const history = await session("a", `const data = "${"x".repeat(100_000)}"`, "c");
    expect(places(await history.tail(9))).toEqual(["1/1 a", "1/3 c"]);
    expect(statSync(file).size).toBeLessThan(1000);
  });

  test("in a folder that cannot be made lives as long as the kernel", async () => {
    writeFileSync(path.join(folder, "data"), "a file where a folder should be");
    const history = await session("a");
    expect(places(await history.tail(5))).toEqual(["1/1 a"]);
    expect(existsSync(file)).toBe(false);
  });
});
