import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { chunked, explainChunked } from "../../../src/chunked/chunked.ts";
import { firstRows } from "../../../src/chunked/first-rows.ts";
import { openDuckdb } from "../../../src/duckdb/session.ts";
import { inUtf8 } from "../../../src/duckdb/utf8-copy.ts";
import { Interrupted } from "../../../src/errors.ts";
import { columnsOf, type DataFrame } from "../../../src/frame/frame.ts";
import { profile } from "../../../src/profile/profile.ts";
import { decode } from "../../../src/source/encoding.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import { type Random, randomOf } from "./datasets.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a copy of text would be kept in. */
function leftBehind(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`outgrow-duckdb-${process.pid}-`));
}

const WINDOWS_BYTES: ReadonlyMap<string, number> = new Map([
  ["€", 0x80],
  ["„", 0x84],
  ["“", 0x93],
]);

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const ROWS = Array.from({ length: 5_000 }, (_, i) => `${i % 7},${i}`);
const SUM = 12_497_500;

/** A sum that the scanner takes, and one that it leaves to the general engine. */
const BOTH = [{ agg: "v:sum" }, { agg: "v:sum,v:median" }] as const;

describe("lines above the names", () => {
  const above = '# made by "x\n\n# of 2024, all; of it\n';
  const text = `${above}k,v\n${ROWS.join("\n")}\n`;

  test.each([
    ["text.csv", text],
    ["crlf.csv", text.replaceAll("\n", "\r\n")],
    ["packed.csv.gz", gzipSync(text)],
    ["utf-16.csv", Buffer.from(`\ufeff${text}`, "utf16le")],
  ])("are passed over by every reader: %s", async (name, content) => {
    const file = write(name, content);
    const read = { skipRows: 3 };
    for (const asked of BOTH) expect((await chunked(file, { ...asked, ...read })).values[0]).toMatchObject({ 0: SUM });
    expect(await chunked(file, (chunk) => chunk.shape[0], { ...read, chunksize: 2_000 })).toEqual([2000, 2000, 1000]);
    const { rows, columns } = await profile(file, { ...read, full: true });
    expect(rows).toBe(ROWS.length);
    expect(columns.map(({ name: column }) => column)).toEqual(["k", "v"]);
  });

  test("also where no names follow", async () => {
    const file = write("bare.csv", `made by x\n${ROWS.join("\n")}\n`);
    const sums = await chunked(file, { skipRows: 1, header: false, agg: "column1:sum" });
    expect(sums.values).toEqual([[SUM]]);
  });

  test("of several files are passed over in each", async () => {
    for (const part of ["a", "b"]) write(`many-${part}.csv`, `part ${part}\nk,v\n1,2\n3,4\n`);
    const sums = await chunked(path.join(folder, "many-*.csv"), { skipRows: 1, agg: "v:sum,*:count" });
    expect(sums.values).toEqual([[12, 4]]);
  });

  test("a fault behind them is told with its line in the file", async () => {
    const file = write("fault.csv", `${above}k,v\n${ROWS.join("\n")}\n1,2,3\n`);
    await expect(chunked(file, { skipRows: 3, agg: "v:sum" })).rejects.toMatchObject({
      message: expect.stringContaining("row 5,001 has 3 fields instead of 2 (line 5,005)"),
    });
  });

  test("are named where they are taken for names", async () => {
    const file = write("above.csv", text);
    await expect(chunked(file, { agg: "*:count,k:median" })).rejects.toMatchObject({});
    await expect(profile(file)).rejects.toMatchObject({ hint: expect.stringContaining("--skip-rows") });
  });

  test("may be blank, also where nobody says so", async () => {
    for (const [name, above, skipRows] of [
      ["blank.csv", "\n\n", undefined],
      ["title.csv", "made by x\n\n", 1],
    ] as const) {
      const file = write(name, `${above}k,v\na,b\nc,d\n`);
      const read = { skipRows, by: "k", agg: "*:count" };
      for (const where of ["k != ''", "length(k) > 0"])
        expect((await chunked(file, { ...read, where })).values).toEqual([
          ["a", 1],
          ["c", 1],
        ]);
      expect((await profile(file, { skipRows, full: true })).columns.map((column) => column.name)).toEqual(["k", "v"]);
    }
    for (const part of ["a", "b"]) write(`odd-${part}.csv`, `${part === "a" ? "\n" : ""}k,v\n1,2\n`);
    await expect(chunked(path.join(folder, "odd-*.csv"), { agg: "v:sum" })).rejects.toMatchObject({
      code: "E_MIXED_BLANK_LINES",
      message: "blank lines above the names: 1 in odd-a.csv, 0 in odd-b.csv",
    });
  });

  test("are advised as by a sample where a title is taken for the only column", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i};${i},5`).join("\n");
    const file = write("report.csv", `Report of May\n\nid;v\n${rows}\n`);
    const advice = { code: "E_RAGGED_ROW", hint: expect.stringContaining("--sep ; --skip-rows 2 reads them") };
    await expect(chunked(file, { agg: "*:count" })).rejects.toMatchObject(advice);
    await expect(chunked(file, (chunk) => chunk.shape[0])).rejects.toMatchObject(advice);
    await expect(chunked(file, { to: path.join(folder, "report.parquet") })).rejects.toMatchObject(advice);
    const read = { sep: ";", skipRows: 2, decimal: "," } as const;
    expect((await chunked(file, { agg: "v:max", ...read })).values).toEqual([[39.5]]);
  });

  test("of which there are too many are refused", async () => {
    const file = write("many.csv", `${"# one of many\n".repeat(6_000)}k;v\n1;2\n`);
    await expect(chunked(file, { skipRows: 6_000, agg: "v:sum" })).rejects.toMatchObject({
      code: "E_BAD_TEXT_OPTION",
      hint: expect.stringContaining("tail -n +6001"),
    });
  });

  test("Excel's line of the separator is passed over without a word", async () => {
    const file = write("excel.csv", `sep=;\r\nk;v\r\n${ROWS.map((row) => row.replace(",", ";")).join("\r\n")}\r\n`);
    for (const asked of BOTH) expect((await chunked(file, asked)).values[0]).toMatchObject({ 0: SUM });
    expect((await profile(file)).rows).toBe(ROWS.length);
    // Said, nothing is found out.
    expect((await chunked(file, { skipRows: 1, sep: ";", agg: "v:sum" })).values).toEqual([[SUM]]);
  });
});

describe("rows with another number of fields", () => {
  const bad = [...ROWS.slice(0, 3_000), "9,9,9", ...ROWS.slice(3_000), "9", "Total: 2 rows"];

  test("are left out and counted by every reader", async () => {
    const file = write("ragged.csv", `k,v\n${bad.join("\n")}\n`);
    await expect(chunked(file, { agg: "v:sum" })).rejects.toMatchObject({
      code: "E_RAGGED_ROW",
      hint: expect.stringContaining("--bad-rows skip"),
    });
    for (const asked of BOTH) {
      const sums = await chunked(file, { ...asked, badRows: "skip" });
      expect(sums.values[0]).toMatchObject({ 0: SUM });
      expect(sums.run.notes.join()).toMatch(
        /3 rows with another number of fields were left out, the first is ragged.csv (row 3,001|line 3,002)/,
      );
    }
    const counts = await chunked(file, (chunk) => chunk.shape[0], { badRows: "skip" });
    expect(counts).toEqual([5_000]);
    const notes: string[] = [];
    const filtered = await chunked(file, (chunk) => chunk.shape[0], {
      badRows: "skip",
      where: "k + 1 > 3",
      onRun: (run) => notes.push(...run.notes),
    });
    expect(filtered).toEqual([ROWS.filter((row) => Number(row[0]) > 2).length]);
    expect(notes).toEqual(["3 rows with another number of fields were left out, the first is ragged.csv line 3,002"]);
  });

  test("and a value that does not fit stays an error", async () => {
    const file = write("cast.csv", `k,v\n${[...bad, "1,x"].join("\n")}\n`);
    const refused = { code: "E_BAD_VALUE", message: expect.stringContaining("cast.csv") };
    const read = { badRows: "skip", dtype: "v:float64" } as const;
    for (const asked of BOTH) await expect(chunked(file, { ...asked, ...read })).rejects.toMatchObject(refused);
    for (const where of ["k > -1", "k + 1 > 0"])
      await expect(chunked(file, (chunk) => chunk.shape[0], { ...read, where })).rejects.toMatchObject(refused);
  });

  test("go into no file that the rows are written to", async () => {
    const file = write("dirty.csv", `k,v\n${bad.join("\n")}\n`);
    const { rows } = await chunked(file, { to: path.join(folder, "clean.parquet"), badRows: "skip" });
    expect(rows).toBe(5_000);
  });
});

describe("text in another encoding", () => {
  const text = "name;größe\nMüller;1\nGroß;2\n";

  test("is refused by every reader alike, with what to say", async () => {
    const file = write("latin.csv", Buffer.from(text, "latin1"));
    const refused = { code: "E_ENCODING", hint: expect.stringContaining("--encoding latin-1") };
    await expect(profile(file)).rejects.toMatchObject(refused);
    await expect(chunked(file, { by: "name", agg: "*:count" })).rejects.toMatchObject(refused);
    expect((await chunked(file, { agg: "größe:sum", encoding: "latin-1" })).values).toEqual([[3]]);
  });

  test("Windows-1252 is read as what it is: chunks, groups, profile and head", async () => {
    const file = write("euro.csv", Buffer.from("pr\u00e4is,v\n\u0080 5,1\n\u0093q\u0094 \u0099,2\n", "latin1"));
    await expect(profile(file)).rejects.toMatchObject({
      code: "E_ENCODING",
      hint: expect.stringContaining("--encoding windows-1252"),
    });
    const read = { encoding: "cp1252" };
    const groups = await chunked(file, { by: "präis", agg: "v:sum", ...read });
    expect(groups.run.engine).toBe("scanner");
    expect(groups.values).toEqual([
      ["“q” ™", 2],
      ["€ 5", 1],
    ]);
    const seen = await chunked(file, (chunk) => [...(chunk.column("präis").values as string[])], read);
    expect(seen).toEqual([["€ 5", "“q” ™"]]);
    const { columns } = await profile(file, read);
    expect(columns[0]).toMatchObject({ name: "präis", min: "“q” ™", max: "€ 5" });
    expect((await firstRows(file, 5, { text: read })).frame.values).toEqual([
      ["€ 5", 1],
      ["“q” ™", 2],
    ]);
  });

  describe("Windows-1252 that the scanner leaves to DuckDB", () => {
    const bank =
      "Übersicht\n\nTag§Empfänger €§Betrag\n01.02.2024§„Groß“§1.234,50\n28.02.2024§Müller§-34,25\n05.03.2024§„Groß“§1.000.000,01\n";
    // Its separator, two bytes in UTF-8, is what leaves it to DuckDB.
    const read = {
      encoding: "cp1252",
      sep: "§",
      skipRows: 2,
      decimal: ",",
      thousands: ".",
      dateFormat: "%d.%m.%Y",
    } as const;
    const windows = (text: string) =>
      Buffer.from([...text].map((letter) => WINDOWS_BYTES.get(letter) ?? letter.charCodeAt(0)));
    const rows = [
      ["Müller", -34.25],
      ["„Groß“", 1_001_234.51],
    ];

    test.each([
      ["bank.csv", windows(bank)],
      ["bank.csv.gz", gzipSync(windows(bank))],
      ["bank-crlf.csv", windows(bank.replaceAll("\n", "\r\n"))],
    ])("is read from a copy by every reader, and leaves none behind: %s", async (name, content) => {
      const file = write(name, content);
      const before = leftBehind();
      const query = { by: "Empfänger €", agg: "Betrag:sum", ...read };
      expect((await chunked(file, query)).values).toEqual(rows);
      expect(await explainChunked(file, query)).toMatchObject({ engine: "DuckDB" });
      const months = await chunked(file, { by: "month(Tag) AS m", agg: "*:count", ...read });
      expect(months.values).toEqual([
        [2, 2],
        [3, 1],
      ]);
      expect(((await firstRows(file, 1, { text: read })).frame.values[0] as unknown[]).slice(1)).toEqual([
        "„Groß“",
        1234.5,
      ]);
      const seen = await chunked(file, (chunk) => [...(chunk.column("Betrag").values as number[])], read);
      expect(seen).toEqual([[1234.5, -34.25, 1_000_000.01]]);
      expect((await profile(file, read)).columns[1]).toMatchObject({ name: "Empfänger €", max: "„Groß“" });
      const to = path.join(folder, `${name}.parquet`);
      expect((await chunked(file, { to, ...read })).rows).toBe(3);
      expect((await chunked(to, { by: "Empfänger €", agg: "Betrag:sum" })).values).toEqual(rows);
      expect(leftBehind()).toEqual(before);
    });

    test("the copy tells how far it is", async () => {
      const text = Buffer.from(`name§v\n${"Müller§1.000,5\n".repeat(300_000)}`, "latin1");
      for (const [name, content] of [
        ["far.csv", text],
        ["far.csv.gz", gzipSync(text, { level: 0 })],
      ] as const) {
        const file = write(name, content);
        const told: { readonly fraction?: number | undefined; readonly note?: string | undefined }[] = [];
        const options = { ...read, skipRows: 0, onProgress: (event: (typeof told)[number]) => told.push(event) };
        for (const run of [
          () => chunked(file, { agg: "v:sum", ...options }),
          () => chunked(file, { to: path.join(folder, "far.parquet"), ...options }),
          () => profile(file, { full: true, ...options }),
        ]) {
          told.length = 0;
          await run();
          const fractions = told.flatMap(({ fraction, note }) => (note === "copying as UTF-8" ? [fraction ?? 0] : []));
          expect(fractions.length).toBeGreaterThan(2);
          expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
          expect(fractions.at(-1)).toBe(1);
        }
      }
    });

    test("errors name the file that was given, and its line", async () => {
      const file = write("torn.csv", windows(`${bank}06.03.2024§Ä\n`));
      await expect(chunked(file, { agg: "Betrag:median", ...read })).rejects.toMatchObject({
        code: "E_RAGGED_ROW",
        message: expect.stringMatching(/^torn\.csv line 7/),
      });
      const cut = write("cut.csv.gz", gzipSync(windows(bank)).subarray(0, -12));
      await expect(chunked(cut, { agg: "Betrag:median", ...read })).rejects.toMatchObject({ code: "E_DAMAGED_FILE" });
    });

    test("columns of folders stay", async () => {
      mkdirSync(path.join(folder, "parts", "year=2024"), { recursive: true });
      mkdirSync(path.join(folder, "parts", "year=2025"), { recursive: true });
      for (const [at, year] of [2024, 2025].entries())
        write(`parts/year=${year}/a.csv`, windows(`name§v\n€§${at + 1}.000\n`));
      const query = { by: "year", agg: "v:sum", encoding: "cp1252", sep: "§", thousands: ".", decimal: "," } as const;
      expect((await chunked(path.join(folder, "parts"), query)).values).toEqual([
        [2024, 1000],
        [2025, 2000],
      ]);
      // Those of the copies are none.
      mkdirSync(path.join(folder, "room=5"));
      vi.stubEnv("TMPDIR", path.join(folder, "room=5"));
      const names = await chunked(path.join(folder, "parts"), (chunk) => chunk.columns, { ...read, skipRows: 0 });
      vi.unstubAllEnvs();
      expect(names).toEqual([["name", "v", "year"]]);
    });

    test("no copy is left of a session that ended before it or meanwhile", async () => {
      const before = leftBehind();
      const file = write("long.csv", Buffer.from(`name§v\n${"Müller§1.000,5\n".repeat(1_000_000)}`, "latin1"));
      const source = await resolveSource(file, { text: read });
      const stop = new AbortController();
      const stopped = await openDuckdb({ signal: stop.signal });
      stop.abort();
      await stopped.close();
      await expect(inUtf8(stopped, source)).rejects.toBeInstanceOf(Interrupted);
      const closed = await openDuckdb();
      const copy = expect(inUtf8(closed, source)).rejects.toBeInstanceOf(Interrupted);
      await closed.close();
      await copy;
      expect(leftBehind()).toEqual(before);
    });

    test("of a large file that is only looked at the first whole rows are copied", async () => {
      const [names, row] = ["name§v\n", `"Müller${"\n§".repeat(400)}"§1.000,5\n`];
      const bytes = Buffer.from(names + row.repeat(22_000), "latin1");
      await using session = await openDuckdb();
      for (const file of [write("large.csv", bytes), write("large.csv.gz", gzipSync(bytes, { level: 0 }))]) {
        const source = await resolveSource(file, { text: { ...read, skipRows: 0 } });
        const [copy] = (await inUtf8(session, source, { isLook: true })).files;
        const start = readFileSync(copy?.path ?? "", "utf8");
        const rows = (start.length - names.length) / row.length;
        expect([rows > 15_000, rows < 22_000, Number.isInteger(rows)]).toEqual([true, true, true]);
        expect(start.endsWith(row)).toBe(true);
      }
    });
  });

  test("Windows-1252 has a character for each byte but five, which stay controls", () => {
    const high = Buffer.from(Array.from({ length: 32 }, (_, i) => 0x80 + i));
    const text = decode(high, "windows-1252");
    expect([...text].filter((character) => character < "\u00a0")).toEqual([..."\x81\x8d\x8f\x90\x9d"]);
    expect(text.replace(/[\x81\x8d\x8f\x90\x9d]/g, "")).toBe("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ");
  });

  test("is not what a few bad bytes are", async () => {
    const lines = Array.from({ length: 100 }, (_, i) =>
      Buffer.from(i === 50 ? `M\xfcller,${i}\n` : `x,${i}\n`, "latin1"),
    );
    const { rows, rejected } = await profile(write("few.csv", Buffer.concat([Buffer.from("name,n\n"), ...lines])));
    expect(rows).toBe(99);
    expect(rejected.examples).toEqual([{ file: "few.csv", line: 52, reason: "has bytes that are not UTF-8" }]);
  });
});

describe("words of errors", () => {
  test("for what is missing that holds the separator", async () => {
    const file = path.join(folder, "na-list.csv");
    writeFileSync(file, "a,b\n1,-99\n2,.\n");
    await expect(chunked(file, { agg: "a:median", na: ["-99,., "] })).rejects.toMatchObject({
      code: "E_BAD_TEXT_OPTION",
      hint: 'give all words that mean missing one by one: --na -99,.," "',
    });
  });

  test("say how to reach into objects, which works", async () => {
    const file = write("nested.jsonl", '{"actor":{"login":"a"},"n":1}\n{"actor":{"login":"b"},"n":2}\n');
    await expect(chunked(file, { by: "actor.login", agg: "*:count" })).rejects.toMatchObject({
      code: "E_NO_COLUMN",
      hint: expect.stringContaining('--by "actor.login AS NAME"'),
    });
    const counts = await chunked(file, { by: "actor.login AS login", agg: "n:sum" });
    expect(counts.values).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });
});

describe("numbers with separators of thousands", () => {
  test("that were not named are the hint of a sum over what was read as text", async () => {
    const refused = async (amounts: readonly string[]) => {
      const rows = amounts.map((amount) => `a;${amount}`);
      const file = write("unnamed.csv", `k;v\n${rows.join("\n")}\n`);
      return caughtHint(chunked(file, { by: "k", agg: "v:sum" }));
    };
    expect(await refused(["1,50", "22,75"])).toContain("--decimal , reads them");
    expect(await refused(["1.234,50", "22.751,75"])).toContain("--thousands . --decimal , reads them");
    expect(await refused(["one", "two"])).toContain("--dtype v:float64");
  });

  test("are explained from samples", async () => {
    const file = write("late-text.csv", `k;v\n${"a;1.000\n".repeat(30_000)}a;none\n`);
    const query = { by: "k", agg: "v:sum", thousands: ".", decimal: "," } as const;
    expect(await explainChunked(file, query)).toMatchObject({ engine: "scanner" });
    for (const agg of ["v:sum", "v:median"])
      await expect(chunked(file, { ...query, agg })).rejects.toMatchObject({
        code: "E_BAD_VALUE",
        message: expect.stringContaining('late-text.csv row 30,001, column "v": "none"'),
      });
  });

  const FORMS = [
    { name: "German", thousands: ".", decimal: ",", sep: ";" },
    { name: "Swiss", thousands: "'", decimal: ".", sep: ";" },
    { name: "American", thousands: ",", decimal: ".", sep: "," },
    { name: "French", thousands: "space", sign: "\u202f", decimal: ",", sep: "\t" },
  ] as const;
  type Form = (typeof FORMS)[number];

  /** Digits and how they are written, in groups or not. */
  function written(random: Random, form: Form, decimals: number): { readonly cents: bigint; readonly text: string } {
    const digits =
      String(1 + random.below(9)) + Array.from({ length: random.below(13) }, () => random.below(10)).join("");
    const fraction = Array.from({ length: decimals }, () => random.below(10)).join("");
    const minus = random.below(4) === 0 ? "-" : "";
    const sign = "sign" in form ? form.sign : form.thousands;
    const groups: string[] = [];
    for (let end = digits.length; end > 0; end -= 3) groups.unshift(digits.slice(Math.max(0, end - 3), end));
    const whole = random.below(3) === 0 ? digits : groups.join(sign);
    return {
      cents: BigInt(`${minus}${digits}${fraction}`),
      text: `${minus}${whole}${decimals ? form.decimal : ""}${fraction}`,
    };
  }

  /** Slow and by itself: sums and extremes of each key as whole cents. */
  function tableOf(rows: readonly { key: string; amount: bigint | undefined; count: bigint }[]) {
    return [...new Set(rows.map(({ key }) => key))].sort().map((key) => {
      const mine = rows.filter((row) => row.key === key);
      const amounts = mine.flatMap(({ amount }) => amount ?? []);
      const total = amounts.reduce((sum, one) => sum + one, 0n);
      const least = amounts.reduce((low, one) => (one < low ? one : low));
      return { key, total, least, count: mine.reduce((sum, one) => sum + one.count, 0n) };
    });
  }

  test.each(FORMS)("$name: are numbers to every reader, with every digit", async (form) => {
    const random = randomOf(form.name.length);
    const quoted = (text: string) => (text.includes(form.sep) ? `"${text}"` : text);
    const rows = Array.from({ length: 400 }, (_, i) => {
      const [amount, count] = [written(random, form, 2), written(random, form, 0)];
      return {
        key: `k${i % 3}`,
        amount: i % 10 === 7 ? undefined : amount,
        count,
        wrong: i === 390 ? `1${amount.text}.2,3` : count.text,
      };
    });
    const lines = rows.map((row) =>
      [row.key, row.amount?.text ?? "", row.count.text, row.wrong, "007"].map(quoted).join(form.sep),
    );
    const file = write(
      `${form.name}.csv`,
      `${["key", "amount", "count", "wrong", "id"].join(form.sep)}\n${lines.join("\n")}\n`,
    );
    const read = { thousands: form.thousands, decimal: form.decimal };
    const wanted = tableOf(rows.map((row) => ({ key: row.key, amount: row.amount?.cents, count: row.count.cents })));

    const plan = { by: "key", agg: "amount:sum,amount:min,count:sum,wrong:max,id:min", ...read };
    for (const [engine, agg] of [
      ["scanner", plan.agg],
      ["DuckDB", `${plan.agg},count:median`],
    ] as const) {
      const found = await chunked(file, { ...plan, agg });
      const columns = new Map(columnsOf(found).map((column) => [column.name, column]));
      expect(found.run.engine).toBe(engine);
      expect(columns.get("amount_sum")?.type).toMatch(/^decimal\(\d+, 2\)$/);
      expect(exactly(found, "amount_sum")).toEqual(wanted.map(({ total }) => total));
      expect(exactly(found, "amount_min")).toEqual(wanted.map(({ least }) => least));
      expect(exactly(found, "count_sum")).toEqual(wanted.map(({ count }) => count));
      expect(found.column("id_min").values).toEqual(["007", "007", "007"]);
      expect(columns.get("wrong_max")?.type).toBe("str");
    }

    const explained = await explainChunked(file, plan);
    expect(explained.engine).toBe("scanner");
    expect(explained.refused.find(({ engine }) => engine === "Spark")?.reason).toContain("separators of thousands");
    await expect(chunked(file, { ...plan, engine: "spark" })).rejects.toMatchObject({ code: "E_ENGINE_CHOICE" });

    const chunks = (await chunked(file, (chunk) => [chunk.column("amount").values, chunk.shape[0]], {
      ...read,
      chunksize: 150,
    })) as [number[], number][];
    expect(chunks.map(([, length]) => length)).toEqual([150, 150, 100]);
    const first = rows[0]?.amount?.cents ?? 0n;
    expect(chunks[0]?.[0][0]).toBe(Number(`${first}e-2`));
    expect((await firstRows(file, 3, { text: read })).frame.column("amount").values[0]).toBe(Number(`${first}e-2`));

    const { columns: profiled } = await profile(file, { ...read, full: true });
    expect(profiled.map(({ name, type }) => [name, type])).toEqual([
      ["key", "str"],
      ["amount", "float64"],
      ["count", "int64"],
      ["wrong", "str"],
      ["id", "str"],
    ]);
    const counts = rows.map((row) => Number(row.count.cents));
    expect(profiled[2]).toMatchObject({ min: Math.min(...counts), max: Math.max(...counts) });
  });

  test("decimals of more digits than 64 bits hold keep them, by DuckDB", async () => {
    const read = { thousands: ".", decimal: "," } as const;
    const first = write("long.csv", "a;b\n1.234.567.890.123.456.789,25;x\n0,5;y\n");
    const later = write("long-later.csv", `a;b\n${"1.000,50;x\n".repeat(60_000)}1.234.567.890.123.456.789,25;y\n`);
    for (const [file, sum] of [
      [first, 123_456_789_012_345_678_975n],
      [later, 123_456_789_012_345_678_925n + 60_000n * 100_050n],
    ] as const) {
      const found = await chunked(file, { agg: "a:sum", ...read });
      expect([found.run.engine, exactly(found, "a_sum")]).toEqual(["DuckDB", [sum]]);
    }
  });

  test("the longest number may be a negative one, to DuckDB too", async () => {
    const file = write("negative.csv", "a;b\n-1.234.567,25;-9.223.372.036.854.775.809\n5,5;1\n");
    const found = await chunked(file, { agg: "a:sum,b:min,a:median", thousands: ".", decimal: "," });
    expect(found.run.engine).toBe("DuckDB");
    expect([exactly(found, "a_sum"), exactly(found, "b_min")]).toEqual([
      [-123_456_175n],
      [-9_223_372_036_854_775_809n],
    ]);
  });

  test("a number in wrong groups is none, with its place where a type was declared", async () => {
    const file = write("wrong.csv", "a;b\n1.234;2\n1.23.4;3\n");
    const read = { thousands: ".", decimal: "," } as const;
    for (const type of ["float64", "int64", "decimal(9, 2)"])
      await expect(chunked(file, { agg: "a:sum", dtype: { a: type }, ...read })).rejects.toMatchObject({
        code: "E_BAD_VALUE",
        message: expect.stringContaining("1.23.4"),
      });
    expect((await chunked(file, { agg: "a:max", ...read })).values).toEqual([["1.234"]]);
    const mean = write("mean.csv", "a;b\n0,1;\n0,2;\n0,3;\n");
    expect((await chunked(mean, { agg: "a:mean", ...read })).values).toEqual([[0.2]]);
  });

  test("what cannot be a separator is refused, and the decimal mark is asked for", async () => {
    const file = write("few.csv", "a\n1\n");
    for (const [thousands, hint] of [
      [".", "--decimal ,"],
      ["x", "as in --thousands ."],
    ] as const)
      await expect(chunked(file, { agg: "a:sum", thousands })).rejects.toMatchObject({
        code: "E_BAD_TEXT_OPTION",
        hint: expect.stringContaining(hint),
      });
  });
});

/** A column's whole numbers at its scale: doubles would round them. */
function exactly(frame: DataFrame, name: string): unknown[] {
  const found = columnsOf(frame).find((column) => column.name === name);
  return [...((found?.storage.values ?? []) as Iterable<unknown>)];
}

async function caughtHint(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (failure: { readonly hint?: string }) => failure.hint,
  );
}
