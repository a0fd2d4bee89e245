import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installKernel } from "../../kernel/install.ts";
import { jupyterEnvironment, python, root, run } from "../support/python.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-jkt-"));

beforeAll(() => {
  installKernel({ prefix: folder });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("Jupyter's own kernel tests pass, all of them", async () => {
  const { code, stdout, stderr } = await runWithKernel("kernel_test.py");
  expect(stdout, stderr).toContain("ran 13, skipped 0, failed 0");
  expect(code).toBe(0);
});

test("Jupyter's manager encrypts the transport, and a client without the keys is turned away", async () => {
  const { stdout, stderr } = await runWithKernel("encrypted.py");
  const answers = { status: "ok", texts: ["in secret\n"], beats: true, mechanism: true, turnedAway: true };
  expect(JSON.parse(stdout), stderr).toEqual(answers);
});

/** A script beside this file, with the kernel registered for it alone. */
async function runWithKernel(script: string): ReturnType<typeof run> {
  const env = {
    ...(await jupyterEnvironment()),
    JUPYTER_PATH: path.join(folder, "share", "jupyter"),
    OUTGROW_DATA_DIR: path.join(folder, "data"),
  };
  return run(python, [path.join(root, "test", "jupyter", script)], { env });
}
