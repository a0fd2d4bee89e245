import type { RunOptions } from "../../progress.ts";

/** When a setting can be given: at the launch of the JVM, before the context starts, or at any time. */
export type SettingClass = "launch" | "static" | "runtime";

export interface Setting {
  readonly key: string;
  readonly value: string;
  /** With the numbers filled in. */
  readonly formula: string;
  readonly reason: string;
  readonly class: SettingClass;
}

export type Workload = "etl" | "sql" | "ml" | "collect";

export interface SparkConfigOptions extends RunOptions {
  /** Machines of the cluster; left out, this machine alone. */
  readonly nodes?: number | undefined;
  /** Cores of one machine. */
  readonly cores?: number | undefined;
  /** Memory of one machine: bytes, or text with a unit as in `"64g"`. */
  readonly memory?: number | string | undefined;
  readonly master?: string | undefined;
  readonly workload?: Workload | undefined;
  /** Bytes, or text as in `"8g"`; given values replace the computed ones. */
  readonly driverMemory?: number | string | undefined;
  readonly executorMemory?: number | string | undefined;
  readonly shufflePartitions?: number | undefined;
}

/** What the user fixed, in bytes. */
export interface GivenSettings {
  readonly driverMemory?: number | undefined;
  readonly executorMemory?: number | undefined;
  readonly shufflePartitions?: number | undefined;
}

/** What the rules compute from. Bytes, one machine. */
export interface SparkInputs {
  readonly nodes: number;
  readonly cores: number;
  readonly memory: number;
  readonly master: string;
  readonly workload: Workload;
  /** Of the data on disk, and in memory; undefined when no source was named. */
  readonly dataBytes?: number | undefined;
  readonly memoryBytes?: number | undefined;
}

export interface SparkConfig {
  readonly settings: readonly Setting[];
  readonly inputs: SparkInputs;
  readonly notes: readonly string[];
}
