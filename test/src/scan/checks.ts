import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDuckdb } from "../../../src/duckdb/session.ts";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import { randomOf } from "../chunked/datasets.ts";
import { differenceInColumns } from "./check-columns.ts";
import { differenceToDuckdb } from "./check-duckdb.ts";
import { differenceInGroups, makeTuning, packedIn, partsIn, tableIn } from "./check-groups.ts";
import { differenceInJson } from "./check-json.ts";
import { differenceInMerging } from "./check-merge.ts";
import { differenceInRows, makeCut } from "./check-rows.ts";
import { differenceInSniffing } from "./check-sniff.ts";
import { differenceInStatistics } from "./check-statistics.ts";
import { differenceInValues } from "./check-values.ts";
import { expectCase } from "./expect-case.ts";
import { bytesOf, makeCase, type ScanCase } from "./generate.ts";

/** One thing that must hold for every case. */
export interface Check {
  readonly name: string;
  /** What is wrong; undefined when it holds or does not apply. The same for the same case and seed. */
  readonly run: (one: ScanCase, seed: number) => Promise<object | undefined>;
}

export interface Checks extends AsyncDisposable {
  readonly all: readonly Check[];
  /** 0 as long as nothing was written where nothing is to be written. */
  readonly brokenGuard: () => number;
  /** What the kernel holds between cases: tables and scratch space, which the same cases let grow only once. */
  readonly usedBytes: () => number;
}

/** All checks with what they need: an engine, a kernel that guards its memory, a folder. */
export async function openChecks(): Promise<Checks> {
  const folder = mkdtempSync(path.join(tmpdir(), "outgrow-scan-"));
  const file = path.join(folder, "case.csv");
  const session = await openDuckdb({ threads: 1 });
  const kernel = new Kernel(await compileKernel("checked"));
  return {
    all: [
      {
        name: "rows and fields are the same in blocks and parts of any size",
        run: async (one, seed) => {
          if (one.dialect.encoding !== "utf-8") return undefined;
          const random = randomOf(seed);
          const { length } = bytesOf(one);
          return (
            differenceInRows(kernel, one, makeCut(random, length)) ??
            differenceInRows(kernel, one, makeCut(random, length))
          );
        },
      },
      {
        name: "values, and what does not fit, are the same in blocks of any size",
        run: async (one, seed) => {
          if (one.dialect.encoding !== "utf-8") return undefined;
          return differenceInValues(kernel, one, randomOf(seed).pick([64, 100, 1000, 128 * 1024]));
        },
      },
      {
        name: "groups of parts merge to groups of the whole",
        run: async (one, seed) => {
          return one.dialect.encoding === "utf-8" ? differenceInMerging(kernel, one, randomOf(seed)) : undefined;
        },
      },
      {
        name: "scanGroups gives what the reference gives, results and errors",
        run: (one, seed) => differenceInGroups(tableIn(file, one), one, makeTuning(randomOf(seed), false)),
      },
      {
        name: "scanGroups of several files gives what it gives of one",
        run: async (one, seed) => {
          const random = randomOf(seed);
          const parts = seed % 6 === 0 ? partsIn(file, one, random) : undefined;
          return parts && differenceInGroups(parts, one, makeTuning(random, false));
        },
      },
      {
        name: "scanGroups of a gzip file gives what it gives of the plain one",
        run: async (one, seed) =>
          seed % 20 === 10
            ? differenceInGroups(packedIn(file, one), one, makeTuning(randomOf(seed), false))
            : undefined,
      },
      {
        name: "JSON Lines give the groups that DuckDB gives",
        run: async (_, seed) => {
          const random = randomOf(seed);
          if (seed % 4 !== 1) return undefined;
          return differenceInJson(session, file.replace(/csv$/, "jsonl"), random, makeTuning(random, false));
        },
      },
      {
        name: "scanGroups over threads does, too",
        // A thread takes longer to start than such a file to read.
        run: async (one, seed) =>
          seed % 20 === 0 ? differenceInGroups(tableIn(file, one), one, makeTuning(randomOf(seed), true)) : undefined,
      },
      {
        name: "scanColumns gives the rows in chunks of exactly so many",
        run: async (one, seed) => {
          const random = randomOf(seed);
          return seed % 2 === 0 ? differenceInColumns(file, one, random, makeTuning(random, false)) : undefined;
        },
      },
      {
        name: "scanStatistics gives what the reference computes of all values",
        run: async (one, seed) =>
          seed % 2 === 1 ? differenceInStatistics(file, one, makeTuning(randomOf(seed), false)) : undefined,
      },
      {
        name: "sniffed types hold all values of a file that was looked at as a whole",
        run: (one) => differenceInSniffing(file, one),
      },
      {
        name: "DuckDB reads and groups what the reference does",
        run: async (one) => {
          const expected = expectCase(one);
          if (expected.fault || one.notForDuckdb) return undefined;
          return differenceToDuckdb(session, file, one, expected);
        },
      },
    ],
    brokenGuard: () => kernel.calls.brokenGuard(),
    usedBytes: () => kernel.calls.usedBytes(),
    async [Symbol.asyncDispose]() {
      await session.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The case of a seed. */
export function caseOf(seed: number): ScanCase {
  return makeCase(randomOf(seed), `seed ${seed}`);
}
