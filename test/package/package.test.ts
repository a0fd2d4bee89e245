import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { python, root, run } from "../support/python.ts";

/** What a person gets who has Jupyter already: npm install -g outgrow && outgrow install. */
describe("the published package", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-package-"));
  const prefix = path.join(folder, "global");
  const jupyter = path.join(folder, "jupyter");
  const env = { ...process.env, HOME: path.join(folder, "home"), npm_config_cache: undefined };

  beforeAll(async () => {
    const packed = await npm(["pack", "--ignore-scripts", "--pack-destination", folder]);
    expect(packed.code, packed.stderr).toBe(0);
    const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "";
    const installed = await npm([
      "install",
      "--global",
      "--prefix",
      prefix,
      "--no-audit",
      "--no-fund",
      path.join(folder, tarball),
    ]);
    expect(installed.code, installed.stderr).toBe(0);
  }, 240_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("installs no development packages and carries the licences of what is bundled", () => {
    const modules = path.join(prefix, "lib", "node_modules", "outgrow");
    expect(readdirSync(path.join(modules, "node_modules"))).not.toContain("danfojs-node");
    const licenses = readFileSync(path.join(modules, "dist", "vendor", "LICENSES.txt"), "utf8");
    for (const name of [
      "danfojs-node",
      "jmp",
      "apache-arrow",
      "@duckdb/node-api",
      "@grpc/grpc-js",
      "@bufbuild/protobuf",
    ])
      expect(licenses).toMatch(new RegExp(`^${name} \\d`, "m"));
  });

  test("registers a kernel that runs a cell", async () => {
    const outgrow = path.join(prefix, "bin", "outgrow");
    const registered = await run(outgrow, ["install", "--prefix", jupyter], { env });
    expect(registered.code, registered.stderr).toBe(0);
    const script = [
      "from jupyter_client.manager import start_new_kernel",
      "km, kc = start_new_kernel(kernel_name='outgrow', startup_timeout=60)",
      "shown = []",
      "def hook(m):",
      "    if m['header']['msg_type'] == 'execute_result': shown.append(m['content']['data']['text/plain'])",
      "reply = kc.execute_interactive('import { DataFrame } from \"danfojs-node\"; new DataFrame({ a: [1, 2] }).shape', output_hook=hook, timeout=60)",
      "km.shutdown_kernel()",
      "print(reply['content']['status'], shown)",
    ].join("\n");
    const ran = await run(python, ["-c", script], {
      cwd: folder,
      env: { ...env, JUPYTER_PATH: path.join(jupyter, "share", "jupyter") },
    });
    expect(ran.stdout.trim(), ran.stderr).toBe("ok ['[ 2, 1 ]']");
  }, 120_000);

  test("has types that ask a program for no others than those of Node", async () => {
    const program = path.join(folder, "program");
    const installed = path.join(prefix, "lib", "node_modules", "outgrow");
    mkdirSync(path.join(program, "node_modules"), { recursive: true });
    symlinkSync(installed, path.join(program, "node_modules", "outgrow"));
    symlinkSync(path.join(installed, "node_modules", "@types"), path.join(program, "node_modules", "@types"));
    writeFileSync(path.join(program, "package.json"), '{ "type": "module" }');
    writeFileSync(
      path.join(program, "main.ts"),
      'import { chunked } from "outgrow";\nimport * as scan from "outgrow/scan";\nexport const used = [chunked, scan];\n',
    );
    const lib = ["--lib", "es2023,esnext.disposable", "--types", "node", "--skipLibCheck", "false"];
    const how = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", ...lib];
    const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
    const checked = await run(process.execPath, [tsc, ...how, "main.ts"], { cwd: program });
    expect(checked.stdout).toBe("");
    expect(checked.code, checked.stderr).toBe(0);
  }, 120_000);

  test("says its version and its commands", async () => {
    const outgrow = path.join(prefix, "bin", "outgrow");
    const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    expect((await run(outgrow, ["--version"], { env })).stdout.trim()).toBe(version);
    expect(await run(outgrow, ["install", "--help"], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("outgrow uninstall"),
    });
    const wrong = await run(outgrow, ["prfile"], { env });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("outgrow profile SOURCE");
  });
});

function npm(args: readonly string[]): ReturnType<typeof run> {
  const cli = process.env.npm_execpath;
  return cli ? run(process.execPath, [cli, ...args], { env: process.env }) : run("npm", args, { env: process.env });
}
