import type { TextOptions } from "../../src/source/source.ts";
import type { OptionValues } from "./magic.ts";
import { TEXT_OPTIONS } from "./options.ts";

/** `--sep --header --skip-rows --bad-rows --na --encoding --decimal --date-format` as the library takes them; what was not typed is left to be found out. */
export function textOptions(values: OptionValues<typeof TEXT_OPTIONS>): TextOptions {
  const given = {
    sep: values.sep,
    header: values.header === TEXT_OPTIONS.header.default ? undefined : values.header,
    skipRows: values["skip-rows"],
    badRows: values["bad-rows"] as TextOptions["badRows"],
    na: values.na,
    encoding: values.encoding,
    decimal: values.decimal as TextOptions["decimal"],
    dateFormat: values["date-format"],
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
