import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { installKernel, uninstallKernel } from "../../kernel/install.ts";

const prefix = mkdtempSync(path.join(tmpdir(), "outgrow-install-"));
afterAll(() => rmSync(prefix, { recursive: true, force: true }));

test("a kernel is taken away by the options that it was installed with, and one that is not there is told", () => {
  const options = { prefix, name: "mine", displayName: "Mine" };
  const folder = installKernel(options);
  expect(JSON.parse(readFileSync(path.join(folder, "kernel.json"), "utf8"))).toMatchObject({ display_name: "Mine" });
  expect(() => uninstallKernel({ prefix })).toThrow(expect.objectContaining({ code: "E_NO_KERNEL" }));
  expect(uninstallKernel(options)).toBe(folder);
  expect(readdirSync(path.dirname(folder))).toEqual([]);
  expect(() => uninstallKernel(options)).toThrow(`there is no kernel in ${folder}`);
});
