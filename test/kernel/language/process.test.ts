import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { buildSync } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { easeWrites, endServer, onProcess, type ServerProcess } from "../../../kernel/language/server-process.ts";
import { root } from "../../support/python.ts";
import { openOwnNotebook, places, typeServersOf } from "./harness.ts";

describe("the native server", () => {
  it("is not started before the first question and gone after close", async () => {
    const { service, run } = openOwnNotebook();
    service.accept({ id: "a", code: "const a = 1;" });
    expect(typeServersOf(process.pid)).toEqual([]);
    await run("a.toFixed();");
    expect(typeServersOf(process.pid)).toHaveLength(1);
    await service.close();
    expect(typeServersOf(process.pid)).toEqual([]);
  });

  it.each([0, 1, 5, 20, 60, 120])(
    "may be closed %i ms into a question, and answers with nothing after",
    async (delay) => {
      const { service } = openOwnNotebook();
      const pending = service.checkCell({ id: "a", code: "1;" });
      await new Promise((resolve) => setTimeout(resolve, delay));
      await service.close();
      expect(await pending).toEqual([]);
      expect(typeServersOf(process.pid)).toEqual([]);
      expect(await service.complete("Mat", 3)).toEqual({ matches: [], start: 3, end: 3 });
      expect(typeServersOf(process.pid)).toEqual([]);
    },
  );

  it.each([
    ["at once", (): undefined => undefined],
    ["a turn later", () => new Promise((resolve) => setImmediate(resolve))],
  ])("hears nothing after its end: one that is ended %s, while it starts", async (_, later) => {
    const { API } = await import("typescript/unstable/async");
    const stray: unknown[] = [];
    const note = (reason: unknown) => stray.push(reason);
    process.on("unhandledRejection", note);
    const api = new API({ cwd: tmpdir() });
    const started = new Promise<ServerProcess>((resolve) =>
      onProcess(api, (child) => {
        easeWrites(child);
        resolve(child);
      }),
    );
    const asked = api.updateSnapshot({}).catch(() => undefined);
    const child = await started;
    await later();
    await endServer(api);
    child.stdin?.write("too late", () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", note);
    expect([stray, child.exitCode ?? child.signalCode]).toEqual([[], 0]);
    void asked;
  });

  it("is replaced when it was killed, with all cells that stand", async () => {
    const { service, run } = openOwnNotebook();
    await run("let n = 1;");
    await run("let n = 'text';");
    for (const pid of typeServersOf(process.pid)) process.kill(pid, "SIGKILL");
    expect(places(await run("n.toFixed();"))).toEqual(["TS2551 1:3"]);
    const dying = service.complete("n.toUpp", 7);
    for (const pid of typeServersOf(process.pid)) process.kill(pid, "SIGKILL");
    expect((await dying).matches.map(({ text }) => text)).toEqual(["toUpperCase"]);
    expect(typeServersOf(process.pid)).toHaveLength(1);
  });

  it("may die at any moment without harm to this process", async () => {
    const { run } = openOwnNotebook();
    const stray: unknown[] = [];
    const note = (reason: unknown) => stray.push(reason);
    process.on("unhandledRejection", note);
    for (let delay = 0; delay < 60; delay += 4) {
      const answer = run("const n: number = '';", "a");
      await new Promise((resolve) => setTimeout(resolve, delay));
      for (const pid of typeServersOf(process.pid)) process.kill(pid, "SIGKILL");
      // Twice dead in one question gives no findings; else the second server finds the fault.
      expect([[], ["TS2322 1:7"]]).toContainEqual(places(await answer));
    }
    expect(places(await run("const n: number = '';", "a"))).toEqual(["TS2322 1:7"]);
    process.off("unhandledRejection", note);
    expect(stray).toEqual([]);
  });

  it.each([
    ["nothing is asked", "await server.update('1;'); console.log('ready'); setInterval(() => {}, 1000);"],
    [
      "it was asking for a file",
      `server.files.virtual.get = () => {
         writeSync(1, "asked\\n");
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
       };
       await server.update("1;");`,
    ],
  ])("does not outlive a parent that was killed while %s", async (_, does) => {
    const parent = spawn(process.execPath, ["--input-type=module", "-e", typeServerScript(does)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(parent.stdout, "data");
    const servers = typeServersOf(parent.pid ?? 0);
    expect(servers).toHaveLength(1);
    parent.kill("SIGKILL");
    await vi.waitFor(() => expect(servers.filter(isAlive)).toEqual([]), 3000);
  });
});

/** A process with a server of its own, in plain JavaScript. */
function typeServerScript(does: string): string {
  const contents = `import { writeSync } from "node:fs";
    import { TypeServer } from "./kernel/language/server.ts";
    const server = new TypeServer("/");
    ${does}`;
  const stdin = { contents, resolveDir: root, loader: "ts" } as const;
  const { outputFiles } = buildSync({
    stdin,
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  return outputFiles[0]?.text ?? "";
}

describe("a notebook of 30 cells", () => {
  it("answers while it grows (times are printed, not judged)", async () => {
    const { service, run } = openOwnNotebook();
    const checks: number[] = [];
    for (let cell = 0; cell < 30; cell++) {
      const started = performance.now();
      const found = await run(cellText(cell));
      checks.push(performance.now() - started);
      expect(found).toEqual([]);
    }
    const started = performance.now();
    const { matches } = await service.complete("rows29.", 7);
    const completing = performance.now() - started;
    expect(matches.map(({ text }) => text)).toContain("map");
    const sorted = [...checks].sort((a, b) => a - b);
    console.log(
      `30 cells: first check ${checks[0]?.toFixed(0)} ms, median ${sorted[15]?.toFixed(1)} ms, ` +
        `max of the others ${Math.max(...checks.slice(1)).toFixed(0)} ms, completion ${completing.toFixed(1)} ms`,
    );
  });
});

/** Eleven lines, eight names; every third cell declares names of the cell before again. */
function cellText(cell: number): string {
  const own = cell % 3 === 2 ? cell - 1 : cell;
  return `interface Row${own} { id: number; name: string; parent?: Row${own} }
const rows${own}: Row${own}[] = [{ id: ${cell}, name: "n" }];
const rows${cell === own ? `${cell}x` : cell} = rows${own};
function pick${own}(id: number) { return rows${own}.find((row) => row.id === id) }
const total${own} = rows${own}.reduce((sum, row) => sum + row.id, ${cell === 0 ? 0 : `total${cell === own ? Math.max(0, cell - 1 - ((cell - 1) % 3 === 2 ? 1 : 0)) : own}`});
class Store${own} { readonly rows = rows${own}; get size() { return this.rows.length } }
const store${own} = new Store${own}();
let counter = ${cell === 0 ? 0 : "counter + 1"};
for (const row of store${own}.rows) counter += row.id;
const names${own} = new Map(rows${own}.map((row) => [row.name, row] as const));
console.log(total${own}.toFixed(), names${own}.get("n")?.id, pick${own}(1)?.parent?.name, counter.toFixed());`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
