import type { FigureValue, ValueFigures } from "./column-figures.ts";
import { halvesOf } from "./records.ts";
import type { Sortedness } from "./sortedness.ts";
import { decodeText, lengthsOf, rangeOf, type TextRecordsPart } from "./text-records.ts";
import type { CountedTexts } from "./text-statistics.ts";
import { TopValues } from "./top-values.ts";
import type { CountsPart } from "./value-counts.ts";

/** The figures of a column of texts from what the kernel gathered; `estimate` is the number of different ones, when they were not all kept. */
export function textFigures(
  records: TextRecordsPart,
  counted: CountedTexts | CountsPart,
  estimate: number | undefined,
  sortedness: Sortedness,
): ValueFigures {
  const range = rangeOf(records);
  const [textAt, size] =
    "offsets" in counted ? [dictionaryTexts(counted), counted.counts.length] : [keptTexts(counted), 0];
  const compare = (a: number, b: number) => Buffer.compare(textAt(a) ?? EMPTY, textAt(b) ?? EMPTY);
  const decoded = (index: number): FigureValue | undefined => {
    const text = textAt(index);
    return text && decodeText(text);
  };
  const lost = "offsets" in counted ? 0 : counted.lost;
  const top = new TopValues(lost, compare);
  top.add(halvesOf(counted.counts), (index) => index);
  return {
    distinct: estimate ?? size,
    distinctExact: "offsets" in counted || counted.registers === undefined,
    min: range?.least ?? null,
    max: range?.greatest ?? null,
    top: top.shown(decoded),
    topError: lost,
    order: sortedness.order(Buffer.compare),
    text: lengthsOf(records),
  };
}

const EMPTY = new Uint8Array(0);

function dictionaryTexts({ offsets, bytes }: CountedTexts) {
  return (index: number) => bytes.subarray(offsets[index], offsets[index + 1]);
}

/** Texts that came once were not kept. */
function keptTexts({ places, texts }: CountsPart) {
  return (index: number) => {
    const place = places?.[index] ?? 0;
    if (place === 0 || !texts) return undefined;
    const length = new DataView(texts.buffer).getUint32(place, true);
    return texts.subarray(place + 4, place + 4 + length);
  };
}
