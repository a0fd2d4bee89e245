import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { helpBundle } from "../../../kernel/magics/help.ts";
import { magics } from "../../../kernel/magics/registry.ts";
import { UsageError } from "../../../src/errors.ts";
import { DataFrame } from "../../../src/frame/constructors.ts";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import { MIME } from "../../../src/render/bundle.ts";
import { failureOf } from "./call.ts";
import { probe, runMagic } from "./context.ts";

const home = process.cwd();
let folder = "";

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "outgrow-magics-")));
});

afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

describe("%lsmagic", () => {
  test("lists every magic with its summary", async () => {
    const notebook = probe(folder);
    await runMagic("%lsmagic", notebook);
    const flat = notebook.outputs().join("").replace(/\s+/g, " ");
    for (const { name } of magics.values()) expect(flat).toContain(`%${name}`);
  });

  test("fits into a terminal of eighty columns", async () => {
    const notebook = probe(folder);
    await runMagic("%lsmagic", notebook);
    const lines = notebook.outputs().join("\n").split("\n");
    expect(lines.filter((line) => line.length > 79)).toEqual([]);
  });

  test.each([...magics.values()])("$name's help fits into a terminal of eighty columns", (definition) => {
    // A line of an example is the user's to break.
    const [text = ""] = String(helpBundle(definition)[MIME.text]).split("\nExample");
    const lines = text.split("\n").filter((line) => !line.startsWith("%"));
    expect(lines.filter((line) => line.length > 79)).toEqual([]);
  });

  test("--json gives data", async () => {
    const notebook = probe(folder);
    await runMagic("%lsmagic --json", notebook);
    const list = notebook.shown[0]?.data[MIME.json] as { name: string; forms: string[] }[];
    expect(list.find(({ name }) => name === "chunked")?.forms).toEqual(["%", "%%"]);
    expect(JSON.parse(String(notebook.shown[0]?.data[MIME.text]))).toEqual(list);
    expect(notebook.shown[0]?.data).not.toHaveProperty(MIME.html);
  });
});

describe("%time", () => {
  test("an expression gives its value, shown, and its times", async () => {
    const notebook = probe(folder);
    expect(await runMagic("%time 6 * 7", notebook)).toBe(42);
    expect(notebook.outputs()).toEqual(["42"]);
    expect(notebook.printed.join("")).toMatch(/^wall \d.* · processor \d.* \(user .*, system .*\)\n$/);
  });

  test("a cell that fails tells its time all the same", async () => {
    const notebook = probe(folder);
    await expect(runMagic("%%time\nthrow new RangeError('no')", notebook)).rejects.toThrow("no");
    expect(notebook.printed.join("")).toContain("until the error");
  });

  test("wall time is that of the work, and processor time is not", async () => {
    const notebook = probe(folder);
    await runMagic("%%time\nreturn new Promise((done) => setTimeout(done, 120))", notebook);
    const wall = Number(/^wall (\d+) ms/.exec(notebook.printed.join(""))?.[1]);
    expect(wall).toBeGreaterThanOrEqual(115);
  });

  test.each(["%time", "%%time", "%%time\n  "])("%j has nothing to time", async (code) => {
    const { code: found, hint } = await failureOf(() => runMagic(code, probe(folder)));
    expect(found).toMatch(/E_MISSING_ARGUMENT|E_EMPTY_CELL/);
    expect(hint).toContain("%time");
  });
});

test("%%time with an expression beside it is a slip", async () => {
  expect(await failureOf(() => runMagic("%%time f(x)\n1", probe(folder)))).toMatchObject({
    code: "E_BAD_USE",
    under: "f(x)",
  });
});

describe("%who and %whos", () => {
  test("name the variables in order", async () => {
    const notebook = probe(folder, { b: 1, a: 2 });
    await runMagic("%who", notebook);
    expect(notebook.printed).toEqual(["b  a\n"]);
    const empty = probe(folder);
    await runMagic("%who", empty);
    expect(empty.printed).toEqual(["no variables\n"]);
  });

  test("tell type, size and memory, also of odd values", async () => {
    class Sale {}
    const hostile = {
      get shape(): never {
        throw new TypeError("hands off");
      },
    };
    const notebook = probe(folder, {
      text: "abc",
      wide: "日本",
      numbers: new Float64Array(1000),
      list: [1, 2],
      map: new Map([[1, 2]]),
      sale: new Sale(),
      nothing: null,
      bare: Object.create(null),
      f: async () => 1,
      Sale,
      hostile,
      frame: { shape: [1200, 3] },
      made: new DataFrame({ a: [1, 2], b: [3, 4] }),
      lazy: frameFromColumns([{ name: "a", type: "int32", values: Int32Array.of(1, 2) }]),
    });
    await runMagic("%whos", notebook);
    const rows = new Map(
      notebook
        .outputs()
        .join("\n")
        .split("\n")
        .map((line) => [line.trim().split(/\s+/)[0], line.replace(/\s+/g, " ")]),
    );
    expect(rows.get("text")).toMatch(/string 3 characters 3 B/);
    expect(rows.get("wide")).toMatch(/2 characters 4 B/);
    expect(rows.get("numbers")).toMatch(/Float64Array 1,000 items 7\.8 KiB/);
    expect(rows.get("list")).toMatch(/Array 2 items/);
    expect(rows.get("map")).toMatch(/Map 1 item$/);
    expect(rows.get("sale")).toMatch(/Sale/);
    expect(rows.get("nothing")).toMatch(/null/);
    expect(rows.get("bare")).toMatch(/object/);
    expect(rows.get("f")).toMatch(/async function/);
    expect(rows.get("Sale")).toMatch(/class/);
    expect(rows.get("hostile")).toMatch(/Object/);
    expect(rows.get("made")).toMatch(/DataFrame 2 rows × 2 columns/);
    expect(rows.get("lazy")).toMatch(/DataFrame 2 rows/);
    expect(rows.get("frame")).toMatch(/1,200 rows × 3 columns/);
  });
});

describe("%memory", () => {
  test("shows what is used, the limits, and what the variables hold, the most first", async () => {
    const notebook = probe(process.cwd(), { few: [1], text: "x".repeat(5e6), bytes: new Uint8Array(9e6) });
    await runMagic("%memory -n 2", notebook);
    const [report = ""] = notebook.outputs();
    expect(report).toMatch(/in use, at most .* so far; a cell is stopped above 7\.5 GiB/);
    expect(report).toMatch(/bytes[\s\S]*Uint8Array[\s\S]*8\.6 MiB[\s\S]*text[\s\S]*4\.8 MiB/);
    expect(report).toContain("1 variable more, with less");
    expect(report).toContain("four fifths of this machine's memory");
  });

  test("sets a limit, and takes it back", async () => {
    const notebook = probe(process.cwd());
    await runMagic("%memory 4GiB", notebook);
    await runMagic("%memory auto", notebook);
    expect(notebook.limits).toEqual([4 * 2 ** 30, undefined]);
    expect(notebook.printed[0]).toBe("a cell is stopped above 4.0 GiB, as set here\n");
  });

  test.each(["%memory 4", "%memory much"])("%s is no limit", async (code) => {
    await expect(runMagic(code, probe(process.cwd()))).rejects.toThrow(UsageError);
  });
});

describe("%typecheck", () => {
  test("sets the mode", async () => {
    const notebook = probe(folder);
    await runMagic("%typecheck strict", notebook);
    expect(notebook.modes).toEqual(["strict"]);
  });

  test.each(["%typecheck", "%typecheck stric"])("%s", async (code) => {
    const failure = await failureOf(() => runMagic(code, probe(folder)));
    expect(`${failure.message} ${failure.hint}`).toMatch(/strict/);
  });
});

describe("%cd", () => {
  test("- goes back, and back again", async () => {
    mkdirSync(path.join(folder, "data"));
    process.chdir(folder);
    const notebook = probe(folder);
    await runMagic("%cd data", notebook);
    await runMagic("%cd -", notebook);
    expect(process.cwd()).toBe(folder);
    await runMagic("%cd -", notebook);
    expect(process.cwd()).toBe(path.join(folder, "data"));
  });

  test("goes there and says where it is", async () => {
    mkdirSync(path.join(folder, "data"));
    const notebook = probe(folder);
    await runMagic("%cd data", notebook);
    expect(process.cwd()).toBe(path.join(folder, "data"));
    expect(notebook.printed).toEqual([`${path.join(folder, "data")}\n`]);
  });

  test("a folder that is not there is named with a near one", async () => {
    mkdirSync(path.join(folder, "data"));
    writeFileSync(path.join(folder, "file"), "");
    expect(await failureOf(() => runMagic("%cd dta", probe(folder)))).toMatchObject({
      code: "E_NO_FOLDER",
      hint: "did you mean data?",
      under: "dta",
    });
    expect(await failureOf(() => runMagic("%cd file", probe(folder)))).toMatchObject({ code: "E_NO_FOLDER" });
  });
});

describe("%env", () => {
  test("masks what may be a secret, in the table and by name", async () => {
    process.env.OUTGROW_TEST_API_KEY = "hunter2";
    process.env.OUTGROW_TEST_URL = "postgres://me:hunter2@host/db";
    const notebook = probe(folder);
    await runMagic("%env OUTGROW_TEST_API_KEY", notebook);
    await runMagic("%env OUTGROW_TEST_URL", notebook);
    await runMagic("%env", notebook);
    const all = [...notebook.printed, ...notebook.shown.flatMap(({ data }) => Object.values(data).map(String))].join(
      "\n",
    );
    expect(all).not.toContain("hunter2");
    expect(notebook.printed[1]).toBe("OUTGROW_TEST_URL=postgres://me:•••@host/db\n");
  });

  test("sets a variable, also with = in its value", async () => {
    await runMagic("%env OUTGROW_TEST_SET=a=b", probe(folder));
    expect(process.env.OUTGROW_TEST_SET).toBe("a=b");
  });

  test("an unknown one", async () => {
    process.env.OUTGROW_TEST_SET = "1";
    expect(await failureOf(() => runMagic("%env OUTGROW_TEST_STE", probe(folder)))).toMatchObject({
      code: "E_NO_VARIABLE",
      hint: expect.stringContaining("OUTGROW_TEST_SET"),
    });
  });
});

describe("%reset", () => {
  test("asks for -f, and says what would be lost", async () => {
    const notebook = probe(folder, { a: 1, b: 2 });
    const failure = await failureOf(() => runMagic("%reset", notebook));
    expect(failure).toMatchObject({ code: "E_NEEDS_FORCE", hint: "write %reset -f to do it" });
    expect(failure.message).toContain("a, b");
    await runMagic("%reset -f", notebook);
    expect(notebook.variables.size).toBe(0);
  });
});

describe("%%sh", () => {
  test("streams what the script prints, in the notebook's folder", async () => {
    const notebook = probe(folder);
    await runMagic("%%sh\npwd\necho done >&2", notebook);
    expect(notebook.printed.join("")).toBe(`${folder}\ndone\n`);
  });

  test("stops at the first command that fails, with its code", async () => {
    const notebook = probe(folder);
    const failure = await failureOf(() => runMagic("%%sh\necho one\n(exit 3)\necho two", notebook));
    expect(failure).toMatchObject({ code: "E_SHELL" });
    expect(failure.message).toContain("3");
    expect(notebook.printed.join("")).toBe("one\n");
  });

  test("Stop ends the script with its children", async () => {
    const notebook = probe(folder);
    const run = runMagic("%%sh\nsleep 60 &\nsleep 60", notebook);
    setTimeout(() => notebook.controller.abort(), 100);
    const startedAt = performance.now();
    await expect(run).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});

test("-h pages the help and runs nothing", async () => {
  const notebook = probe(folder, { a: 1 });
  await runMagic("%reset -f -h", notebook);
  expect(notebook.variables.size).toBe(1);
  expect(String(notebook.pages[0]?.[MIME.text])).toContain("%reset");
});

describe("%load", () => {
  test("says what is no file", async () => {
    mkdirSync(path.join(folder, "data"));
    expect(await failureOf(() => runMagic("%load data", probe(folder)))).toMatchObject({
      code: "E_NO_FILE",
      message: '"data" is a folder, not a file',
    });
    expect(await failureOf(() => runMagic("%load https://example.com/a.ts", probe(folder)))).toMatchObject({
      hint: "fetch it first: !curl -LO https://example.com/a.ts",
    });
  });

  test("puts a script into the cell, with where it is from", async () => {
    writeFileSync(path.join(folder, "helpers.ts"), "export const a = 1;\r\nconst b = 2;\n\n");
    const notebook = probe(folder);
    await runMagic("%load helpers.ts", notebook);
    expect(notebook.cells).toEqual(["// %load helpers.ts\nexport const a = 1;\nconst b = 2;"]);
  });

  test("refuses what is no script", async () => {
    writeFileSync(path.join(folder, "data.parquet"), "PAR1\0\0");
    writeFileSync(path.join(folder, "huge.csv"), "x".repeat(1_000_001));
    for (const name of ["data.parquet", "huge.csv"]) {
      const { code, hint } = await failureOf(() => runMagic(`%load ${name}`, probe(folder)));
      expect([code, hint]).toEqual(["E_NOT_A_SCRIPT", `to see data: %head "${name}"`]);
    }
    expect(await failureOf(() => runMagic("%load nothing.ts", probe(folder)))).toMatchObject({
      code: "E_NO_FILE",
      under: "nothing.ts",
    });
  });
});

describe("%history", () => {
  test("shows what was run, and looks for a text anywhere in it", async () => {
    const notebook = probe(folder);
    await runMagic("%history -n 5 groupby", notebook);
    await runMagic('%history "const *"', notebook);
    await runMagic("%history", notebook);
    expect(notebook.asked).toEqual(["*groupby*", "const *", undefined]);
    expect(notebook.printed[0]).toBe("3/1: first\n    second\n");
  });
});

describe("%npm", () => {
  test("works in the project of the notebook, and says what failed", async () => {
    mkdirSync(path.join(folder, "notes"));
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "theirs", version: "1.2.3" }));
    const notebook = probe(path.join(folder, "notes"));
    await runMagic('%npm pkg get "version"', notebook);
    expect(notebook.printed.join("")).toContain("1.2.3");
    const { code } = await failureOf(() => runMagic("%npm nonsense", notebook));
    expect(code).toBe("E_NPM");
  });

  test("never changes Outgrow's own package", async () => {
    const notebook = probe(path.join(home, ".outgrow"));
    await runMagic("%npm prefix", notebook);
    expect(notebook.printed.join("").trim()).toBe(path.join(home, ".outgrow"));
  });

  test("wants a command", async () => {
    expect((await failureOf(() => runMagic("%npm --version", probe(folder)))).code).toBe("E_BAD_USE");
  });
});

describe("%%profile", () => {
  test("tells what the variables hold, the most first", async () => {
    const shared = new Float64Array(1_000_000);
    const notebook = probe(folder, {
      small: "abc",
      large: shared,
      list: Array.from({ length: 100_000 }, (_, i) => `text number ${i}`),
      hostile: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new TypeError("hands off");
          },
        },
      ),
    });
    expect(await runMagic("%%profile -n 3\nreturn 6 * 7", notebook)).toBe(42);
    const text = notebook.outputs().join("\n");
    expect(text).toMatch(/wall .* · processor .* · peak .*B, .* above the start/);
    const lines = text.split("\n").map((line) => line.trim().replace(/\s+/g, " "));
    expect(lines.filter((line) => /^(large|list|small|hostile) /.test(line))).toEqual([
      expect.stringMatching(/^large Float64Array 1,000,000 items 7\.6 MiB/),
      expect.stringMatching(/^list Array 100,000 items about [45]\.\d MiB/),
      expect.stringMatching(/^small string 3 characters 32 B/),
    ]);
    expect(text).toContain("1 variable more, with less");
  });

  test("reports a cell that fails, too", async () => {
    const notebook = probe(folder);
    await expect(runMagic("%%profile\nthrow new RangeError('no')", notebook)).rejects.toThrow("no");
    expect(notebook.outputs().join("")).toContain("until the error");
    expect((await failureOf(() => runMagic("%%profile", notebook))).code).toBe("E_EMPTY_CELL");
  });
});
