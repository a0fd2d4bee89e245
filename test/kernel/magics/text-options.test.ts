import { expect, test } from "vitest";
import { optionsOf } from "../../../kernel/magics/invoke.ts";
import { TEXT_OPTIONS } from "../../../kernel/magics/options.ts";
import { profile } from "../../../kernel/magics/profile.ts";
import { textOptions } from "../../../kernel/magics/text-options.ts";
import { optionWords } from "../../../src/profile/option-words.ts";
import type { TextOptions } from "../../../src/source/source.ts";
import { TEXT_FLAGS } from "../../../src/source/text.ts";
import { parse } from "./call.ts";

test("the library's list of text options is that of the magics", () => {
  const flags = Object.values(TEXT_FLAGS).map((flag) => flag.replace(/^--(no-)?/, ""));
  expect(flags.sort()).toEqual(Object.keys(TEXT_OPTIONS).sort());
});

test.each<TextOptions>([
  {},
  { sep: "\t", header: false, skipRows: 2, badRows: "skip", na: ["-", "n, a", 'sa"y'], decimal: "," },
  { sep: ";", encoding: "windows-1252", dateFormat: "%d.%m.%Y %H:%M" },
  { sep: "|", encoding: "utf-16", skipRows: 0 },
  { decimal: ",", thousands: ".", encoding: "CP1252" },
  { thousands: "'" },
  { dateFormat: { paid: "%d.%m.%y", "Betrag €": "%b %d, %Y", "a:b": "%H:%M" } },
  { thousands: " ", decimal: "," },
])("%o as words of a line is read as what it was", (asked) => {
  const reading = { asked, found: asked, isLines: true, isFile: true, pattern: "a.csv", folders: [] };
  const words = optionWords({ reading, rejected: { rows: 0, more: false, examples: [] }, exact: true });
  const read = textOptions(optionsOf(profile.options, parse(`%profile a.csv ${words}`, profile)) as never);
  expect({ ...read, sep: read.sep === "tab" ? "\t" : read.sep }).toEqual({ sep: undefined, ...asked });
});
