import { pauses } from "../pauses.ts";
import type { Blocks } from "../source/blocks.ts";
import { isOneObjectALine, type JsonObject, lineSpans, objectSpans, parseObject } from "../source/json-objects.ts";
import { spreadOf } from "../source/sample-text.ts";

/** Objects of a JSON file, some of them read. */
export interface JsonSample {
  readonly objects: readonly JsonObject[];
  readonly rowCount: number;
  readonly rowError: number;
  /** One object a line. */
  readonly isLines: boolean;
}

const KEPT_ROWS = 4_000;
/** Objects that are found between two looks at the clock. */
const SPANS_AT_ONCE = 1024;

/** Some objects and how many there are: one a line, or one after the other in any layout, also in an array; the event loop gets its turn. */
export async function sampleJson({ blocks, totalBytes, totalError }: Blocks, files: number): Promise<JsonSample> {
  const isLines = isOneObjectALine(blocks[0]?.text ?? "");
  const used = isLines ? blocks : blocks.slice(0, 1);
  const keep = Math.ceil(KEPT_ROWS / Math.max(1, used.length));
  const objects: JsonObject[] = [];
  const widths: number[] = [];
  let count = 0;
  const pause = pauses();
  for (const { text, bytes, isStart, isEnd } of used) {
    await pause();
    const spans: [number, number][] = [];
    for (const span of isLines ? lineSpans(text, isStart, isEnd) : objectSpans(text))
      if (spans.push(span) % SPANS_AT_ONCE === 0) await pause();
    for (const [from, to] of spans.slice(0, keep)) {
      const object = parseObject(text.slice(from, to));
      if (object) objects.push(object);
      await pause();
    }
    count += spans.length;
    const [first, last] = [spans[0], spans.at(-1)];
    // The separator behind each object belongs to it.
    if (first && last) widths.push((((last[1] - first[0]) / spans.length + 1) * bytes) / Math.max(1, text.length));
  }
  const isWhole = used.length === files && used.every(({ isStart, isEnd }) => isStart && isEnd);
  if (isWhole) return { objects, rowCount: count, rowError: 0, isLines };
  const mean = widths.reduce((sum, width) => sum + width, 0) / Math.max(1, widths.length);
  const rowCount = Math.round(totalBytes / Math.max(1, mean));
  return { objects, rowCount, rowError: Math.ceil(rowCount * (spreadOf(widths, mean) + totalError)), isLines };
}
