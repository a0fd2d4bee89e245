import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { OutgrowError } from "../../errors.ts";
import type { RunOptions } from "../../progress.ts";
import { findJava } from "./find-java.ts";
import { installFolder } from "./folders.ts";
import { waitForLock } from "./lock.ts";
import { makeArchive } from "./make-archive.ts";

const SPARK = "4.3.0";

export interface SparkInstall {
  /** Its SPARK_HOME. */
  readonly spark: string;
  readonly java: string;
  /** The class-data archive that starts use; undefined where none could be made, and each start takes seconds longer. */
  readonly archive: string | undefined;
  /** What was fetched now; empty when all was there. */
  readonly fetched: readonly ("spark" | "java")[];
}

/**
 * Fetches Spark from the Python index, and Java when there is none, into Outgrow's own folder, and makes the class-data archive for
 * them. What is there is left alone; what was cut goes on where it was; nothing half is ever seen under its name.
 *
 * @throws {ConnectionError} when the index cannot be reached or sends other bytes
 * @throws {Interrupted}
 * @example
 * const { spark } = await installSpark({ onProgress: ({ operation, fraction }) => console.log(operation, fraction) });
 */
export async function installSpark(options: RunOptions = {}): Promise<SparkInstall> {
  const folder = installFolder();
  mkdirSync(folder, { recursive: true });
  const { signal, onProgress } = options;
  const lock = await waitForLock(path.join(folder, "install.lock"), {
    signal,
    onWait: () => onProgress?.({ operation: "waiting for another installation of Spark" }),
  });
  try {
    const fetched: ("spark" | "java")[] = [];
    const spark = path.join(folder, `spark-${SPARK}`);
    if (!existsSync(spark)) {
      const { fetchSpark } = await fetching();
      await fetchSpark(SPARK, spark, options);
      fetched.push("spark");
    }
    const found = await ownOrFoundJava();
    if (!found) {
      const { fetchJava } = await fetching();
      await fetchJava(folder, options);
      fetched.push("java");
    }
    const java = found ?? (await findJava()).java;
    return { spark, java, archive: await makeArchive(options), fetched };
  } finally {
    lock.release();
  }
}

/** Archives and the network are for those who install. */
function fetching(): Promise<typeof import("./fetch.ts")> {
  return import("./fetch.ts");
}

async function ownOrFoundJava(): Promise<string | undefined> {
  try {
    return (await findJava()).java;
  } catch (error) {
    // A Java that is named and does not fit is for its owner to mend; one that is merely missing or old is what we install for.
    if (process.env.JAVA_HOME || !(error instanceof OutgrowError)) throw error;
    return undefined;
  }
}
