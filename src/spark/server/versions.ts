import { UsageError } from "../../errors.ts";

/** Below these the protocol or the JVM flags are others. */
export const LEAST_SPARK = 4;
export const LEAST_JAVA = 17;

/**
 * The two commands that mend a machine without Spark or Java.
 *
 * @example
 * throw new UsageError("E_NO_SPARK", "no Spark was found", { hint: INSTALL_HINT });
 */
export const INSTALL_HINT =
  "run %spark install in a notebook (outgrow spark install in a terminal), then %spark start; or set SPARK_HOME and JAVA_HOME to what you have";

/** `1.8.0_402` is Java 8, `17.0.15` is Java 17. */
export function javaMajor(version: string): number {
  const [first = 0, second = 0] = version.split(/[._+-]/).map(Number);
  return first === 1 ? second : first;
}

export function requireSpark(version: string, folder: string): void {
  if (Number.parseInt(version, 10) >= LEAST_SPARK) return;
  throw new UsageError("E_OLD_SPARK", `Spark ${version} in ${folder} is too old: Outgrow needs Spark 4.0 or newer`, {
    hint: `unset SPARK_HOME and ${INSTALL_HINT}`,
  });
}

export function requireJava(version: string, java: string): void {
  if (javaMajor(version) >= LEAST_JAVA) return;
  throw new UsageError(
    "E_OLD_JAVA",
    `Java ${version} (${java}) is too old: Spark 4 needs Java ${LEAST_JAVA} or newer`,
    {
      hint: INSTALL_HINT,
    },
  );
}
