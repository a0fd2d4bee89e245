import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../../errors.ts";
import { installFolder } from "./folders.ts";
import type { JavaHome } from "./types.ts";
import { INSTALL_HINT, javaMajor, LEAST_JAVA, requireJava } from "./versions.ts";

const PROGRAM = process.platform === "win32" ? "java.exe" : "java";

/**
 * The Java that a server is started with: a given folder, JAVA_HOME, PATH, Outgrow's own. What is named must fit; what is merely
 * found is passed over when it is too old.
 *
 * @throws {UsageError} E_NO_JAVA, E_OLD_JAVA
 */
export async function findJava(given?: string): Promise<JavaHome> {
  const named = given ?? process.env.JAVA_HOME;
  if (named) return namedJava(named, given === undefined ? "JAVA_HOME" : "the folder given");
  let old: JavaHome | undefined;
  for (const program of [...onPath(), ...ownJava()]) {
    const java = await readJava(program);
    if (java && java.major >= LEAST_JAVA) return java;
    old ??= java;
  }
  if (old) requireJava(old.version, old.java);
  throw new UsageError("E_NO_JAVA", "no Java was found: not in JAVA_HOME, on PATH, or of Outgrow's own", {
    hint: INSTALL_HINT,
  });
}

async function namedJava(folder: string, origin: string): Promise<JavaHome> {
  const java = await readJava(path.join(folder, "bin", PROGRAM));
  if (!java)
    throw new UsageError("E_NO_JAVA", `${origin} is "${folder}", where no bin/${PROGRAM} runs`, {
      hint: `set JAVA_HOME to a Java ${LEAST_JAVA} or newer, or unset it and run %spark install`,
    });
  requireJava(java.version, java.java);
  return java;
}

/** Asks the program itself: macOS has a `java` that only says where to get one. */
async function readJava(program: string): Promise<JavaHome | undefined> {
  if (!existsSync(program)) return undefined;
  try {
    const { stderr, stdout } = await promisify(execFile)(program, ["-version"], { timeout: 30_000 });
    const version = /version "([^"]+)"/.exec(`${stderr}${stdout}`)?.[1];
    return version === undefined
      ? undefined
      : { java: realpathSync(program), version: version.replace(/[-+].*/, ""), major: javaMajor(version) };
  } catch {
    return undefined;
  }
}

function onPath(): readonly string[] {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, PROGRAM)).filter((program) => existsSync(program));
}

/** Newest first. */
export function ownJava(): readonly string[] {
  const folder = installFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^java-\d+(\.\d+)*$/.test(name))
    .sort((a, b) => javaMajor(b.slice("java-".length)) - javaMajor(a.slice("java-".length)))
    .map((name) => path.join(folder, name, "bin", PROGRAM))
    .filter((program) => existsSync(program));
}
