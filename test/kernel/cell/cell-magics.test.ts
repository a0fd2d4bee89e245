import { describe, expect, test } from "vitest";
import { CellSyntaxError } from "../../../kernel/cell/syntax-error.ts";
import { MAGICS } from "./magics.ts";
import { failureOf, Session } from "./session.ts";

describe("magics in cells", () => {
  test("bound expressions keep their type", async () => {
    const session = new Session(MAGICS);
    await session.run("const n = { a: 1 }");
    await session.run('%show --x ${n} "two words" pre${n.a + 1}post ${`}${1}`}');
    expect(session.seen).toEqual([{ name: "show", words: ["--x", { a: 1 }, "two words", "pre2post", "}1"] }]);
  });

  test("a line magic runs between statements, in text order", async () => {
    const session = new Session(MAGICS);
    await session.run("let v = 1\n%show ${v}\nv = 2\n%show ${v}\nconst t = 10\n  %3");
    expect(session.seen.map(({ words }) => words)).toEqual([[1], [2]]);
  });

  test("a session body declares for the session and gives its value", async () => {
    const session = new Session(MAGICS);
    await session.run("%%time\nconst inBody = 3\ninBody + 1");
    expect(await session.run("inBody")).toBe(3);
    await session.run("%time const one = 1");
    expect(await session.run("one")).toBe(1);
  });

  test("a function body is called with its parameters; its value is the last expression or return", async () => {
    const session = new Session(MAGICS);
    await session.run("let calls = 0; let results: unknown");
    await session.run(
      "%%each\ncalls++\nconst local = chunk.length\nresults = [...((results as []) ?? []), local]\nlocal",
    );
    expect(await session.run("[calls, results]")).toEqual([2, [1, 2]]);
    await session.run("%%each\nif (chunk.length > 1) return (results = 'returned')\nresults = 'last'");
    expect(await session.run("results")).toBe("returned");
    await expect(session.run("local")).rejects.toThrow(ReferenceError);
  });

  test("a text body is not compiled", async () => {
    const session = new Session(MAGICS);
    await session.run("%%text --a\nSELECT * FROM (((");
    expect(session.seen).toEqual([{ name: "text", words: ["--a"] }]);
  });

  test("magics stack, outermost first", async () => {
    const session = new Session(MAGICS);
    await session.run("%%time\n%%each\nchunk.length");
    expect(session.seen.map(({ name }) => name)).toEqual(["time", "each"]);
  });

  test("magics of other forms stand between stacked ones", async () => {
    const session = new Session(MAGICS);
    await session.run("const n = 2\nlet got: unknown");
    await session.run("%%time\n%show ${n}\n%%each\ngot = chunk.length");
    expect(session.seen.map(({ name, words }) => [name, words])).toEqual([
      ["show", [2]],
      ["time", []],
      ["each", []],
    ]);
    expect(await session.run("got")).toBe(2);
  });

  test("line magics run in a body that is code", async () => {
    const session = new Session(MAGICS);
    await session.run("%%time\nlet v = 1\n%show ${v}\nv = 2\n%show ${v}\nv");
    expect(session.seen.map(({ words }) => words)).toEqual([[], [1], [2]]);
    await session.run("%%each\nconst size = chunk.length\n%show ${size}\nsize");
    expect(session.seen.slice(3).map(({ words }) => words)).toEqual([[], [1], [2]]);
  });

  test("the pieces of a cell see each other's names, shadowed globals too", async () => {
    const session = new Session(MAGICS);
    expect(await session.run("let got: unknown\nconst name = 5\n%time got = name\ngot")).toBe(5);
    expect(await session.run("%time const fetch = 6\nfetch")).toBe(6);
    await expect(session.run("%time const fixed = 1\nfixed = 2")).rejects.toThrow("Assignment to constant variable.");
  });

  test("an unknown magic fails before the code below it is looked at", async () => {
    const session = new Session(MAGICS);
    await session.run("%nope it's\nthis is (no code");
    await session.run("%each --as chunk\nreturn 1");
    await session.run("%%show\nthis is (no code");
    expect(session.seen.map(({ name }) => name)).toEqual(["nope", "each", "show"]);
  });

  test.each([
    ["%show ${1 +}", 1, 12],
    ["let a = 1\n%show x ${a)]]);steal(([(a}", 2, 13],
    ["%show ${}", 1, 9],
    ["%show ${a; b}", 1, 10],
    ["let a = 1\n%%each\n1", 2, 2],
    ["%%each\n1\n});\n(async () => {", 4, 1],
    ["%%each\n1\n})\n(async () => {", 3, 3],
    ["%%each\nlet x = ;", 2, 9],
    ["%%each\n\nimport fs from 'node:fs'\nfs", 3, 1],
    ["%time let x = ;", 1, 15],
    ["%%time\nreturn 1", 2, 1],
  ])("a fault in %j has its place", async (source, line, column) => {
    const error = await failureOf(new Session(MAGICS).run(source));
    expect(error).toBeInstanceOf(CellSyntaxError);
    expect([(error as CellSyntaxError).line, (error as CellSyntaxError).column]).toEqual([line, column]);
  });

  test("a fault in the code of a magic is that code's own", async () => {
    await expect(new Session(MAGICS).run("%time --a 3")).rejects.toThrow(/semicolon/);
    await expect(new Session(MAGICS).run("%time (")).rejects.toThrow(/Expected `\)`/);
  });

  test("a misplaced %% and a lost % are explained", async () => {
    await expect(new Session(MAGICS).run("let a = 1\n%%each\n1")).rejects.toThrow(
      "%%each must stand above all code of its cell",
    );
    await expect(new Session(MAGICS).run("let a = 1;\n%nope x")).rejects.toThrow(
      "%nope is neither a magic nor TypeScript",
    );
  });

  test("comments in expressions and bodies do not swallow what follows", async () => {
    const session = new Session(MAGICS);
    await session.run("%show ${1 // one} 2\n%%each\nchunk.length // last");
    expect(session.seen.map(({ words }) => words)).toEqual([[1, "2"], []]);
  });

  test("a magic's value is not the cell's: it shows itself", async () => {
    expect(await new Session(MAGICS).run("%time 1 + 1")).toBeUndefined();
    expect(await new Session(MAGICS).run("%%time\n2")).toBeUndefined();
    expect(await new Session(MAGICS).run("%show\n3")).toBe(3);
  });

  test("asking for help compiles nothing", async () => {
    const session = new Session(MAGICS);
    await session.run("%time --help");
    expect(session.seen).toEqual([{ name: "time", words: [] }]);
  });
});
