import type { NumberForm } from "../source/number-form.ts";
import { NULL_WORD, readTexts } from "../source/read-texts.ts";
import type { TextColumn } from "../source/text-columns.ts";
import type { Sample } from "./estimate.ts";
import type { ColumnFacts } from "./facts.ts";
import { TextMeter } from "./measure.ts";

/** A column of delimited text as part of a sample. */
export function textColumn(
  { name, texts, reading }: TextColumn,
  { decimal, thousands }: NumberForm,
): Sample["columns"][number] {
  const { type, values, leadingZeros, format } = reading;
  if (type === "str")
    return { name, type, values, extra: { leadingZeros, nearly: nearlyOf(texts, { decimal, thousands }) } };
  const meter = new TextMeter();
  for (const text of texts) if (text !== null) meter.add(text);
  const written = meter.facts;
  if (type === "bool") {
    const isSpelled = texts.some((text) => text?.trim() && !PLAIN.test(text));
    return { name, type, values, extra: { written, ...(isSpelled && { isSpelled }) } };
  }
  return { name, type, values, extra: { written, ...(/^date/.test(type) && { dateFormat: format }) } };
}

/** Words for truth values that every reader takes. */
const PLAIN = /^\s*(true|false)\s*$/i;

/** The words of a column of numbers are few: "Total" in its last row, "n. a.". */
const FEW = 0.05;

/** The type but for words that stand for a missing value, or for a few words of any kind. */
function nearlyOf(texts: readonly (string | null)[], form: NumberForm): ColumnFacts["nearly"] {
  const present = texts.flatMap((text) => text?.trim() || []);
  const isOther = (text: string) => !/\d/.test(text);
  const isFew = present.filter(isOther).length <= present.length * FEW;
  const isLeftOut = (text: string) => NULL_WORD.test(text.trim()) || (isFew && isOther(text));
  const rest = texts.map((text) => (text !== null && isLeftOut(text) ? null : text));
  const { type, leadingZeros, format } = readTexts(rest, { ...form, asEngine: true });
  return type === "str" || leadingZeros > 0 ? undefined : { type, format };
}
