import type { Kind } from "../table.ts";
import type { Order } from "./sortedness.ts";

/** A value as it is shown: whole numbers beyond 2^53 are bigint, dates and timestamps Date. */
export type FigureValue = number | bigint | string | boolean | Date;

/** How often a value comes. */
export interface TopValue {
  readonly value: FigureValue;
  readonly count: number;
}

/** 20 bins of equal width from the least to the greatest value; one for a constant column. */
export interface Histogram {
  /** One more than there are bins; of dates and timestamps milliseconds since 1970. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** False where values near an edge were assigned by their share of a finer bin. */
  readonly exact: boolean;
}

export interface Lengths {
  readonly count: number;
  /** Of UTF-8. */
  readonly bytes: number;
  /** Code points. */
  readonly chars: number;
  /** Texts with characters beyond ASCII. */
  readonly wide: number;
  /** Texts that begin with a zero and another digit, which a number would lose. */
  readonly zeros: number;
  /** In bytes. */
  readonly longest: number;
  /** Texts such as NA, None and null that pandas takes for missing values. */
  readonly nullWords: number;
}

/** How a column's numbers would do in float32. */
export interface Narrowing {
  /** Decimals that all finite values fit in; undefined beyond 6. */
  readonly scale: number | undefined;
  readonly float32Same: number;
  /** Values that float32 gives back when it is rounded to `scale`. */
  readonly float32AtScale: number;
  /** NaN, infinities and -0. */
  readonly unusual: number;
  /** Values that are neither NaN nor infinite. */
  readonly finite: number;
}

/** What one column's values have in common, whatever their kind. */
export interface ValueFigures {
  readonly distinct: number;
  /**
   * False when there are more than 65,536 different values, and no whole numbers, decimals or moments in equal steps that lie
   * within some 1,000,000 of these: `distinct` is an estimate then, of 0.8 % standard error.
   */
  readonly distinctExact: boolean;
  /** Of finite numbers; texts begin with at most 320 bytes of theirs. */
  readonly min: FigureValue | null;
  readonly max: FigureValue | null;
  /** Of finite numbers, sample variance. */
  readonly mean?: number | undefined;
  readonly std?: number | undefined;
  /** The values that come most often, at most 10. */
  readonly top: readonly TopValue[];
  /** How many rows more than counted a value of `top` may have, and any other value has at most. */
  readonly topError: number;
  readonly histogram?: Histogram | undefined;
  /** Undefined without a value. */
  readonly order: Order | undefined;
  readonly numbers?: Narrowing | undefined;
  readonly text?: Lengths | undefined;
}

/** What was found out about the values of one column and about how they are written. */
export interface ColumnValues extends ValueFigures {
  /** Of all kinds but text. */
  readonly written?: WrittenFigures | undefined;
  /** Fields that are no value of the kind; they count as missing. */
  readonly misfits?: OddTexts | undefined;
}

/** What was found out about one column. */
export interface ColumnFigures extends ColumnValues {
  readonly name: string;
  readonly type: Kind;
  readonly rows: number;
  readonly nulls: number;
}

export interface WrittenFigures extends Lengths {
  /** Whole numbers that are written otherwise than plainly: 007, +1. */
  readonly odd: number;
  /** Doubles that are written in digits alone. */
  readonly digits: number;
  /** Booleans by other words than true and false. */
  readonly spelled?: OddTexts | undefined;
}

export interface OddTexts {
  readonly count: number;
  readonly least: string;
  readonly greatest: string;
}
