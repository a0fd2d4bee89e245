// biome-ignore-all lint/suspicious/noTemplateCurlyInString: magics bind ${} themselves
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completeMagic, inspectMagic } from "../../../kernel/magics/complete.ts";
import { MIME } from "../../../src/render/bundle.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-complete-"));
  mkdirSync(path.join(folder, "data"));
  writeFileSync(path.join(folder, "data/sales.csv"), '\uFEFFuser_id;"net price";amount\n1;2;3\n');
  writeFileSync(path.join(folder, "data/old sales.csv"), "a,b\n1,2\n");
  writeFileSync(path.join(folder, "top.csv"), "a,b\n");
  writeFileSync(path.join(folder, "bare"), "x");
  writeFileSync(path.join(folder, ".hidden"), "x");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FRAMES: Readonly<Record<string, readonly string[]>> = { sales: ["user_id", "net price", "amount"] };
const known = (names: readonly string[]) => ({ names, columnsOf: async (name: string) => FRAMES[name] ?? [] });

/** Completes at `|` and gives the matches and the line with the first of them in place. */
async function complete(marked: string, names: readonly string[] = []) {
  const cursor = marked.indexOf("|");
  const code = marked.replace("|", "");
  const found = await completeMagic(code, cursor, known(names), folder);
  if (!found) return undefined;
  const texts = found.matches.map(({ text }) => text);
  return {
    texts,
    first: code.slice(0, found.start) + (texts[0] ?? "") + code.slice(found.end),
    matches: found.matches,
  };
}

describe("magic names", () => {
  test("after one sign, both forms; after two, cell magics", async () => {
    expect((await complete("%chu|"))?.texts).toEqual(["%chunked", "%%chunked"]);
    expect((await complete("%%ti|"))?.texts).toEqual(["%%time"]);
    expect((await complete("%%spa|"))?.texts).toEqual(["%%spark"]);
    expect((await complete("%|"))?.texts).toContain("%lsmagic");
    expect((await complete("%pro|"))?.first).toBe("%profile");
  });

  test("not where a percent sign is an operator or text of a cell magic", async () => {
    expect(await complete("a\n  %b|")).toBeUndefined();
    expect(await complete("const a = 5|")).toBeUndefined();
    expect((await complete("%%sh\necho\n%ti|"))?.texts).toEqual([]);
    expect((await complete("%%time\n%chu|"))?.texts).toContain("%chunked");
  });
});

describe("options", () => {
  test("long names, without those given already", async () => {
    const found = (await complete("%chunked data/sales.csv --by a -n 5 --|"))?.texts;
    expect(found).toEqual(expect.arrayContaining(["--agg", "--where", "--no-header", "--help"]));
    expect(found).not.toContain("--by");
    expect(found).not.toContain("--rows");
    expect((await complete("%chunked data/sales.csv --ag|"))?.first).toBe("%chunked data/sales.csv --agg");
  });

  test("choices, also after = and after the short name", async () => {
    expect((await complete("%%spark --l|\nSELECT 1"))?.texts).toEqual(["--limit"]);
    expect((await complete("%spark co|"))?.first).toBe("%spark connect");
    expect((await complete("%spark-config x.csv --format py|"))?.first).toBe("%spark-config x.csv --format pyspark");
    expect((await complete("%spark-config x.csv --workload=e|"))?.first).toBe("%spark-config x.csv --workload=etl");
    expect((await complete("%chunked a.csv -e |"))?.texts).toEqual(["auto", "local", "spark"]);
    expect((await complete("%typecheck st|"))?.texts).toEqual(["strict"]);
  });

  test("variables that can be the value", async () => {
    expect((await complete("%%chunked a.csv --merge a|\nchunk", ["addUp", "b"]))?.texts).toEqual(["auto", "addUp"]);
  });
});

describe("files and variables for SOURCE", () => {
  test("variables, then files that need no quotes more than they have", async () => {
    expect((await complete("%profile |", ["sales"]))?.texts).toEqual(["sales", "./bare", "data/", "top.csv"]);
    expect((await complete("%profile data/|"))?.texts).toEqual(['"data/old sales.csv"', "data/sales.csv"]);
    expect((await complete('%profile "data/o|'))?.first).toBe('%profile "data/old sales.csv"');
    expect((await complete("%profile ./d|"))?.first).toBe("%profile ./data/");
    expect((await complete("%profile .|"))?.texts).toContain(".hidden");
    writeFileSync(path.join(folder, "data/🦊 two.csv"), "fox,den\n");
    expect((await complete("// 🦊\n%profile data/🦊|"))?.first).toBe('// 🦊\n%profile "data/🦊 two.csv"');
    expect((await complete('%chunked "data/🦊 two.csv" --by d|'))?.texts).toEqual(["den"]);
    rmSync(path.join(folder, "data/🦊 two.csv"));
    expect((await complete("%profile nowhere/x|"))?.texts).toEqual([]);
  });
});

describe("columns of the header", () => {
  test("for --by and --usecols, item by item, quoted when they must be", async () => {
    expect((await complete("%chunked data/sales.csv --by |"))?.texts).toEqual(["user_id", '"net price"', "amount"]);
    expect((await complete("%chunked data/sales.csv --by=user_id,am|"))?.first).toBe(
      "%chunked data/sales.csv --by=user_id,amount",
    );
    expect((await complete('%chunked "data/old sales.csv" --usecols b|'))?.first).toBe(
      '%chunked "data/old sales.csv" --usecols b',
    );
  });

  test("for --agg with functions, for --dtype with types, for --date-format with formats", async () => {
    expect((await complete("%chunked data/sales.csv --agg am|"))?.first).toBe("%chunked data/sales.csv --agg amount:");
    expect((await complete("%chunked data/sales.csv --agg amount:sum,total=am|"))?.first).toBe(
      "%chunked data/sales.csv --agg amount:sum,total=amount:",
    );
    expect((await complete("%chunked data/sales.csv --agg amount:me|"))?.texts).toEqual(["mean", "median"]);
    expect((await complete("%chunked data/sales.csv --agg *|"))?.texts).toEqual(["*:count"]);
    expect((await complete("%chunked data/sales.csv --dtype amount:float3|"))?.first).toBe(
      "%chunked data/sales.csv --dtype amount:float32",
    );
    expect((await complete("%chunked data/sales.csv --date-format am|"))?.first).toBe(
      "%chunked data/sales.csv --date-format amount:",
    );
    expect((await complete("%head data/sales.csv --date-format amount:%Y|"))?.texts).toEqual(["%Y%m%d"]);
  });

  test.each([
    ["--where |", ["user_id", `'"net price"`, "amount"]],
    ["--where n|", [`'"net price"`]],
    ['--where "|', ['"user_id', `'"net price"`, '"amount']],
    ['--where "amount > 1 AND |', ["user_id", "amount"]],
    ['--where="amount > 1 AND US|', ["user_id"]],
    ["--where 'amount > 1 OR (n|", ['"net price"']],
    [`--where 'amount > 1 OR "net|`, ['"net price"']],
    [`--where 'amount > 1 OR "am|`, ['"amount"']],
    ["--where amount>n|", [`'"net price"'`]],
    ["--where \"shop = 'am|", []],
    ['--where "amount > 1|', []],
    ['--where "amount > us"|', []],
  ])("in the condition of %s", async (words, names) => {
    expect((await complete(`%chunked data/sales.csv ${words}`))?.texts).toEqual(names);
  });

  test("in a condition what is typed is replaced", async () => {
    const first = async (words: string) => (await complete(`%chunked data/sales.csv --where ${words}`))?.first;
    expect(await first('"amount > 1 AND us|"')).toBe('%chunked data/sales.csv --where "amount > 1 AND user_id"');
    expect(await first('"ne|')).toBe(`%chunked data/sales.csv --where '"net price"`);
    expect(await first(`'amount > 1 OR "net p|`)).toBe(`%chunked data/sales.csv --where 'amount > 1 OR "net price"`);
  });

  test("of a frame in a variable, bare or bound, before the file of that name", async () => {
    expect((await complete("%chunked sales --by |", ["sales"]))?.texts).toEqual(["user_id", '"net price"', "amount"]);
    expect((await complete("%chunked ${sales} --usecols user_id,am|", ["sales"]))?.first).toBe(
      "%chunked ${sales} --usecols user_id,amount",
    );
    expect((await complete("%chunked sales --agg total=am|", ["sales"]))?.first).toBe(
      "%chunked sales --agg total=amount:",
    );
    expect((await complete("%chunked other --by |", ["sales", "other"]))?.texts).toEqual([]);
    expect((await complete('%chunked "sales" --by |', ["sales"]))?.texts).toEqual([]);
  });

  test("as the readers call them: without a name, twice, over two lines, in UTF-16", async () => {
    const file = path.join(folder, "data/odd names.csv");
    writeFileSync(file, '"net\nprice",,id,ID, padded \n1,2,3,4,5\n');
    const odd = ["column1", "id", "ID_1", "padded"];
    expect((await complete('%chunked "data/odd names.csv" --by |'))?.texts).toEqual(odd);
    writeFileSync(file, Buffer.from("\uFEFFid;name\n1;2\n", "utf16le"));
    expect((await complete('%chunked "data/odd names.csv" --by |'))?.texts).toEqual(["id", "name"]);
    rmSync(file);
  });

  test("none of a file that is not there, or not text", async () => {
    expect((await complete("%chunked data/none.csv --by |"))?.texts).toEqual([]);
    expect((await complete("%chunked x.parquet --by |"))?.texts).toEqual([]);
  });
});

test("files in a command and in a script, and nothing where a body is another language", async () => {
  expect((await complete("!cat data/sa|"))?.first).toBe("!cat data/sales.csv");
  expect((await complete("%time 1\n!cat < to|"))?.texts).toEqual(["top.csv"]);
  expect((await complete("%%sh\nset -x\nhead data/|"))?.texts).toContain("data/sales.csv");
  expect((await complete("%%time\n%%sh\nhead to|"))?.texts).toEqual(["top.csv"]);
  expect((await complete("name?\n!cat to|\nlet a = '"))?.texts).toEqual(["top.csv"]);
  expect((await complete("!he|"))?.texts).toEqual([]);
  expect((await complete("%%spark\nSELECT to|"))?.texts).toEqual([]);
  expect((await complete("%%sh\necho ${to|"))?.texts).toEqual([]);
  for (const code of ["!cat ${to|", "let a = 1\n!to|", "!=to|", "%head 'x\n%%sh\nhead to|", "%%time\nto|"])
    expect(await complete(code), code).toBeUndefined();
});

test("names of environment variables", async () => {
  process.env.OUTGROW_TEST_NAME = "1";
  expect((await complete("%env outgrow_test_n|"))?.first).toBe("%env OUTGROW_TEST_NAME");
  delete process.env.OUTGROW_TEST_NAME;
});

test("TypeScript completes inside of ${…} and of an expression", async () => {
  expect(await complete("%profile ${sal|}")).toBeUndefined();
  expect(await complete("%time sal|")).toBeUndefined();
});

test("an unfinished quote does not disturb", async () => {
  expect((await complete('%chunked absent.csv --where "amount > |'))?.texts).toEqual([]);
});

test("offsets count UTF-16 units from the start of the cell", async () => {
  const code = "// 🦊🦊\n%prof";
  expect(await completeMagic(code, code.length, known([]), folder)).toMatchObject({
    start: 8,
    end: 13,
    matches: [
      { text: "%profile", type: "magic" },
      { text: "%%profile", type: "magic" },
    ],
  });
});

test("inspection anywhere on a magic line shows its help", async () => {
  const code = "// about\n%chunked data/sales.csv --by a";
  expect(String(inspectMagic(code, code.length)?.[MIME.text])).toContain("--memory-limit");
  expect(inspectMagic(code, 3)).toBeUndefined();
  expect(inspectMagic("%nonsense", 4)).toBeUndefined();
});
