import { type ColumnOrName, lit } from "./column.ts";
import type { SparkClient } from "./connect/client.ts";
import { SparkDataFrame } from "./dataframe.ts";
import { type Argument, columnsOf } from "./functions/invoke.ts";

/** Functions that give rows, as frames: `spark.tvf.explode(F.array(F.lit(1), F.lit(2)))`. With `outer()` columns they are for `lateralJoin`. */
export class TableValuedFunctions {
  readonly #client: SparkClient;

  constructor(client: SparkClient) {
    this.#client = client;
  }

  /** A row for each item of a list or each entry of a map. */
  explode(collection: ColumnOrName): SparkDataFrame {
    return this.#call("explode", collection);
  }

  /** As `explode`, and a row of nulls where there is no item. */
  explode_outer(collection: ColumnOrName): SparkDataFrame {
    return this.#call("explode_outer", collection);
  }

  /** As `explode`, with the place of each. */
  posexplode(collection: ColumnOrName): SparkDataFrame {
    return this.#call("posexplode", collection);
  }

  posexplode_outer(collection: ColumnOrName): SparkDataFrame {
    return this.#call("posexplode_outer", collection);
  }

  /** A row for each record of a list, a column for each of its fields. */
  inline(records: ColumnOrName): SparkDataFrame {
    return this.#call("inline", records);
  }

  inline_outer(records: ColumnOrName): SparkDataFrame {
    return this.#call("inline_outer", records);
  }

  /** The named fields of a text of JSON, as columns. */
  json_tuple(text: ColumnOrName, ...fields: readonly ColumnOrName[]): SparkDataFrame {
    return this.#call("json_tuple", text, ...fields.map((field) => lit(field)));
  }

  /** The values in so many rows. */
  stack(rows: number, ...values: readonly Argument[]): SparkDataFrame {
    return this.#call("stack", lit(rows), ...values);
  }

  variant_explode(variant: ColumnOrName): SparkDataFrame {
    return this.#call("variant_explode", variant);
  }

  variant_explode_outer(variant: ColumnOrName): SparkDataFrame {
    return this.#call("variant_explode_outer", variant);
  }

  /** The orders of text that Spark knows. */
  collations(): SparkDataFrame {
    return this.#call("collations");
  }

  /** The words of Spark's SQL, and whether they are reserved. */
  sql_keywords(): SparkDataFrame {
    return this.#call("sql_keywords");
  }

  #call(functionName: string, ...args: readonly Argument[]): SparkDataFrame {
    const value = { functionName, arguments: columnsOf(args).map(({ expression }) => expression) };
    return new SparkDataFrame(this.#client, { relType: { case: "unresolvedTableValuedFunction", value } });
  }
}
