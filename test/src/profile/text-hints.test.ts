import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { profileDocument } from "../../../src/profile/document.ts";
import { profile } from "../../../src/profile/profile.ts";
import { textHints } from "../../../src/source/text-hints.ts";
import { numbersInWords } from "../../../src/source/written-numbers.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "hints-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function notesOf(name: string, text: string, options = {}): Promise<readonly string[]> {
  await writeFile(path.join(folder, name), text);
  return (await profile(path.join(folder, name), options)).notes;
}

const lines = (count: number, of: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${of(i)}\n`).join("");

describe("what %profile says of text that other options read better", () => {
  it("names columns with a decimal comma, until it is said", async () => {
    const text = `day;paid;due\n${lines(50, (i) => `2024-01-01;${i},5;1${i},25`)}`;
    expect(await notesOf("comma.csv", text)).toEqual([
      "paid, due: numbers with a decimal comma stay texts; --decimal , reads them.",
    ]);
    expect(await notesOf("comma.csv", text, { decimal: "," })).toEqual([]);
  });

  it("gives the format of moments as far as the sample tells it", async () => {
    const months = (day: (i: number) => string) => `at\n${lines(40, (i) => day(i))}`;
    const of = async (name: string, text: string) => (await notesOf(name, text)).join();
    expect(
      await of(
        "us.csv",
        months((i) => `03/${String((i % 28) + 1).padStart(2, "0")}/2024 08:05 PM`),
      ),
    ).toContain('--date-format "%m/%d/%Y %I:%M %p" reads them');
    const days = ["13.3.2024 18:05:01", "1.3.2024 08:00:00"];
    const [hint] = await textHints([{ name: "at", type: "str", texts: days }], [], {});
    expect(hint?.words).toContain('--date-format "%d.%m.%Y %H:%M:%S" reads them');
    expect(
      await of(
        "both.csv",
        months((i) => `03/0${(i % 9) + 1}/2024 08:05`),
      ),
    ).toContain("the sample does not tell which");
  });

  it("says of moments that are read that they may be others", async () => {
    const both = `k,at,short,point,half\n${lines(3, (i) => `a,0${i + 1}/02/2024,31.12.2${i},0${i + 1}.02.2024,0${i + 1}/02/2024 10:00:00 PM`)}`;
    expect(await notesOf("either.csv", both)).toEqual([
      'at: moments as 01/02/2024 fit %d/%m/%Y, %m/%d/%Y, and are read by the first that fits all: --date-format says which it is, as in --date-format "%m/%d/%Y".',
      'short: moments as 31.12.20 stay texts; --date-format "%d.%m.%y" or --date-format "%y.%m.%d", the sample does not tell which, reads them, and no other format then.',
      'half: moments as 01/02/2024 10:00:00 PM fit %m/%d/%Y %I:%M:%S %p, %d/%m/%Y %I:%M:%S %p, and are read by the first that fits all: --date-format says which it is, as in --date-format "%d/%m/%Y %I:%M:%S %p".',
    ]);
    const { columns } = await profile(path.join(folder, "either.csv"));
    const days = columns.map(({ min }) => (min instanceof Date ? min.toISOString().slice(0, 10) : min));
    expect(days).toEqual(["a", "2024-02-01", "31.12.20", "2024-02-01", "2024-01-02"]);
    const day = lines(3, (i) => `a,${i + 13}/02/2024`);
    expect(await notesOf("day.csv", `k,at\n${day}`)).toEqual([]);
    expect(await notesOf("said.csv", `k,at\na,01/02/2024\n`, { dateFormat: "%m/%d/%Y" })).toEqual([]);
  });

  it("says how NaN becomes a missing value", async () => {
    const text = `k,v\n${lines(50, (i) => `a,${i % 5 === 0 ? "NaN" : `${i}.5`}`)}`;
    expect((await notesOf("nan.csv", text)).join()).toMatch(
      /^v: NaN counts as a value .* --na NaN reads it as missing/,
    );
    expect(await notesOf("nan.csv", text, { na: ["NaN"] })).toEqual([]);
  });

  it("doubts names that are values, but no years", async () => {
    const ticks = lines(60, (i) => `202401${10 + (i % 20)},AAPL,${150 + i}.25`);
    expect((await notesOf("ticks.csv", ticks)).join()).toContain(
      "reads like a row (20240110, AAPL, 150.25): say --no-header",
    );
    expect(await notesOf("ticks.csv", ticks, { header: false })).toEqual([]);
    expect(await notesOf("years.csv", `country,2019,2020,2021\n${lines(9, (i) => `c${i},${i},${i},${i}`)}`)).toEqual(
      [],
    );
  });

  it("takes no name for a row because it is Y or N", async () => {
    expect(await notesOf("flags.csv", `id,y\n${lines(9, (i) => `k${i},${i % 2 ? "Y" : "N"}`)}`)).toEqual([]);
  });

  it("says where a table begins that looks like one column", async () => {
    const text = `A report\nof May\nid\tv\tw\n${lines(80, (i) => `${i}\ta\tb`)}`;
    const [note = ""] = await notesOf("title.tsv", text);
    expect(note).toContain("--sep tab --skip-rows 2");
    expect(await notesOf("title.tsv", text, { sep: "\t", skipRows: 2 })).toEqual([]);
  });

  it.each([
    ["a control character", "\u0001", '--sep "\\x01"'],
    ["a tilde", "~", '--sep "~"'],
    ["a blank", " ", "--sep space"],
  ])("says what cuts all lines where one column was found: %s", async (_, separator, option) => {
    const text = `id v w\n${lines(40, (i) => `${i} a ${i}.5`)}`.replaceAll(" ", separator);
    expect(await notesOf("unusual.txt", text)).toEqual([
      `one column was found, but each line holds 3 fields: ${option} reads them.`,
    ]);
    const sep = JSON.parse(
      /--sep (.*)/
        .exec(option)?.[1]
        ?.replace(/^"?(.*?)"?$/, '"$1"')
        .replace("\\x", "\\u00") ?? "",
    );
    expect(await notesOf("unusual.txt", text, { sep })).toEqual([]);
    const said = profileDocument(await profile(path.join(folder, "unusual.txt"), { sep }));
    expect(JSON.stringify(said)).toContain(JSON.stringify(`${option} `).slice(1, -1));
  });

  it("says how blanks that fill a width become commas", async () => {
    const text = `  id  name   v\n${lines(40, (i) => `${`${i}`.padStart(4)}  n${i}  `.padEnd(12) + (i * 1.5).toFixed(2))}`;
    expect((await notesOf("fixed.txt", text)).join()).toContain("each line holds 3 words between blanks: !sed");
  });

  it.each([
    ["prose", `a text\n${lines(40, () => "two words")}`],
    ["moments", `the moment\n${lines(40, (i) => `2024-01-01 10:00:${i + 10}`)}`],
    ["addresses", `an address here\n${lines(40, (i) => `${i} Main Street${i % 9 === 0 ? " West" : ""}`)}`],
  ])("takes %s for one column", async (_, text) => expect(await notesOf("one.txt", text)).toEqual([]));

  it("tells the line of names among the rows, with what leaves it out", async () => {
    const part = `id,paid on,v\n${lines(40, (i) => `${i},2024-01-01,${i}.5`)}`;
    expect(await notesOf("together.csv", part.repeat(3))).toEqual([
      'id, paid on, v: the line of names stands among the rows, too, as where files were put together: --na id,"paid on",v reads it as missing.',
    ]);
    const na = ["id", "paid on", "v"];
    expect(await notesOf("together.csv", part.repeat(3), { na })).toEqual([]);
    const { columns } = await profile(path.join(folder, "together.csv"), { na });
    expect(columns.map(({ nulls }) => nulls)).toEqual([2, 2, 2]);
    expect(await notesOf("once.csv", `${part}${lines(3, () => "id,x,y")}`)).toEqual([]);
  });

  it.each([
    ["a title", "Bericht 2024;;\n", 1],
    ["a title and an empty row", "Bericht;;\n;;\n", 2],
    ["two titles", "Bericht;;\nStand;1.5.;\n", 2],
  ])("says where the names stand below %s, padded as spreadsheets do", async (_, title, above) => {
    const text = `${title}Tag;Kunde;Betrag\n${lines(50, (i) => `${i};Kunde ${i % 7};${i}`)}`;
    const notes = await notesOf("padded.csv", text);
    expect(notes.join("\n")).toContain(`--skip-rows ${above} takes Tag, Kunde, Betrag for the names`);
    expect(await notesOf("padded.csv", text, { skipRows: above })).toEqual([]);
  });

  it("takes rows of values for no names, and few nameless columns for no title", async () => {
    const rows = lines(50, (i) => `${i};Kunde ${i % 7};${i}`);
    expect(await notesOf("nameless.csv", `;;\n${rows}`)).toEqual([]);
    expect(await notesOf("index.csv", `;a;b\n${rows}`)).toEqual([]);
    expect(await notesOf("bare.csv", rows, { header: false })).toEqual([]);
  });

  it("counts whole lines under a title, also where a decimal comma cuts them", async () => {
    const rows = lines(50, (i) => `000${i % 9};Kunde ${i};${i}.000,50;3,5`);
    const names = ["0;Kunde;1", "0;Kunde;2"];
    const table = `Konto;Name;Betrag;Menge\n${rows}`.split("\n");
    const [hint] = await textHints([{ name: "Auszug", type: "str", texts: names }], table.slice(0, -1), {});
    expect(hint?.words).toMatch(
      /^one column was found, but most lines hold 4 fields: --sep ; --skip-rows 1 reads them/,
    );
    const [late] = await textHints([], ["vom 1.5.", "", ...table.slice(0, -1)], { skipRows: 1 });
    expect(late?.words).toContain("--sep ; --skip-rows 4 reads them");
  });
});

describe("numbersInWords", () => {
  it.each([
    [["1,234", "20,500"], "--thousands , reads them, or --decimal , if these are decimals"],
    [["1,234", "20,500.5"], "--thousands , reads them"],
    [["$ 1.50", "$ 1,200.00"], "no option reads these"],
    [["1.234,56", "7,00"], "--thousands . --decimal , reads them"],
    [["1\u2019234.50", "7"], '--thousands "\'" reads them'],
    [["1\u202f234,5"], "--thousands space --decimal , reads them"],
    [["1.23.4,5", "1.234,5"], undefined],
    [["12%", "7%"], "percent"],
    [["(12.50)", "3.00"], "currencies"],
    [["12.00 EUR"], "currencies"],
    [["1,5", "1,500"], "decimal comma"],
  ])("%j", (texts, word) => {
    if (word === undefined) expect(numbersInWords(texts, {})).toBeUndefined();
    else expect(numbersInWords(texts, {})).toContain(word);
    const said = numbersInWords(texts, { thousands: ".", decimal: "," });
    expect(said ?? "").not.toContain("--thousands");
  });

  it.each([
    [["01234", "90210"]],
    [["123ABC", "456DEF"]],
    [["1.2.3", "1.10.4"]],
    [["192.168.100.200", "10.0.0.1"]],
    [["170 000 111"]],
    [["1,5", "x"]],
    [["99999999999999999999"]],
  ])("nothing of %j", (texts) => {
    expect(numbersInWords(texts, {})).toBeUndefined();
  });
});

describe("one of a thing", () => {
  it("is said in the singular", async () => {
    await writeFile(path.join(folder, "one.csv"), `word\n${lines(30, () => "same")}`);
    const made = await profile(path.join(folder, "one.csv"));
    expect(made.columns[0]?.proof).toContain("the same text in all of 30 rows");
    expect(JSON.stringify(profileDocument(made))).toContain("30 rows × 1 column ·");
  });
});
