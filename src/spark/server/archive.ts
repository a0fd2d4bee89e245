import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { installFolder } from "./folders.ts";
import { type Lock, tryLock } from "./lock.ts";
import type { ServerSettings } from "./types.ts";

/** From here on Java uses other pointers, for which an archive made below it is of no use. */
const COMPRESSED_POINTERS = 32 * 2 ** 30;
/** When the flags or what a start loads change. */
const VERSION = 1;

/** How a start deals with the class-data archive: Java's picture of the loaded classes, which takes a start from ten seconds to four. */
export interface ArchiveUse {
  readonly flags: readonly string[];
  /** This run writes the archive when it ends, which takes it ten seconds more. */
  readonly isMaking: boolean;
  /** After Java's end: puts the archive in its place, unless Java was killed and has left half of one. */
  finish(isWhole: boolean): void;
}

/**
 * One archive for each Java, Spark and set of flags. The installation makes it, else the first server at its end; the ones after it
 * start from it. Nothing depends on it: Java starts without an archive that does not fit.
 */
export function archiveFor(settings: ServerSettings): ArchiveUse {
  const file = archiveFile(settings);
  if (existsSync(file))
    return { flags: [`-XX:SharedArchiveFile=${file}`, "-Xlog:cds=off"], isMaking: false, finish: () => undefined };
  const lock = canArchive(settings) ? lockOf(file) : undefined;
  if (!lock) return { flags: [], isMaking: false, finish: () => undefined };
  removePartials(file);
  const partial = `${file}.${process.pid}`;
  return {
    flags: [`-XX:ArchiveClassesAtExit=${partial}`, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"],
    isMaking: true,
    finish(isWhole) {
      try {
        if (isWhole && existsSync(partial)) renameSync(partial, file);
      } finally {
        rmSync(partial, { force: true });
        lock.release();
      }
    },
  };
}

/** Whether the next server would have to start without an archive that could be made. */
export function lacksArchive(settings: ServerSettings): boolean {
  return !existsSync(archiveFile(settings)) && canArchive(settings);
}

export function archiveFile({ spark, java, driverMemory }: ServerSettings): string {
  const jars = path.join(spark.folder, "jars");
  const parts = [VERSION, java.java, java.version, jars, statSync(jars).mtimeMs, driverMemory < COMPRESSED_POINTERS];
  const name = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
  return path.join(installFolder(), "classes", `spark-${spark.version}-java-${java.version}-${name}.jsa`);
}

/** What makers that were killed have left; whoever has the lock is the only maker. */
function removePartials(file: string): void {
  const folder = path.dirname(file);
  for (const name of readdirSync(folder))
    if (name.startsWith(path.basename(file)) && /\.jsa\.\d+$/.test(name))
      rmSync(path.join(folder, name), { force: true });
}

/** An archive grows out of the one that comes with Java; small runtimes leave that out. */
function canArchive({ java }: ServerSettings): boolean {
  const server = path.join(path.dirname(path.dirname(java.java)), "lib", "server");
  return existsSync(server) && readdirSync(server).some((name) => name.endsWith(".jsa"));
}

/** A folder that cannot be written to costs seconds at each start, nothing else. */
function lockOf(file: string): Lock | undefined {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    return tryLock(`${file}.lock`);
  } catch {
    return undefined;
  }
}
