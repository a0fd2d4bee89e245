import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chunked } from "../../../kernel/magics/chunked.ts";
import { optionsOf } from "../../../kernel/magics/invoke.ts";
import { chunked as run } from "../../../src/chunked/chunked.ts";
import type { ChunkedOptions } from "../../../src/chunked/options.ts";
import { OutgrowError } from "../../../src/errors.ts";
import { profile } from "../../../src/profile/profile.ts";
import { parse } from "./call.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-hints-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NAMES = ["plain", "Betrag €", "a,b", "c:d", 'of "x"', "it's", "-x", "e=f", "100%"];

function write(name: string, values: readonly string[]): string {
  const file = path.join(folder, "data.csv");
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  writeFileSync(file, `k,${quoted(name)}\n${values.map((value) => `1,${quoted(value)}\n`).join("")}`);
  return file;
}

/** What the words of a hint that belong to an option are read as, on a magic's line. */
function pasted(hint: string | undefined, option: "dtype" | "na" | "date-format"): unknown {
  const words = new RegExp(`--${option} (?:"(?:[^"]|"")*"|[^\\s"])+`).exec(hint ?? "")?.[0];
  const line = `%chunked a.csv --agg *:count ${words?.replace(/[,;]$/, "")}`;
  return optionsOf(chunked.options, parse(line, chunked))[option];
}

async function hintOf(file: string, options: ChunkedOptions): Promise<string | undefined> {
  const failure = await run(file, { agg: "*:count", ...options }).catch((caught: unknown) => caught);
  expect(failure).toBeInstanceOf(OutgrowError);
  return (failure as OutgrowError).hint;
}

test.each(NAMES)("a hint about the column %j is read back by the line that it is pasted into", async (name) => {
  const column = `"${name.replaceAll('"', '""')}"`;
  // The scanner takes the first, and leaves the second to the general engine.
  for (const more of ["", ",k:median"]) {
    const agg = `${column}:max${more}`;
    const text = await hintOf(write(name, ["x", "y"]), { agg: `${column}:sum${more}` });
    expect(pasted(text, "dtype")).toEqual({ [name]: "float64" });
    const wrong = await hintOf(write(name, ["1", "n/a, or so"]), { agg, dtype: { [name]: "int64" } });
    expect(pasted(wrong, "dtype")).toEqual({ [name]: "str" });
    const day = await hintOf(write(name, ["2024-01-01", "no day: 2"]), {
      agg,
      dtype: { [name]: "date" },
    });
    expect(pasted(day, "date-format")).toEqual({ [name]: "%d.%m.%Y" });
    expect(pasted(day, "na")).toEqual(["no day: 2"]);
  }
  const { columns } = await profile(write(name, ["yes", "no", "yes"]), { full: true });
  const told = Object.values(columns[1] ?? {}).find((one) => typeof one === "string" && one.includes("--dtype"));
  expect(pasted(String(told), "dtype")).toEqual({ [name]: "str" });
});
