import type { Verdict } from "../verdict/decide.ts";
import type { Reading } from "./reading.ts";

/** A smallest or largest value; texts are cut after 80 characters. */
export type ProfileValue = number | bigint | string | boolean | Date | null;

export interface ProfileColumn {
  readonly name: string;
  /** pandas' name of the type that a loader gives the column. */
  readonly type: string;
  /** Whole numbers that are spans of time to who reads the file with Arrow: pandas' name for them. */
  readonly span?: string | undefined;
  /** The strftime pattern of days and moments in a text file that are not in ISO. */
  readonly dateFormat?: string | undefined;
  /** Truth values of a text file that are written with other words than true and false. */
  readonly isSpelled?: true | undefined;
  /** Among its texts are words such as NA, which pandas takes for missing values; known of a full pass alone. */
  readonly hasNullWords?: true | undefined;
  /** The type that holds the same values in less memory; `type` where there is none. */
  readonly advised: string;
  readonly nulls: number;
  /** Different values, nulls left out. */
  readonly distinct: number;
  /** False where the count was too high to be kept exactly; it is then within about 2 %. */
  readonly distinctExact: boolean;
  readonly min: ProfileValue;
  readonly max: ProfileValue;
  /** In Arrow under `type`. */
  readonly bytes: number;
  /** In Arrow under `advised`. */
  readonly bytesAfter: number;
  /** What holds for all rows that were read, and what the advice saves. */
  readonly proof: string;
  /** The advised type rounds values. */
  readonly lossy: boolean;
}

/** The same data in different forms, in bytes. */
export interface ProfileSizes {
  /** On disk; 0 for data in memory. */
  readonly file: number;
  /** Plain JavaScript values, one array a column. */
  readonly js: number;
  /** A stock Danfo frame. */
  readonly danfo: number;
  readonly arrow: number;
  readonly arrowAdvised: number;
  /** `memory_usage(deep=True)` of pandas 2, which keeps texts as Python objects, after a plain read. */
  readonly pandas2: number;
  /** The same of pandas 3, which keeps texts in Arrow. */
  readonly pandas3: number;
}

/** Rows that do not read, and are therefore not counted. */
export interface Rejected {
  readonly rows: number;
  /** There were more than are counted. */
  readonly more: boolean;
  readonly examples: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
}

export interface Profile {
  /** As given: the path, or the name of the frame. */
  readonly source: string;
  readonly format: "csv" | "json" | "parquet" | "arrow" | "memory";
  readonly files: number;
  /** Of files: how they are read, for the lines that read them again. */
  readonly reading?: Reading | undefined;
  readonly rows: number;
  /** `rows` may be off by so many either way; 0 when they were counted. */
  readonly rowsError: number;
  /** Every row was read. False for an estimate from a sample. */
  readonly exact: boolean;
  /** Rows that the figures come from. */
  readonly rowsRead: number;
  readonly columns: readonly ProfileColumn[];
  readonly sizes: ProfileSizes;
  readonly verdict: Verdict;
  readonly rejected: Rejected;
  /** What a reader should know besides, one sentence each. */
  readonly notes: readonly string[];
  /** How long the profile took, or takes according to the estimate when it is not exact. */
  readonly seconds: number;
  /** Answered from an earlier run on the same, unchanged files. */
  readonly cached: boolean;
}
