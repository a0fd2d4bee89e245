import type { Column, ColumnOrName } from "../column.ts";
import { invoke } from "./invoke.ts";

/**
 * By what `writeTo(name).partitionedBy()` keeps a table in parts: transforms of a column, which catalogs of Iceberg and their like know.
 *
 * @example
 * await frame.writeTo("lake.db.sales").using("iceberg").partitionedBy(F.partitioning.days("at"), F.partitioning.bucket(16, "id")).create();
 */
export const partitioning = {
  /** By the year of a date or timestamp. */
  years: (col: ColumnOrName): Column => invoke("years", col),
  /** By its month. */
  months: (col: ColumnOrName): Column => invoke("months", col),
  /** By its day. */
  days: (col: ColumnOrName): Column => invoke("days", col),
  /** By its hour. */
  hours: (col: ColumnOrName): Column => invoke("hours", col),
  /** By the hash of the values, into so many parts. */
  bucket: (numBuckets: number, col: ColumnOrName): Column => invoke("bucket", numBuckets, col),
} as const;
