import type { ProfileValue } from "./types.ts";

/** What is known about the texts of a column, or about how its values are written in a text file. */
export interface TextFacts {
  /** UTF-8 bytes of all values. */
  readonly bytes: number;
  readonly chars: number;
  /** Values with characters beyond ASCII. */
  readonly wide: number;
  /** UTF-8 bytes of the longest value. */
  readonly longest: number;
}

export interface NumberFacts {
  /** Decimals that all finite values fit in; undefined beyond 6. */
  readonly scale: number | undefined;
  /** Values that float32 holds exactly. */
  readonly float32Same: number;
  /** Values that float32 gives back when it is rounded to `scale`. */
  readonly float32AtScale: number;
  /** NaN, infinities and -0, which no integer holds. */
  readonly unusual: number;
  /** NaN and infinities, which `min` and `max` leave out. */
  readonly notFinite: number;
}

/** What a pass, a sample or a walk over a frame found out about one column. */
export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  readonly distinctExact: boolean;
  readonly min: ProfileValue;
  readonly max: ProfileValue;
  /** Of texts and of what is shown as text. */
  readonly text?: TextFacts | undefined;
  /** How non-texts are written in a text file. */
  readonly written?: TextFacts | undefined;
  /** The strftime pattern of days and moments in a text file that are not in ISO. */
  readonly dateFormat?: string | undefined;
  /** Truth values of a text file that are written with other words than true and false. */
  readonly isSpelled?: true | undefined;
  readonly numbers?: NumberFacts | undefined;
  /** All texts read as this type, and would be written the same again. */
  readonly readsAs?: string | undefined;
  /** What the sample's texts read as but for words such as NA, or a few of any kind; with the strftime pattern of moments that are not in ISO. */
  readonly nearly?: { readonly type: string; readonly format?: string | undefined } | undefined;
  /** Whole numbers that are spans of time to who reads the file with Arrow: pandas' name for them. */
  readonly span?: string | undefined;
  /** Among all of its texts are words such as NA, which pandas takes for missing values. */
  readonly hasNullWords?: true | undefined;
  /** Texts of digits that start with a zero, which a number would lose. */
  readonly leadingZeros?: number | undefined;
  /** Bytes of the column in Arrow, where it is in memory already. */
  readonly arrowBytes?: number | undefined;
  readonly remarks?: readonly string[] | undefined;
}

/** Facts about `rows` rows from facts about a sample of them. */
export function scaleFacts(facts: ColumnFacts, rows: number): ColumnFacts {
  const factor = facts.rows === 0 ? 0 : rows / facts.rows;
  const times = (count: number) => Math.round(count * factor);
  const text = (from: TextFacts | undefined) =>
    from && { bytes: times(from.bytes), chars: times(from.chars), wide: times(from.wide), longest: from.longest };
  const nulls = times(facts.nulls);
  return {
    ...facts,
    rows,
    nulls,
    distinct: Math.min(facts.distinct, rows - nulls),
    text: text(facts.text),
    written: text(facts.written),
    leadingZeros: facts.leadingZeros === undefined ? undefined : times(facts.leadingZeros),
    numbers: facts.numbers && {
      scale: facts.numbers.scale,
      float32Same: times(facts.numbers.float32Same),
      float32AtScale:
        facts.numbers.float32AtScale === facts.rows - facts.nulls ? rows - nulls : times(facts.numbers.float32AtScale),
      unusual: times(facts.numbers.unusual),
      notFinite: times(facts.numbers.notFinite),
    },
  };
}
