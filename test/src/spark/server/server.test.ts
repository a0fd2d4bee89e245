import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type SparkServerOptions, sparkStatus, startSpark, stopSpark } from "../../../../src/spark/server/server.ts";

const library = fileURLToPath(new URL("../../../../dist/src/index.js", import.meta.url));
const small: SparkServerOptions = { master: "local[1]", driverMemory: 2 ** 30, idleSeconds: 60 };
let folder = "";
const children: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "og-spark-"));
  process.env.OUTGROW_SPARK_RUNTIME = folder;
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await stopSpark({ force: true });
  await until(() => readdirSync(folder).length === 0, "files of a server are left");
});

afterAll(() => {
  delete process.env.OUTGROW_SPARK_RUNTIME;
  rmSync(folder, { recursive: true, force: true });
});

test("a server answers on loopback only, and its token is nowhere to be seen", { timeout: 180_000 }, async () => {
  const steps: string[] = [];
  const server = await startSpark({ ...small, onProgress: ({ operation }) => steps.push(operation) });
  const { host, port, token, version, pid } = server.endpoint;
  expect({ host, version }).toEqual({ host: "127.0.0.1", version: "4.3.0" });
  expect(steps).toContain("starting Spark 4.3.0");
  expect(token).toMatch(/^[0-9a-f]{48}$/);
  const ports = listening(pid);
  expect(ports.map((each) => each.port)).toContain(port);
  expect(ports.filter((each) => !each.isLoopback)).toEqual([]);
  for (const file of filesBelow(folder)) {
    expect(statSync(file).mode & 0o077, file).toBe(0);
    if (!file.endsWith(".json")) expect(readFileSync(file, "utf8"), file).not.toContain(token);
  }
  const discovery = readdirSync(folder).find((name) => name.endsWith(".json")) ?? "";
  expect(JSON.parse(readFileSync(path.join(folder, discovery), "utf8"))).toMatchObject(server.endpoint);
  expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain(token);
  expect(await sparkStatus()).toMatchObject([
    { master: "local[1]", state: "ready", pid, leases: [`process ${process.pid}`] },
  ]);
  expect(await startSpark()).toBe(server);
  expect(await stopSpark()).toBe(1);
  // Who gives a server back is told no reason.
  expect(await server.ended).toBeUndefined();
});

test("processes share one server, and those that are killed lose their lease", { timeout: 180_000 }, async () => {
  const [one, two] = await Promise.all([holder(), holder()]);
  expect(one.pid).toBe(two.pid);
  expect((await sparkStatus())[0]?.leases).toHaveLength(2);
  await expect(stopSpark()).rejects.toThrow(`process ${one.child.pid}`);
  one.child.kill("SIGKILL");
  await until(async () => (await sparkStatus())[0]?.leases.length === 1, "the lease of a killed process is kept");
  expect(isAlive(one.pid)).toBe(true);
  two.child.kill("SIGKILL");
  await until(async () => (await sparkStatus())[0]?.leases.length === 0, "the last lease is kept");
  // A kernel that restarts finds its server again.
  expect((await startSpark(small)).endpoint.pid).toBe(one.pid);
});

test("with the last lease a server ends after its idle time, and leaves nothing", { timeout: 180_000 }, async () => {
  const { child, pid } = await holder({ ...small, idleSeconds: 0 });
  child.kill("SIGKILL");
  await until(() => !isAlive(pid), "Java outlives its last lease");
  await until(() => readdirSync(folder).length === 0, "files are left");
});

test("a session that a killed process left open ends the server at once, or is released", {
  timeout: 180_000,
}, async () => {
  const { child, pid } = await holder(small, 'server.openSession("6c7d4c43-0f4c-4f6e-8d5e-0d5d3b0f7c11");');
  await until(async () => (await sparkStatus())[0]?.state === "ready", "the server is not ready");
  child.kill("SIGKILL");
  await until(async () => !isAlive(pid) || (await sparkStatus())[0]?.leases.length === 0, "the lease is kept");
  expect((await sparkStatus()).flatMap(({ leases }) => leases)).toEqual([]);
});

test.each([
  ["the keeper", false],
  ["the keeper and its watcher", true],
])("killing %s ends Java", { timeout: 180_000 }, async (_, alsoWatcher) => {
  const { child, pid } = await holder();
  const keeper = parentOf(pid);
  const watchers = childrenOf(keeper).filter((each) => each !== pid);
  expect(watchers).toHaveLength(1);
  for (const each of [child.pid ?? 0, ...(alsoWatcher ? watchers : []), keeper]) process.kill(each, "SIGKILL");
  await until(() => !isAlive(pid), "Java outlives its keeper");
  if (alsoWatcher) {
    expect(readdirSync(folder)).not.toEqual([]);
    expect((await startSpark(small)).endpoint.pid).not.toBe(pid);
    return;
  }
  await until(() => readdirSync(folder).length === 0, "files are left");
});

test("a Java that dies is told, and the next start is a new one", { timeout: 180_000 }, async () => {
  const server = await startSpark(small);
  process.kill(server.endpoint.pid, "SIGKILL");
  const reason = await server.ended;
  expect(reason?.code).toBe("E_SPARK_DIED");
  expect(reason?.message).toContain("the Spark server has ended (SIGKILL)");
  const next = await startSpark(small);
  expect(next.endpoint.pid).not.toBe(server.endpoint.pid);
});

test("a port that is taken", { timeout: 180_000 }, async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as { readonly port: number };
  const conf = { "spark.connect.grpc.binding.port": String(port) };
  await expect(startSpark({ ...small, conf })).rejects.toMatchObject({ name: "ConnectionError", code: "E_SPARK_PORT" });
  taken.close();
});

test("a scratch folder that cannot be, and a master that is none", { timeout: 180_000 }, async () => {
  const file = path.join(tmpdir(), `og-spark-file-${process.pid}`);
  writeFileSync(file, "");
  const conf = { "spark.local.dir": path.join(file, "scratch") };
  await expect(startSpark({ ...small, conf })).rejects.toMatchObject({ code: "E_SPARK_DISK" });
  rmSync(file);
  await expect(startSpark({ ...small, master: "nonsense" })).rejects.toMatchObject({ code: "E_SPARK_MASTER" });
});

test("Stop while it starts", { timeout: 180_000 }, async () => {
  const controller = new AbortController();
  const starting = startSpark({ ...small, signal: controller.signal, onProgress: () => controller.abort() });
  await expect(starting).rejects.toMatchObject({ name: "Interrupted" });
});

/** Another process that holds a lease, as another kernel would. */
async function holder(options = small, more = ""): Promise<{ child: ChildProcess; pid: number }> {
  const code = `
    import { startSpark } from ${JSON.stringify(library)};
    const server = await startSpark(${JSON.stringify(options)});
    ${more}
    setInterval(() => undefined, 1000);
    console.log(server.endpoint.pid);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const pid = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (text) => resolve(Number(String(text).trim())));
    child.once("exit", (status) => reject(new Error(`the holder ended with ${status}`)));
  });
  return { child, pid };
}

async function until(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    expect(tries, otherwise).toBeLessThan(300);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

function childrenOf(pid: number): number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((each) => isAlive(each) && parentOf(each) === pid);
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/local"))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The ports on which a process listens, by its own sockets in the tables of the system. */
function listening(pid: number): { port: number; isLoopback: boolean }[] {
  const sockets = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((name) => linkOf(`/proc/${pid}/fd/${name}`)));
  return ["tcp", "tcp6"].flatMap((table) =>
    (existsSync(`/proc/net/${table}`) ? readFileSync(`/proc/net/${table}`, "utf8") : "")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === "0A" && sockets.has(`socket:[${fields[9]}]`))
      .map((fields) => {
        const [address = "", port = ""] = fields[1]?.split(":") ?? [];
        return {
          port: Number.parseInt(port, 16),
          isLoopback: /^(0{16}FFFF0000)?0100007F$|^0{24}01000000$/.test(address),
        };
      }),
  );
}

function linkOf(file: string): string[] {
  try {
    return [readlinkSync(file)];
  } catch {
    return [];
  }
}
