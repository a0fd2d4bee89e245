import type { Position } from "./positions.ts";

/** A decoded segment: generated column, source line, source column, all from 0. */
type Segment = readonly [generated: number, line: number, column: number];

export type DecodedMap = readonly (readonly Segment[])[];

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Decodes the `mappings` of a source map (ECMA-426) with one source. */
export function decodeMappings(mappings: string): DecodedMap {
  let line = 0;
  let column = 0;
  return mappings.split(";").map((text) => {
    let generated = 0;
    if (text === "") return [];
    return text.split(",").map((segment) => {
      const [step = 0, , lineStep = 0, columnStep = 0] = decodeNumbers(segment);
      generated += step;
      line += lineStep;
      column += columnStep;
      return [generated, line, column] as const;
    });
  });
}

/** Where a generated place comes from: the last segment at or before it on its line. */
export function traceBack(map: DecodedMap, { line, column }: Position): Position | undefined {
  let found: Segment | undefined;
  for (const segment of map[line - 1] ?? []) {
    if (segment[0] > column - 1) break;
    found = segment;
  }
  if (!found) return undefined;
  return { line: found[1] + 1, column: found[2] + 1 };
}

function decodeNumbers(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const char of segment) {
    const digit = DIGITS.indexOf(char);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
