import { columnOnly, numberBetween, oneOf, wholeNumber } from "./check.ts";
import { Column } from "./column.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { FrameRows, otherRelation } from "./frame-rows.ts";
import { type JoinOn, type JoinType, joinKeys, joinType } from "./join.ts";
import { derive, planOf, type SparkPlan } from "./plan.ts";
import { subquery } from "./subquery.ts";

/** How `nearestByJoin` looks for partners, and which of them it keeps. */
export interface NearestOptions {
  /** At most so many for each row. */
  readonly numResults: number;
  /** `approx` lets Spark use an index where it has one. */
  readonly mode: "approx" | "exact";
  /** Whether small values of the ranking are near, or large ones. */
  readonly direction: "distance" | "similarity";
  readonly joinType?: "inner" | "left" | "leftouter" | "left_outer" | undefined;
}

const LATERAL_JOINS = ["inner", "left", "leftouter", "left_outer", "cross"] as const;
const MOST_NEAREST = 100_000;

/** What brings another frame in. */
export class FrameJoins extends FrameRows {
  /** Rows of both frames that belong together: on names that both have, or on conditions. */
  join(other: SparkPlan, on?: JoinOn, how: JoinType = "inner"): SparkDataFrame {
    const value = { ...this.#sides(other), joinType: joinType(how), ...joinKeys(on) };
    return derive(this, { case: "join", value });
  }

  /** Each row beside each row of the other. */
  crossJoin(other: SparkPlan): SparkDataFrame {
    return this.join(other, undefined, "cross");
  }

  /** Each row beside the rows of a frame that is made for it: `df.lateralJoin(spark.tvf.explode(F.col("list").outer()))`. */
  lateralJoin(other: SparkPlan, on?: Column, how: (typeof LATERAL_JOINS)[number] = "inner"): SparkDataFrame {
    const condition = on === undefined ? {} : { joinCondition: columnOnly(on, "the condition").expression };
    const value = { ...this.#sides(other), joinType: joinType(oneOf(how, LATERAL_JOINS, "the join")), ...condition };
    return derive(this, { case: "lateralJoin", value });
  }

  /** Each row beside those rows of the other that are nearest by a ranking; servers of 4.2 and newer. */
  nearestByJoin(other: SparkPlan, ranking: Column, options: NearestOptions): SparkDataFrame {
    const { numResults, mode, direction, joinType = "inner" } = options;
    const value = {
      ...this.#sides(other),
      rankingExpression: columnOnly(ranking, "the ranking").expression,
      numResults: numberOfNearest(numResults),
      joinType: oneOf(joinType, ["inner", "left", "leftouter", "left_outer"], "the join"),
      mode: oneOf(mode, ["approx", "exact"], "the mode"),
      direction: oneOf(direction, ["distance", "similarity"], "the direction"),
    };
    return derive(this, { case: "nearestByJoin", value });
  }

  /** The columns of both, row beside row: both must be made of one frame by steps that keep its rows; servers of 4.3 and newer. */
  zip(other: SparkPlan): SparkDataFrame {
    return derive(this, { case: "zip", value: this.#sides(other) });
  }

  /** The one value of a frame of one column and one row, for an expression of another: `df.filter(col("a").gt(most.scalar()))`. */
  scalar(): Column {
    return new Column(subquery(this, "scalar"));
  }

  /** Whether the frame has rows, for a condition of another: `df.filter(orders.where(...).exists())`. */
  exists(): Column {
    return new Column(subquery(this, "exists"));
  }

  #sides(other: SparkPlan) {
    return { left: planOf(this).relation, right: otherRelation(this, other) };
  }
}

function numberOfNearest(count: number): number {
  return numberBetween(wholeNumber(count, "the number of results", 1), "the number of results", 1, MOST_NEAREST);
}
