import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunksByDuckdb } from "../../../src/chunked/chunks/by-duckdb.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { scanColumns } from "../../../src/scan/scan-columns.ts";
import { sniffTable } from "../../../src/scan/sniff.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import type { TextOptions } from "../../../src/source/source.ts";
import { foundIn } from "./compare.ts";
import { cutText } from "./reference-rows.ts";
import { testFolder, writeSource } from "./scan-table.ts";

// The cases that suites of other readers are known for, written anew: each through sniffer and scanner, the slow reference, and DuckDB.

interface Case {
  readonly of: string;
  readonly text: string | Uint8Array;
  readonly names: readonly string[];
  /** null is missing. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly options?: TextOptions;
  /** What DuckDB makes of it where that is something else. */
  readonly byDuckdb?: readonly (readonly (string | null)[])[] | "an error";
}

const CSV_SPECTRUM: readonly Case[] = [
  {
    of: "commas in quotes",
    text: 'first,last,address,city,zip\nJohn,Doe,120 any st.,"Anytown, WW",08123\n',
    names: ["first", "last", "address", "city", "zip"],
    rows: [["John", "Doe", "120 any st.", "Anytown, WW", "08123"]],
  },
  {
    of: "empty fields, quoted and not",
    text: 'a,b,c\n1,"",""\n2,3,4\n,,\n',
    names: ["a", "b", "c"],
    rows: [
      ["1", null, null],
      ["2", "3", "4"],
      [null, null, null],
    ],
  },
  {
    of: "empty fields with CRLF",
    text: 'a,b,c\r\n1,"",""\r\n2,3,4\r\n',
    names: ["a", "b", "c"],
    rows: [
      ["1", null, null],
      ["2", "3", "4"],
    ],
  },
  {
    of: "doubled quotes",
    text: 'a,b\n1,"ha ""ha"" ha"\n3,4\n',
    names: ["a", "b"],
    rows: [
      ["1", 'ha "ha" ha'],
      ["3", "4"],
    ],
  },
  {
    of: "JSON in a field",
    text: 'key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
    names: ["key", "val"],
    rows: [["1", '{"type": "Point", "coordinates": [102.0, 0.5]}']],
  },
  {
    of: "line breaks in quotes",
    text: 'a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n',
    names: ["a", "b", "c"],
    rows: [
      ["1", "2", "3"],
      ["Once upon \na time", "5", "6"],
      ["7", "8", "9"],
    ],
  },
  {
    of: "line breaks in quotes with CRLF",
    text: 'a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n',
    names: ["a", "b", "c"],
    rows: [
      ["1", "2", "3"],
      ["Once upon \r\na time", "5", "6"],
    ],
  },
  {
    of: "quotes and line breaks",
    text: 'a,b\n1,"ha \n""ha"" \nha"\n3,4\n',
    names: ["a", "b"],
    rows: [
      ["1", 'ha \n"ha" \nha'],
      ["3", "4"],
    ],
  },
  {
    of: "UTF-8",
    text: "a,b,c\n1,2,3\n4,5,ʤ\n",
    names: ["a", "b", "c"],
    rows: [
      ["1", "2", "3"],
      ["4", "5", "ʤ"],
    ],
  },
  {
    of: "coordinates, which hold commas",
    text: 'name,"lat,long"\nhere,"40.1,-73.9"\n',
    names: ["name", "lat,long"],
    rows: [["here", "40.1,-73.9"]],
  },
];

const RFC_4180: readonly Case[] = [
  { of: "no line break behind the last row", text: "a,b\naaa,bbb", names: ["a", "b"], rows: [["aaa", "bbb"]] },
  { of: "blanks are part of a field", text: "a,b\n aaa , bbb \n", names: ["a", "b"], rows: [[" aaa ", " bbb "]] },
  { of: "every field quoted", text: '"a","b"\r\n"aaa","b\r\nbb"\r\n', names: ["a", "b"], rows: [["aaa", "b\r\nbb"]] },
  { of: "quotes at both ends of a field", text: 'a,b\n"""x""",""""\n', names: ["a", "b"], rows: [['"x"', '"']] },
];

const PAPAPARSE: readonly Case[] = [
  { of: "a quoted separator", text: 'a,b,c\nA,"B,B",C\n', names: ["a", "b", "c"], rows: [["A", "B,B", "C"]] },
  { of: "blanks within quotes", text: 'a,b,c\nA,"   B  ",C\n', names: ["a", "b", "c"], rows: [["A", "   B  ", "C"]] },
  {
    of: "quotes that are letters, as they open no field",
    text: 'a,b,c\nA,B "B",C\nx,6" pipe,z\n',
    names: ["a", "b", "c"],
    rows: [
      ["A", 'B "B"', "C"],
      ["x", '6" pipe', "z"],
    ],
  },
  { of: "a field of quotes alone", text: 'a,b\n"""""",x\n', names: ["a", "b"], rows: [['""', "x"]] },
  { of: "a field of line breaks alone", text: 'a,b\n"\n\n",x\n', names: ["a", "b"], rows: [["\n\n", "x"]] },
  { of: "quotes around a separator and a quote", text: 'a,b\n""",""",x\n', names: ["a", "b"], rows: [['","', "x"]] },
  {
    of: "empty fields in a row",
    text: "a,b,c,d\n,,,x\nx,,,\n",
    names: ["a", "b", "c", "d"],
    rows: [
      [null, null, null, "x"],
      ["x", null, null, null],
    ],
  },
  {
    of: "blank lines",
    text: "a,b\n\n1,2\n\n\n3,4\n\n",
    names: ["a", "b"],
    rows: [
      ["1", "2"],
      ["3", "4"],
    ],
  },
  { of: "a byte order mark", text: "\ufeffa,b\n1,2\n", names: ["a", "b"], rows: [["1", "2"]] },
  { of: "a byte order mark before a quote", text: '\ufeff"a",b\n1,2\n', names: ["a", "b"], rows: [["1", "2"]] },
  {
    of: "carriage returns alone",
    text: "a,b\r1,2\r3,4\r",
    names: ["a", "b"],
    rows: [
      ["1", "2"],
      ["3", "4"],
    ],
  },
  {
    of: "a row of quoted fields at the end",
    text: 'a,b\n1,2\n"3","4"',
    names: ["a", "b"],
    rows: [
      ["1", "2"],
      ["3", "4"],
    ],
  },
  { of: "tabs", text: 'a\tb\tc\n1\t"x\ty"\t\n', names: ["a", "b", "c"], rows: [["1", "x\ty", null]] },
  { of: "pipes", text: "a|b|c\n1|x,y|z;\n", names: ["a", "b", "c"], rows: [["1", "x,y", "z;"]] },
];

const SNIFFED: readonly Case[] = [
  {
    of: "semicolons with decimal commas",
    text: "name;price\nx;1,50\ny;1.200,25\n",
    names: ["name", "price"],
    rows: [
      ["x", "1,50"],
      ["y", "1.200,25"],
    ],
  },
  {
    of: "single quotes",
    text: "a,b\n'x, y',1\n'it''s',2\n\"z\",3\n",
    names: ["a", "b"],
    rows: [
      ["x, y", "1"],
      ["it's", "2"],
      ['"z"', "3"],
    ],
  },
  {
    of: "single quotes around line breaks, with pipes",
    text: "'a'|'b'\n'two\nlines'|'1'\n'x'|'2'\n'|'|''\n",
    names: ["a", "b"],
    rows: [
      ["two\nlines", "1"],
      ["x", "2"],
      ["|", null],
    ],
  },
  {
    of: "backslashes before quotes",
    text: 'a,b\n"say \\"hi, you\\"",1\n"back\\\\slash",2\nplain\\x,3\n',
    names: ["a", "b"],
    rows: [
      ['say "hi, you"', "1"],
      ["back\\slash", "2"],
      ["plain\\x", "3"],
    ],
  },
  {
    of: "apostrophes, which quote nothing",
    text: "a,b\n'tis,1\nit's,2\nends',3\n",
    names: ["a", "b"],
    rows: [
      ["'tis", "1"],
      ["it's", "2"],
      ["ends'", "3"],
    ],
  },
  {
    of: "backslashes that escape nothing",
    text: 'a,b\n"C:\\dir\\",1\nC:\\x,2\n',
    names: ["a", "b"],
    rows: [
      ["C:\\dir\\", "1"],
      ["C:\\x", "2"],
    ],
  },
  {
    of: "CRLF and LF by turns",
    text: "a,b\r\n1,2\n3,4\r\n5,6\n",
    names: ["a", "b"],
    rows: [
      ["1", "2"],
      ["3", "4"],
      ["5", "6"],
    ],
    byDuckdb: "an error",
  },
  {
    of: "names that come twice or not at all",
    text: "a,,a,A\n1,2,3,4\n",
    names: ["a", "column1", "a_1", "A_2"],
    rows: [["1", "2", "3", "4"]],
  },
  {
    of: "words for what is missing",
    text: 'a,b\nNA,"NA"\n-,x\n',
    names: ["a", "b"],
    rows: [
      [null, null],
      [null, "x"],
    ],
    options: { na: ["NA", "-"] },
  },
  {
    of: "a line that begins like a comment",
    text: "a,b\n#1,2\n//,3\n",
    names: ["a", "b"],
    rows: [
      ["#1", "2"],
      ["//", "3"],
    ],
  },
  { of: "names alone", text: "a,b\n", names: ["a", "b"], rows: [] },
  { of: "one column", text: 'a\n1\n\n"x,y"\n', names: ["a"], rows: [["1"], [null], ["x,y"]] },
  {
    of: "UTF-16",
    text: Buffer.from('\ufeffa,b\n"é\n",漢\n', "utf16le"),
    names: ["a", "b"],
    rows: [["é\n", "漢"]],
  },
  {
    of: "Latin-1",
    text: Buffer.from("a,b\né,ÿ\n", "latin1"),
    names: ["a", "b"],
    rows: [["é", "ÿ"]],
    options: { encoding: "latin-1" },
  },
];

const folder = testFolder();
let session: DuckdbSession;
beforeAll(async () => {
  session = await openDuckdb({ threads: 1 });
});
afterAll(() => session.close());

describe.each([
  ["csv-spectrum", CSV_SPECTRUM],
  ["RFC 4180", RFC_4180],
  ["Papaparse", PAPAPARSE],
  ["sniffing", SNIFFED],
])("%s", (_, cases) => {
  test.each(cases)("$of", async ({ text, names, rows, options, byDuckdb = rows }) => {
    const { path } = writeSource(folder, "torture.csv", text);
    const source = await resolveSource(path, { text: options });
    const dtype = Object.fromEntries(names.map((name) => [name, "str"]));
    const table = await sniffTable(source, { dtype });
    expect(table.columns.map(({ name }) => name)).toEqual(names);

    for (const blockBytes of [64, 128 * 1024])
      expect(await rowsOf(scanColumns(table, {}, { tuning: { build: "checked", blockBytes } }))).toEqual(rows);
    expect(referenceRows(text, table)).toEqual(rows);
    const found = rowsOf(chunksByDuckdb(session, source, { dtype }, {}, () => undefined));
    expect(await found.catch(() => "an error")).toEqual(byDuckdb);
  });
});

async function rowsOf(
  chunks: AsyncIterable<{ readonly columns: Parameters<typeof foundIn>[0]; readonly rows: number }>,
) {
  const all: unknown[][] = [];
  for await (const { columns, rows } of chunks) {
    const cells = foundIn(columns);
    for (let row = 0; row < rows; row++) all.push(cells.map((column) => column.cells[row]));
  }
  return all;
}

function referenceRows(text: string | Uint8Array, { dialect, columns }: Awaited<ReturnType<typeof sniffTable>>) {
  const { rows } = cutText(Buffer.from(text as string), dialect, columns.length);
  return rows.map((row) => row.map((field) => field ?? null));
}
