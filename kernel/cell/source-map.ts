import type { Position } from "./positions.ts";

/** A decoded segment: generated column, source line, source column, all from 0. */
type Segment = readonly [generated: number, line: number, column: number];

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** From a place in generated text to the place that it comes from; undefined where the line comes from nowhere. */
export type Tracer = (position: Position) => Position | undefined;

/** Reads the `mappings` of a source map (ECMA-426) with one source. */
export function makeTracer(mappings: string, generated: string, original: string): Tracer {
  const map = decodeMappings(mappings);
  const generatedLines = generated.split("\n");
  const originalLines = original.split("\n");
  return ({ line, column }) => {
    const segments = map[line - 1] ?? [];
    const next = segments.findIndex(([start]) => start > column - 1);
    const at = (next < 0 ? segments.length : next) - 1;
    const found = segments[at];
    const following = segments[at + 1];
    if (!found) return following && placeOf(following);
    const [start, sourceLine, sourceColumn] = found;
    const text = (generatedLines[line - 1] ?? "").slice(start, column - 1);
    const source = (originalLines[sourceLine] ?? "").slice(sourceColumn);
    if (source.startsWith(text)) return { line: sourceLine + 1, column: sourceColumn + 1 + text.length };
    // What was put in between belongs to what follows it; what was put in the place of a word belongs to the word.
    return placeOf(following && source[0] === text[0] ? following : found);
  };
}

function placeOf([, line, column]: Segment): Position {
  return { line: line + 1, column: column + 1 };
}

function decodeMappings(mappings: string): readonly (readonly Segment[])[] {
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
