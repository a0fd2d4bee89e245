import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serverPlaces } from "../../../../src/spark/server/places.ts";
import { type SparkServerOptions, sparkStatus, startSpark, stopSpark } from "../../../../src/spark/server/server.ts";
import { resolveSettings, settingsKey } from "../../../../src/spark/server/settings.ts";
import { MockSpark } from "../../../support/mock-spark.ts";
import { childrenOf, type Holder, holder, isAlive, parentOf, until } from "./processes.ts";

// A Java that does what the test says, and answers where a Spark is staged.
const DONE = { responseType: { case: "resultComplete" as const, value: {} } };
let folder = "";
let options: SparkServerOptions = {};
let mock: MockSpark;
let said = "";
const held: Holder[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "og-fault-"));
  process.env.OUTGROW_SPARK_RUNTIME = path.join(folder, "run");
  mkdirSync(process.env.OUTGROW_SPARK_RUNTIME, { mode: 0o700 });
  const sparkHome = path.join(folder, "spark");
  mkdirSync(path.join(sparkHome, "jars"), { recursive: true });
  for (const jar of ["spark-core_2.13-4.3.0.jar", "spark-connect_2.13-4.3.0.jar"])
    writeFileSync(path.join(sparkHome, "jars", jar), "");
  mock = new MockSpark([DONE]);
  const port = Number((await mock.start()).split(":").at(-1));
  said = `echo "INFO SparkConnectServer: Spark Connect server started at: 127.0.0.1:${port}" >&2`;
  options = {
    master: "local[1]",
    driverMemory: 2 ** 30,
    idleSeconds: 60,
    sparkHome,
    javaHome: path.join(folder, "java"),
  };
  java(`${said}; exec sleep 600`);
});

afterEach(async () => {
  for (const { child } of held.splice(0)) child.kill("SIGKILL");
  await stopSpark({ force: true });
  await until(() => readdirSync(path.join(folder, "run")).length === 0, "files of a server are left");
  mock.stop();
  delete process.env.OUTGROW_SPARK_RUNTIME;
  rmSync(folder, { recursive: true, force: true });
});

test("a Java that hangs while it starts is given up and killed", async () => {
  java("exec sleep 600");
  let pid = 0;
  const onProgress = (): void => void sparkStatus().then(([status]) => (pid ||= status?.pid ?? 0));
  await expect(startSpark({ ...options, startSeconds: 1, onProgress })).rejects.toMatchObject({
    code: "E_SPARK_DIED",
    message: expect.stringContaining("Spark did not answer in 1 s"),
    hint: expect.stringContaining("--timeout"),
  });
  expect(pid).toBeGreaterThan(0);
  await until(() => !isAlive(pid), "Java lives on");
});

test("a Java that fetches packages may take longer than its time, as long as it says what it fetches", async () => {
  const fetch = (jar: string) => `echo "downloading https://example.org/maven2/io/${jar}.jar ..." >&2; sleep 0.7`;
  java(`${fetch("first-1.0")}; ${fetch("second-1.0")}; ${fetch("third-1.0")}; ${said}; exec sleep 600`);
  const notes: (string | undefined)[] = [];
  await startSpark({ ...options, startSeconds: 1.5, onProgress: ({ note }) => notes.push(note) });
  expect(notes.filter((note) => note?.startsWith("fetching"))).toEqual([
    "fetching first-1.0.jar",
    "fetching second-1.0.jar",
    "fetching third-1.0.jar",
  ]);
});

test("who comes with more time to a start that others began has it", async () => {
  java(`sleep 2.5; ${said}; exec sleep 600`);
  const stop = new AbortController();
  const first = startSpark({ ...options, startSeconds: 1, signal: stop.signal, onProgress: () => stop.abort() });
  await expect(first).rejects.toMatchObject({ name: "Interrupted" });
  expect((await startSpark({ ...options, startSeconds: 60 })).endpoint.version).toBe("4.3.0");
});

test.each([
  ["Could not reserve enough space for object heap", "E_SPARK_MEMORY"],
  ["java.lang.UnsupportedClassVersionError: org/apache/spark/launcher/Main", "E_OLD_JAVA"],
  ["java.net.BindException: Address already in use", "E_SPARK_PORT"],
  ["java.io.IOException: No space left on device", "E_SPARK_DISK"],
  ["java.lang.RuntimeException: [unresolved dependency: a#b;1: not found]", "E_SPARK_PACKAGES"],
  ["something else", "E_SPARK_DIED"],
])("a Java that ends with %j", async (words, code) => {
  java(`echo ${JSON.stringify(words)} >&2; exit 3`);
  await expect(startSpark(options)).rejects.toMatchObject({ code, message: expect.stringContaining("exit code 3") });
});

test("the password of a repository is in no error", async () => {
  java('echo "  Server access error at url https://someone:p@ssword@example.org/a.pom" >&2; exit 1');
  await expect(startSpark(options)).rejects.toMatchObject({
    message: expect.stringMatching(/url https:\/\/example\.org\/a\.pom$/),
  });
});

test("a Java that ends after it has said its port", async () => {
  java(`${said.replace(/:\d+"/, ':1"')}; sleep 1; exit 3`);
  await expect(startSpark(options)).rejects.toMatchObject({
    message: expect.stringContaining("Spark ended while it started (exit code 3)"),
  });
});

test("a server that is too old is refused", async () => {
  mock.version = "3.5.6";
  await expect(startSpark(options)).rejects.toMatchObject({
    code: "E_SPARK_VERSION",
    message: expect.stringContaining("is Spark 3.5.6"),
  });
});

test("it is ready when its first query has run, not before; a first shuffle follows", async () => {
  const server = await startSpark(options);
  expect(mock.executed.length).toBeGreaterThan(0);
  expect(mock.calls).toContain("ReleaseSession");
  expect(server.endpoint.version).toBe("4.3.0");
  await warm();
  expect(mock.executed).toHaveLength(2);
});

test("the sessions of a killed process are interrupted until nothing runs, then released", async () => {
  const id = "6c7d4c43-0f4c-4f6e-8d5e-0d5d3b0f7c11";
  const { child, pid } = await startHolder(`server.openSession("${id}");`);
  await warm();
  mock.calls.length = 0;
  mock.interrupted.length = 0;
  mock.operations.set("all", 0);
  child.kill("SIGKILL");
  await until(() => mock.interrupted.length > 2, "the interrupt is not repeated");
  expect(mock.calls).not.toContain("ReleaseSession");
  mock.operations.clear();
  await until(() => mock.calls.includes("ReleaseSession"), "the session is not released");
  expect(isAlive(pid)).toBe(true);
  expect((await sparkStatus()).map(({ leases }) => leases)).toEqual([[]]);
});

test("a server whose lost queries cannot be stopped is stopped itself", async () => {
  const { child, pid } = await startHolder(`server.openSession("6c7d4c43-0f4c-4f6e-8d5e-0d5d3b0f7c11");`);
  mock.stop();
  child.kill("SIGKILL");
  await until(() => !isAlive(pid), "the server lives on with a query of nobody");
});

test("with the last lease a server ends after its idle time, and leaves nothing", async () => {
  options = { ...options, idleSeconds: 0 };
  const { child, pid } = await startHolder();
  child.kill("SIGKILL");
  await until(() => !isAlive(pid), "Java outlives its last lease");
});

test("killing the keeper and its watcher ends Java; the next start removes what they left", async () => {
  const server = await startSpark(options);
  const { pid } = server.endpoint;
  const keeper = parentOf(pid);
  for (const each of [...childrenOf(keeper).filter((child) => child !== pid), keeper]) process.kill(each, "SIGKILL");
  await until(() => !isAlive(pid), "Java outlives its keeper");
  const left = readdirSync(path.join(folder, "run"));
  expect(left.filter((name) => name.endsWith(`-${keeper}`))).toHaveLength(1);
  await startSpark(options);
  expect(readdirSync(path.join(folder, "run")).filter((name) => name.endsWith(`-${keeper}`))).toEqual([]);
});

test.each(["keeper", "Java"])("a start right after the %s was killed gives no dead server", async (who) => {
  const dead = await startSpark(options);
  const { pid } = dead.endpoint;
  process.kill(who === "Java" ? pid : parentOf(pid), "SIGKILL");
  const [next, same] = await Promise.all([startSpark(options), startSpark(options)]);
  expect(next.endpoint.pid).not.toBe(pid);
  expect(same).toBe(next);
  expect((await dead.ended)?.code).toBe("E_SPARK_DIED");
  await until(() => !isAlive(pid), "Java outlives its keeper");
  expect((await sparkStatus()).map((status) => status.pid)).toEqual([next.endpoint.pid]);
  expect(await startSpark()).toBe(next);
});

test("the watcher of a killed keeper spares the files of the next one", async () => {
  const dead = await startSpark(options);
  const keeper = parentOf(dead.endpoint.pid);
  const watchers = childrenOf(keeper).filter((child) => child !== dead.endpoint.pid);
  for (const watcher of watchers) process.kill(watcher, "SIGSTOP");
  process.kill(keeper, "SIGKILL");
  java(`${said}; exec sleep 600`);
  const next = await startSpark(options);
  const files = () => readdirSync(path.join(folder, "run")).filter((name) => !name.endsWith(`-${keeper}`));
  const before = files();
  for (const watcher of watchers) process.kill(watcher, "SIGCONT");
  await until(() => !watchers.some(isAlive), "the watcher lives on");
  expect(files()).toEqual(before);
  expect((await sparkStatus()).map((status) => status.pid)).toEqual([next.endpoint.pid]);
});

test("a socket without a keeper, and a lock of nobody, are taken over", async () => {
  const places = serverPlaces(path.join(folder, "run"), settingsKey(await resolveSettings(options)));
  writeFileSync(places.socket, "");
  writeFileSync(places.lock, "");
  utimesSync(places.lock, 0, 0);
  expect((await startSpark(options)).endpoint.version).toBe("4.3.0");
});

test("Stop while it starts", async () => {
  java("exec sleep 600");
  const controller = new AbortController();
  const starting = startSpark({ ...options, signal: controller.signal, onProgress: () => controller.abort() });
  await expect(starting).rejects.toMatchObject({ name: "Interrupted" });
});

test("folders that are not what they should be", async () => {
  await expect(startSpark({ ...options, sparkHome: folder })).rejects.toMatchObject({ code: "E_NO_SPARK" });
  await expect(startSpark({ ...options, javaHome: folder })).rejects.toMatchObject({ code: "E_NO_JAVA" });
  java("exit 0", "1.8.0_402");
  await expect(startSpark(options)).rejects.toMatchObject({
    code: "E_OLD_JAVA",
    message: expect.stringContaining("1.8.0"),
  });
  const run = path.join(folder, "run");
  chmodSync(run, 0o755);
  await expect(startSpark({ ...options, javaHome: undefined })).rejects.toMatchObject({ code: "E_SPARK_FOLDER" });
  chmodSync(run, 0o700);
});

async function startHolder(more = ""): Promise<Holder> {
  const started = await holder(options, more);
  held.push(started);
  return started;
}

/** Both sessions in which the keeper tries a new server are over. */
async function warm(): Promise<void> {
  const isOver = () => mock.calls.filter((call) => call === "ReleaseSession").length === 2;
  await until(isOver, "the first shuffle was not run");
}

function java(script: string, version = "17.0.1"): void {
  const bin = path.join(folder, "java", "bin");
  mkdirSync(bin, { recursive: true });
  const code = `#!/bin/sh\nif [ "$1" = -version ]; then echo 'openjdk version "${version}"' >&2; exit; fi\n${script}\n`;
  writeFileSync(path.join(bin, "java"), code, { mode: 0o755 });
}
