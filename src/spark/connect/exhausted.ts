/** A fault that Spark names only by Java's words. */
export interface Exhaustion {
  readonly code: `E_${string}`;
  readonly what: string;
  readonly hint: string;
}

const KINDS: readonly (Exhaustion & { readonly pattern: RegExp })[] = [
  {
    pattern: /bigger than spark\.driver\.maxResultSize/,
    code: "E_SPARK_TOO_LARGE",
    what: "the result is larger than Spark's driver may give",
    hint: "take fewer rows or an aggregate, or write the result to files; or start Spark with a higher limit: %spark start --conf spark.driver.maxResultSize=4g",
  },
  {
    pattern: /OutOfMemoryError|Java heap space|GC overhead limit exceeded/,
    code: "E_SPARK_MEMORY",
    what: "Spark ran out of memory",
    hint: "give it more (%spark start --driver-memory 8g, executors of their own by --conf spark.executor.memory=4g), bring less back at once, or split the work into more partitions",
  },
  {
    pattern: /No space left on device|Disk quota exceeded|File too large/,
    code: "E_SPARK_DISK",
    what: "the disk of Spark's scratch folder is full",
    hint: "make room, or start Spark with another folder: %spark start --conf spark.local.dir=FOLDER",
  },
];

/** A server says this between its fall and its end. */
const FALLEN = /stopped SparkContext|SparkContext (has been|was) (shut ?down|stopped)/i;

/** What a server ran out of, by its words. */
export function exhaustionOf(message: string): Exhaustion | undefined {
  return KINDS.find(({ pattern }) => pattern.test(message));
}

/** Whether the server has stopped its work, and only its process is still there. */
export function hasFallen(message: string): boolean {
  return FALLEN.test(message);
}

/** Whether it may be about to end: one that runs out of memory does so or not, as the thread is that had none. */
export function mayFall(message: string): boolean {
  return hasFallen(message) || exhaustionOf(message)?.code === "E_SPARK_MEMORY";
}
