import { ConnectionError } from "../../errors.ts";

interface Cause {
  readonly pattern: RegExp;
  readonly code: `E_${string}`;
  readonly message: string;
  readonly hint: string;
}

/** What makes a server end, by the words of its log. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /\[(unresolved dependency|download failed): |Provided Maven Coordinates must be/,
    code: "E_SPARK_PACKAGES",
    message: "a package of spark.jars.packages cannot be had",
    hint: "packages are GROUP:NAME:VERSION with commas between them; what this machine cannot fetch is given as files: --conf spark.jars=FILE,FILE",
  },
  {
    pattern: /No space left on device|Disk quota exceeded/,
    code: "E_SPARK_DISK",
    message: "the disk of Spark's scratch folder is full",
    hint: "make room, or give it another folder with --conf spark.local.dir=FOLDER",
  },
  {
    pattern: /BindException|Address already in use/,
    code: "E_SPARK_PORT",
    message: "the port is taken by another program",
    hint: "leave spark.connect.grpc.binding.port out, and a free one is found",
  },
  {
    pattern: /Failed to create (a temp|local) dir|Failed to get a temp directory/i,
    code: "E_SPARK_DISK",
    message: "Spark cannot make its scratch folder",
    hint: "check that the folder of spark.local.dir exists and can be written to",
  },
  {
    pattern: /Could not reserve enough space|insufficient memory|Cannot allocate memory|Invalid maximum heap size/,
    code: "E_SPARK_MEMORY",
    message: "the machine does not give Java the memory it was told to take",
    hint: "start it with less: --driver-memory 2g",
  },
  {
    pattern: /OutOfMemoryError/,
    code: "E_SPARK_MEMORY",
    message: "Spark's driver ran out of memory",
    hint: "give it more (%spark start --driver-memory 8g), bring less back at once, or split the work into more partitions",
  },
  {
    pattern: /UnsupportedClassVersionError/,
    code: "E_OLD_JAVA",
    message: "this Java is too old for this Spark",
    hint: "run %spark install, or set JAVA_HOME to a newer one",
  },
  {
    pattern: /Could not parse Master URL|Master must either be/,
    code: "E_SPARK_MASTER",
    message: "Spark does not know this master",
    hint: "write local[4], local-cluster[2,1,1024] or spark://host:7077",
  },
];

/** The fault of a server that ended or did not come up, with the last lines of its log. */
export function serverFailure(what: string, log: string): ConnectionError {
  const cause = lastCause(log);
  const lines = lastLines(log, cause);
  const message = cause ? `${what}: ${cause.message}` : what;
  return new ConnectionError(cause?.code ?? "E_SPARK_DIED", lines === "" ? message : `${message}\n${lines}`, {
    hint: cause?.hint ?? `${lines === "" ? "" : "its last words stand above; "}%spark start starts it again`,
  });
}

/** Of a start that was given up; it may only need more time. */
export function silentFailure(silenceMs: number, log: string): ConnectionError {
  const { code, message, hint } = serverFailure(`Spark did not answer in ${Math.round(silenceMs / 1000)} s`, log);
  const more = "--timeout SECONDS (startSeconds) gives it longer";
  return new ConnectionError(code, message, { hint: hint === undefined ? more : `${hint}; ${more}` });
}

/** A log may tell of troubles that the server got over: the last one is what ended it. */
function lastCause(log: string): Cause | undefined {
  for (const line of log.split("\n").reverse()) {
    const cause = CAUSES.find(({ pattern }) => pattern.test(line));
    if (cause) return cause;
  }
  return undefined;
}

/** Of a Java stack, with or without its "at". */
const FRAME =
  /^\s+at |^\s*[\w.$/]+\((?:\w+\.(?:java|scala)(?::\d+)?|Native Method|Unknown Source)\)$|^\s+\.\.\. \d+ more|^WARNING: Using incub/;

/** What Spark says of a start that went well. */
const INFO = /^\d\S* \S+ INFO /;

/** `//user:password@` in the address of a repository or proxy. */
const LOGIN = /(?<=:\/\/)[^\s/]+@/g;

/**
 * Where the causes stand, without the frames of Java's stacks and without passwords: notebooks are saved with their errors. A cause that is
 * known has said all in few lines; what a dying server says after it tells nothing more.
 */
function lastLines(log: string, cause: Cause | undefined): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "" && !FRAME.test(line) && !INFO.test(line));
  const telling = cause ? [...new Set(lines.filter((line) => cause.pattern.test(line)))] : lines;
  return telling
    .slice(cause ? -3 : -12)
    .map((line) => `  ${line.replace(LOGIN, "").slice(0, 300)}`)
    .join("\n");
}
