import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findJava } from "../../../../src/spark/server/find-java.ts";
import { findSpark } from "../../../../src/spark/server/find-spark.ts";
import { installSpark } from "../../../../src/spark/server/install.ts";
import { isAlive, until } from "./processes.ts";

const NAME = "pyspark-4.3.0.tar.gz";
const LONG = `${"deep/".repeat(30)}spark-core_2.13-4.3.0.jar`;
const kept = { ...process.env };
let folder = "";
let archive: Buffer;
let server: Server;
/** What the index does with the next requests for the file; requests that it saw. */
let faults: ("cut" | "whole")[] = [];
let ranges: (string | undefined)[] = [];
let sha256 = "";
let isHtml = false;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "og-install-"));
  archive = makeArchive();
  sha256 = createHash("sha256").update(archive).digest("hex");
  faults = [];
  ranges = [];
  isHtml = false;
  server = createServer((request, response) => {
    if (request.url === "/simple/pyspark/") {
      const url = `../../files/${NAME}`;
      response.setHeader("content-type", isHtml ? "text/html" : "application/vnd.pypi.simple.v1+json");
      const json = JSON.stringify({ files: [{ filename: NAME, url, hashes: { sha256 } }] });
      return void response.end(isHtml ? `<a href="${url}#sha256=${sha256}">${NAME}</a>` : json);
    }
    const { range } = request.headers;
    ranges.push(range);
    const from = range === undefined ? 0 : Number(/\d+/.exec(range)?.[0]);
    const fault = faults.shift();
    const isPart = range !== undefined && fault !== "whole";
    const body = isPart ? archive.subarray(from) : archive;
    response.writeHead(isPart ? 206 : 200, { "content-length": body.length });
    if (fault !== "cut") return void response.end(body);
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => setTimeout(() => response.destroy(), 50));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { readonly port: number };
  process.env.PIP_INDEX_URL = `http://127.0.0.1:${port}/simple`;
  process.env.OUTGROW_SPARK_DIR = path.join(folder, "own");
  process.env.OUTGROW_SPARK_RUNTIME = path.join(folder, "runtime");
  delete process.env.SPARK_HOME;
});

afterEach(() => {
  process.env = { ...kept };
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("install", () => {
  test.each([false, true])("fetches, checks and unpacks only what a server needs (HTML index: %s)", async (html) => {
    isHtml = html;
    const { spark, fetched } = await installSpark();
    expect(fetched).toEqual(["spark"]);
    expect(readFileSync(path.join(spark, "jars", "big.jar")).equals(BIG)).toBe(true);
    expect(existsSync(path.join(spark, "jars", LONG))).toBe(true);
    expect(readdirSync(spark)).toEqual(["jars", "python"]);
    expect(readdirSync(path.join(spark, "python", "pyspark")).sort()).toEqual(["b.py", "errors"]);
    expect(readdirSync(path.join(folder, "own"))).toEqual(["spark-4.3.0"]);
    expect((await installSpark()).fetched).toEqual([]);
  });

  test("a download that is cut goes on where it was", async () => {
    faults = ["cut", "cut"];
    await installSpark();
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toBeUndefined();
    for (const range of ranges.slice(1)) expect(Number(/\d+/.exec(range ?? "")?.[0])).toBeGreaterThan(0);
  });

  test("a server without ranges sends all of it again", async () => {
    faults = ["cut", "whole"];
    const { spark } = await installSpark();
    expect(existsSync(path.join(spark, "jars", "big.jar"))).toBe(true);
  });

  test("other bytes than promised are refused and not kept", async () => {
    sha256 = "0".repeat(64);
    await expect(installSpark()).rejects.toMatchObject({ code: "E_CHECKSUM" });
    expect(readdirSync(path.join(folder, "own"))).toEqual([]);
  });

  test.each([
    ["cut", (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ["damaged", (whole: Buffer) => Buffer.from(whole).fill(0xff, whole.length >> 1, (whole.length >> 1) + 64)],
  ])("an archive that the index has %s is refused by name and not kept", async (_, spoil) => {
    archive = spoil(archive);
    sha256 = createHash("sha256").update(archive).digest("hex");
    await expect(installSpark()).rejects.toMatchObject({ code: "E_ARCHIVE" });
    expect(readdirSync(path.join(folder, "own"))).toEqual([]);
  });

  test("Stop ends the wait for a proxy that does not answer", async () => {
    const controller = new AbortController();
    const sockets = new Set<Duplex>();
    server.on("connect", (_, socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      controller.abort();
    });
    process.env.HTTPS_PROXY = new URL(process.env.PIP_INDEX_URL ?? "").origin;
    process.env.PIP_INDEX_URL = "https://index.invalid/simple";
    try {
      await expect(installSpark({ signal: controller.signal })).rejects.toMatchObject({ name: "Interrupted" });
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  test("a proxy that refuses is named, and its connection ended", async () => {
    let ended: Promise<unknown> | undefined;
    server.on("connect", (_, socket) => {
      ended = once(socket, "end").then(() => socket.end());
      socket.resume().write("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    process.env.HTTPS_PROXY = new URL(process.env.PIP_INDEX_URL ?? "").origin;
    process.env.PIP_INDEX_URL = "https://index.invalid/simple";
    await expect(installSpark()).rejects.toThrow(/the proxy 127\.0\.0\.1:\d+ answered 407/);
    await ended;
  });

  test("an index behind a password and a proxy is asked with both", async () => {
    const seen: unknown[] = [];
    server.prependListener("request", ({ url, headers }: IncomingMessage) => {
      seen.push([url, headers.authorization, headers["proxy-authorization"]]);
    });
    const { host } = new URL(process.env.PIP_INDEX_URL ?? "");
    process.env.HTTP_PROXY = `me:p%40ss@${host}`;
    process.env.PIP_INDEX_URL = "http://you:w%C3%B6rd@index.invalid/simple";
    await expect(installSpark()).rejects.toMatchObject({ code: "E_INDEX" });
    const basic = (words: string) => `Basic ${Buffer.from(words).toString("base64")}`;
    expect(seen[0]).toEqual(["http://index.invalid/simple/pyspark/", basic("you:wörd"), basic("me:p@ss")]);
  });

  test("two at once fetch once", async () => {
    const both = await Promise.all([installSpark(), installSpark()]);
    expect(both.map(({ fetched }) => fetched.length).sort()).toEqual([0, 1]);
    expect(ranges).toHaveLength(1);
  });

  test("a Spark that does not start is installed all the same, and the half of a class-data archive is not kept", async () => {
    const half = String.raw`echo half > "$(sed -n 's/^"-XX:ArchiveClassesAtExit=\(.*\)"$/\1/p' "${"$"}{1#@}")"; exit 1`;
    process.env.JAVA_HOME = javaTree("able", "17.0.1", half);
    process.env.SPARK_HOME = sparkTree("fit", ["spark-core_2.13-4.1.0.jar", "spark-connect_2.13-4.1.0.jar"]);
    const steps: (string | undefined)[] = [];
    const { archive, fetched } = await installSpark({ onProgress: ({ note }) => steps.push(note) });
    expect({ archive, fetched }).toEqual({ archive: undefined, fetched: ["spark"] });
    expect(steps.at(-1)).toBe("starting Spark 4.1.0");
    expect(filesBelow(path.join(folder, "own", "classes"))).toEqual([]);
    expect(filesBelow(path.join(folder, "runtime"))).toEqual([]);
  });

  test("Stop ends the making of the archive, and what was installed stays", async () => {
    process.env.JAVA_HOME = javaTree("able", "17.0.1", `echo $$ > "${path.join(folder, "pid")}"; exec sleep 600`);
    process.env.SPARK_HOME = sparkTree("fit", ["spark-core_2.13-4.1.0.jar", "spark-connect_2.13-4.1.0.jar"]);
    const controller = new AbortController();
    const onProgress = async ({ note }: { readonly note?: string | undefined }): Promise<void> => {
      if (note !== "starting Spark 4.1.0") return;
      await until(() => existsSync(path.join(folder, "pid")), "Java was not started");
      controller.abort();
    };
    await expect(installSpark({ signal: controller.signal, onProgress })).rejects.toMatchObject({
      name: "Interrupted",
    });
    const java = Number(readFileSync(path.join(folder, "pid"), "utf8"));
    await until(() => !isAlive(java), "Java runs on");
    expect(filesBelow(path.join(folder, "own", "classes"))).toEqual([]);
    expect(existsSync(path.join(folder, "own", "spark-4.3.0"))).toBe(true);
  });

  test("Stop keeps what came", async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    await expect(installSpark({ signal: controller.signal, onProgress })).rejects.toMatchObject({
      name: "Interrupted",
    });
    expect(readdirSync(path.join(folder, "own")).filter((name) => !name.endsWith(".partial"))).toEqual([]);
  });
});

describe("find", () => {
  test("no Spark, an old one, one without a Connect server", () => {
    process.env.PATH = folder;
    expect(() => findSpark()).toThrow(
      expect.objectContaining({ code: "E_NO_SPARK", hint: expect.stringContaining("%spark install") }),
    );
    process.env.SPARK_HOME = sparkTree("old", ["spark-core_2.12-3.5.9.jar"]);
    expect(() => findSpark()).toThrow(expect.objectContaining({ code: "E_OLD_SPARK" }));
    process.env.SPARK_HOME = sparkTree("bare", ["spark-core_2.13-4.1.0.jar"]);
    expect(() => findSpark()).toThrow("has no Connect server");
    process.env.OUTGROW_SPARK_DIR = path.join(folder, "bare-own");
    delete process.env.SPARK_HOME;
    sparkTree(path.join("bare-own", "spark-4.9.0"), ["spark-core_2.13-4.9.0.jar"]);
    expect(() => findSpark()).toThrow("has no Connect server");
    sparkTree(path.join("bare-own", "spark-4.1.0"), ["spark-core_2.13-4.1.0.jar", "spark-connect_2.13-4.1.0.jar"]);
    expect(findSpark().version).toBe("4.1.0");
    process.env.SPARK_HOME = sparkTree("fit", ["spark-core_2.13-4.1.0.jar", "spark-connect_2.13-4.1.0.jar"]);
    expect(findSpark().version).toBe("4.1.0");
  });

  test("an old Java that is named is refused, one that is found is passed over", async () => {
    const old = javaTree("old", "1.8.0_402");
    process.env.JAVA_HOME = old;
    await expect(findJava()).rejects.toMatchObject({ code: "E_OLD_JAVA" });
    delete process.env.JAVA_HOME;
    process.env.PATH = `${path.join(old, "bin")}${path.delimiter}/bin`;
    const before = await findJava().catch((error: unknown) => error);
    process.env.PATH = `${path.join(old, "bin")}${path.delimiter}${path.join(javaTree("new", "21.0.8"), "bin")}`;
    expect(before).not.toMatchObject({ version: "1.8.0" });
    expect(await findJava()).toMatchObject({ version: "21.0.8", major: 21 });
    process.env.PATH = folder;
    await expect(findJava()).rejects.toMatchObject({ code: "E_NO_JAVA" });
  });
});

/** Does not shrink when packed. */
const BIG = Buffer.concat(
  Array.from({ length: 20_000 }, (_, index) => createHash("sha256").update(`${index}`).digest()),
);

function makeArchive(): Buffer {
  const tree = path.join(folder, "tree");
  for (const [name, content] of [
    ["deps/jars/big.jar", BIG],
    [`deps/jars/${LONG}`, Buffer.from("long")],
    ["deps/examples/a.py", Buffer.from("not wanted")],
    ["pyspark/b.py", Buffer.from("PySpark")],
    ["pyspark/errors/e.json", Buffer.from("{}")],
    ["pyspark/b.csv", Buffer.from("not wanted")],
  ] as const) {
    const file = path.join(tree, "pyspark-4.3.0", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return execFileSync("tar", ["czf", "-", "-C", tree, "pyspark-4.3.0"], { maxBuffer: 1 << 26 });
}

function sparkTree(name: string, jars: readonly string[]): string {
  const home = path.join(folder, name);
  mkdirSync(path.join(home, "jars"), { recursive: true });
  for (const jar of jars) writeFileSync(path.join(home, "jars", jar), "");
  return home;
}

/** A Java that says its version, or else does what the words say. */
function javaTree(name: string, version: string, words = ""): string {
  const home = path.join(folder, name);
  for (const each of ["bin", "lib/server"]) mkdirSync(path.join(home, each), { recursive: true });
  writeFileSync(path.join(home, "lib", "server", "classes.jsa"), "");
  const says = `echo 'openjdk version "${version}"' >&2`;
  const script = `#!/bin/sh\nif [ "$1" = -version ]; then ${says}; exit; fi\n${words}\n`;
  writeFileSync(path.join(home, "bin", "java"), script, { mode: 0o755 });
  return home;
}

function filesBelow(root: string): string[] {
  return existsSync(root) ? readdirSync(root, { recursive: true }).map(String) : [];
}
