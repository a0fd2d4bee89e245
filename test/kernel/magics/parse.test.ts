// biome-ignore-all lint/suspicious/noTemplateCurlyInString: magics bind ${} themselves
import { homedir } from "node:os";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MagicDefinition } from "../../../kernel/magics/magic.ts";
import { COMMON } from "../../../kernel/magics/options.ts";
import { parseWords } from "../../../kernel/magics/parse.ts";
import { requireBound } from "../../../kernel/magics/unbound.ts";
import { argvWords } from "../../../kernel/magics/words.ts";
import { failureOf, parse } from "./call.ts";

const magic: MagicDefinition = {
  name: "try",
  forms: ["%", "%%"],
  summary: "takes one of each",
  args: [
    { name: "SOURCE", required: true, complete: "source", summary: "data" },
    { name: "MODE", required: false, choices: ["soft", "hard"], summary: "how" },
  ],
  options: {
    ...COMMON,
    as: { kind: "name", value: "NAME", summary: "a name" },
    merge: { kind: "value", value: "FN", summary: "how to merge" },
  },
  examples: ["%try data.csv"],
  body: "function",
  run: async () => undefined,
};

const fromArgv = (...argv: readonly string[]) => {
  const { line, words } = argvWords("outgrow try", argv);
  return parseWords(magic, { text: line, typed: "outgrow try", words, onlyPaths: true });
};

describe("options", () => {
  test("long, short, attached, with =, joined flags, and their defaults", () => {
    const { options } = parse("%try a.csv -n5 --by=user_id,day -fq --memory-limit 64MiB", magic);
    expect(options).toMatchObject({
      rows: 5,
      by: ["user_id", "day"],
      force: true,
      quiet: true,
      "memory-limit": 64 * 2 ** 20,
      header: true,
    });
    expect(parse("%try a.csv", magic).options.rows).toBe(10);
    expect(parse("%try a.csv", magic).options).not.toHaveProperty("where");
  });

  test("--no-x switches a flag off", () => {
    expect(parse("%try a.csv --no-header", magic).options.header).toBe(false);
    expect(parse("%try a.csv --header=false", magic).options.header).toBe(false);
  });

  test("-- ends the options, quoted words are never options", () => {
    expect(parse("%try -- -n", magic).args.SOURCE).toMatchObject({ kind: "path", path: "-n" });
    expect(parse('%try "--by"', magic).args.SOURCE).toEqual({ kind: "path", path: "--by" });
  });

  test("sizes are rows, or bytes with a unit", () => {
    expect(parse("%try a.csv -s 50k", magic).options.chunksize).toEqual({ rows: 50_000 });
    expect(parse("%try a.csv -s 2M", magic).options.chunksize).toEqual({ rows: 2_000_000 });
    expect(parse("%try a.csv -s 64MiB", magic).options.chunksize).toEqual({ bytes: 64 * 2 ** 20 });
    expect(parse("%try a.csv -s 1g", magic).options.chunksize).toEqual({ bytes: 2 ** 30 });
  });

  test("quotes stand around names in lists, types and aggregates", () => {
    const { options } = parse(
      `%try a.csv --by "user id","a,b" --dtype "net price":float32,d:"decimal(18, 2)" --agg "net price":sum,"t=1"=x:mean`,
      magic,
    );
    expect(options.by).toEqual(["user id", "a,b"]);
    expect(options.dtype).toEqual({ "net price": "float32", d: "decimal(18, 2)" });
    expect(options.agg).toBe('"net price":sum,"t=1"=x:mean');
    expect(parse('%try a.csv --agg "amount:sum,*:count"', magic).options.agg).toBe("amount:sum,*:count");
    const both = String.raw`%try a.csv --agg "'say \"x\", y':sum,*:count"`;
    expect(parse(both, magic).options.agg).toBe(`'say "x", y':sum,*:count`);
  });

  test("bound values keep their type, and are never read as syntax", () => {
    const merge = (): number => 1;
    const code =
      "%try a.csv --by ${keys} --rows ${n} --merge ${merge} --where ${where} --dtype ${types} --agg ${column}:sum";
    const { options } = parse(code, magic, [["a,b", "c"], 7n, merge, "x > 1", { a: "int32" }, "net, price"]);
    expect(options).toMatchObject({
      by: ["a,b", "c"],
      rows: 7,
      merge,
      where: "x > 1",
      dtype: { a: "int32" },
      agg: '"net, price":sum',
    });
    expect(parse("%try a.csv --by x,${name},y", magic, ["a,b"]).options.by).toEqual(["x", "a,b", "y"]);
  });

  test("-h asks for help, whatever else is wrong", () => {
    expect(parse("%%try -h --nonsense", magic)).toMatchObject({ args: {}, options: { help: true } });
  });
});

describe("SOURCE", () => {
  test.each([
    ["data.csv", { kind: "path", path: "data.csv" }],
    ["data/", { kind: "path", path: "data/" }],
    ["*.parquet", { kind: "path", path: "*.parquet" }],
    ['"data"', { kind: "path", path: "data" }],
    ["'my data.csv'", { kind: "path", path: "my data.csv" }],
    ["sales", { kind: "variable", name: "sales" }],
    ["größe_2$", { kind: "variable", name: "größe_2$" }],
    ["sales-2024", { kind: "path", path: "sales-2024" }],
    ["~", { kind: "path", path: homedir() }],
  ])("%s", (word, expected) => {
    expect(parse(`%try ${word}`, magic).args.SOURCE).toMatchObject(expected);
  });

  test("a bound value is data or a path", () => {
    const frame = { rows: 3 };
    expect(parse("%try ${frame}", magic, [frame]).args.SOURCE).toMatchObject({ kind: "value", value: frame });
    expect(parse("%try ${folder}/a.csv", magic, ["data"]).args.SOURCE).toEqual({ kind: "path", path: "data/a.csv" });
  });

  test("on the command line everything is a path", () => {
    expect(fromArgv("sales").args.SOURCE).toEqual({ kind: "path", path: "sales" });
  });
});

describe("every fault has a code, a place and a fix", () => {
  test.each([
    ["%try a.csv --chunksise 5", "E_UNKNOWN_OPTION", "--chunksise", /did you mean --chunksize\?/],
    ["%try a.csv --rowz=5", "E_UNKNOWN_OPTION", "--rowz", /did you mean --rows\?/],
    ["%try a.csv -z", "E_UNKNOWN_OPTION", "-z", /its options are .*--no-header/],
    ["%try a.csv --group-by x", "E_UNKNOWN_OPTION", "--group-by", /did you mean --by\?/],
    ["%try a.csv --join b.csv", "E_UNKNOWN_OPTION", "--join", /joined on Spark/],
    ["%try a.csv --comment #", "E_UNKNOWN_OPTION", "--comment", /grep -v/],
    ["%try a.csv --delimiter ;", "E_UNKNOWN_OPTION", "--delimiter", /did you mean --sep\?/],
    ["%try a.csv --no-rows", "E_UNKNOWN_OPTION", "--no-rows", /options are|did you mean/],
    ["%try a.csv --rows", "E_MISSING_VALUE", "--rows", /--rows N/],
    ["%try a.csv --where --quiet", "E_MISSING_VALUE", "--where", /--where=--quiet/],
    ["%try a.csv --rows many", "E_BAD_COUNT", "many", /50000 or 50k/],
    ["%try a.csv --rows 0", "E_OUT_OF_RANGE", "0", /1 to 10,000/],
    ["%try a.csv --rows -5", "E_OUT_OF_RANGE", "-5", /positive/],
    ["%try a.csv --memory-limit 1k", "E_OUT_OF_RANGE", "1k", /at least 32\.0 MiB/],
    ["%try a.csv --memory-limit lots", "E_BAD_SIZE", "lots", /64MiB/],
    ["%try a.csv -s 0", "E_OUT_OF_RANGE", "0", /50000/],
    ["%try a.csv --engine sparc", "E_BAD_CHOICE", "sparc", /auto, local/],
    ["%try a.csv -o 1x", "E_BAD_NAME", "1x", /letters, digits/],
    ["%try a.csv -o class", "E_BAD_NAME", "class", /belongs to the language/],
    ["%try a.csv --by a,,b", "E_BAD_VALUE", "a,,b", /one comma/],
    ["%try a.csv --dtype a:int32,b:flot32", "E_BAD_DTYPE", "flot32", /float32/],
    ["%try a.csv --dtype a", "E_BAD_DTYPE", "a", /column:type/],
    ["%try a.csv --agg amount:sum,amount:men", "E_UNKNOWN_FUNCTION", "men", /mean/],
    ["%try a.csv --agg amount", "E_BAD_AGGREGATE", "amount", /amount:sum/],
    ["%try a.csv --quiet --quiet", "E_BAD_USE", "--quiet", /leave one out/],
    ["%try a.csv hart", "E_BAD_CHOICE", "hart", /did you mean hard\?/],
    ["%try a.csv hard by=a", "E_BAD_USE", "by=a", /did you mean --by\?/],
    ["%try a.csv hard b c", "E_BAD_USE", "b", /SOURCE MODE/],
    ["%try --quiet", "E_MISSING_ARGUMENT", "%try --quiet", /%try data\.csv/],
    ["%%try a.csv\n  ", "E_EMPTY_CELL", "%%try", /did you mean %try\?/],
  ])("%s", async (code, expected, under, hint) => {
    const failure = await failureOf(() => parse(code, magic));
    expect(failure).toMatchObject({ code: expected, under });
    expect(failure.hint).toMatch(hint);
  });

  test.each([
    ["%try a.csv --rows ${x}", {}, "E_BAD_VALUE", /not an Object/],
    ["%try a.csv --where ${x}", [1], "E_BAD_VALUE", /not a list/],
    ["%try a.csv --by ${x}", null, "E_BAD_VALUE", /takes names/],
    ["%try a.csv --dtype ${x}", { a: 1 }, "E_BAD_VALUE", /object of texts/],
    ["%try a.csv --quiet=${x}", "yes", "E_BAD_VALUE", /on or off/],
  ])("%s with a wrong value", async (code, value, expected, message) => {
    const failure = await failureOf(() => parse(code, magic, [value]));
    expect(failure.code).toBe(expected);
    expect(failure.message).toMatch(message);
  });

  test.each([
    "%try ${x} --as part",
    "%try ${x}/a.csv --as part",
    "%try a.csv --by ${x} --as part",
    "%try a.csv --by a,${x} --as part",
  ])("%s without a value yet is parsed, and refused when it runs", async (code) => {
    const invocation = parse(code, magic, [undefined]);
    expect(invocation.options.as).toBe("part");
    const failure = await failureOf(() => requireBound(invocation));
    expect(failure).toMatchObject({ code: "E_UNDEFINED", under: expect.stringContaining("${x}") });
    expect(() => requireBound(parse(code, magic, ["y"]))).not.toThrow();
  });

  test("the caret on the command line stands under the argument", async () => {
    expect(await failureOf(() => fromArgv("a.csv", "--rows", "no way"))).toMatchObject({
      code: "E_BAD_COUNT",
      under: "no way",
    });
  });
});

describe("for any text", () => {
  const word = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .filter((text) => !/["\\\r\n]|\$\{/.test(text) && text.trim() !== "");
  const seed = { seed: 20260, numRuns: 300 };

  test("a quoted value comes back as it was", () => {
    fc.assert(
      fc.property(word, word, (where, source) => {
        const { args, options } = parse(`%try "${source}" --where "${where}" --rows 3`, magic);
        expect(args.SOURCE).toEqual({ kind: "path", path: source.startsWith("~/") ? expect.any(String) : source });
        expect(options).toMatchObject({ where, rows: 3 });
      }),
      seed,
    );
  });

  test("quoted names in a list come back as they were", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (names) => {
        expect(parse(`%try a.csv --by ${names.map((name) => `"${name}"`).join(",")}`, magic).options.by).toEqual(names);
      }),
      seed,
    );
  });

  test("the order of options does not matter", () => {
    const options = ["-n 5", "--by a,b", "--where 'x > 1'", "-q", "-o out", "--no-header"];
    const expected = parse(`%try a.csv ${options.join(" ")}`, magic).options;
    fc.assert(
      fc.property(
        fc.shuffledSubarray(options, { minLength: options.length }),
        fc.nat(options.length),
        (shuffled, at) => {
          const words = [...shuffled.slice(0, at), "a.csv", ...shuffled.slice(at)];
          expect(parse(`%try ${words.join(" ")}`, magic).options).toEqual(expected);
        },
      ),
      seed,
    );
  });

  test("a line is parsed or refused with a place, never anything else", async () => {
    const piece = fc.oneof(
      word,
      fc.constantFrom("--rows", "-n", "--by=", "--no-header", "--", "-", "=", ",", ":", '"', "'", "a:int32", "--agg"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const code = `%try ${pieces.join(" ")}`;
        const failure = await failureOf(() => {
          parse(code, magic);
          throw Object.assign(new TypeError("parsed"));
        }).catch((error: unknown) => error);
        const isParsed = failure instanceof TypeError && failure.message === "parsed";
        expect(isParsed || (failure as { hint?: string }).hint !== undefined, code).toBe(true);
        if (!isParsed) expect((failure as { under?: string }).under, code).toBeTypeOf("string");
      }),
      seed,
    );
  });
});
