import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { SparkServerOptions } from "../../../../src/spark/server/server.ts";

/** As people import it. */
export const LIBRARY = fileURLToPath(new URL("../../../../dist/src/index.js", import.meta.url));

export interface Holder {
  readonly child: ChildProcess;
  /** Of Java. */
  readonly pid: number;
}

/** Another process that holds a lease, as another kernel would; `more` runs there with `outgrow`, `options` and `server` in reach. */
export async function holder(options: SparkServerOptions, more = ""): Promise<Holder> {
  const code = `
    import * as outgrow from ${JSON.stringify(LIBRARY)};
    const options = ${JSON.stringify(options)};
    const server = await outgrow.startSpark(options);
    ${more}
    setInterval(() => undefined, 1000);
    console.log(server.endpoint.pid);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (text) => resolve(Number(String(text).trim())));
    child.once("exit", (status) => reject(new Error(`the holder ended with ${status}`)));
  });
  return { child, pid };
}

export async function until(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    expect(tries, otherwise).toBeLessThan(600);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

export function childrenOf(pid: number): number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((each) => isAlive(each) && parentOf(each) === pid);
}

/** The ports on which a process listens, by its own sockets in the tables of the system. */
export function listening(pid: number): { port: number; isLoopback: boolean }[] {
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
