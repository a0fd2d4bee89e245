import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** Whether a program has loaded the transport at its end: nothing else loads Node's HTTP/2. */
function hasTransport(program: string): boolean {
  const script = `const outgrow = await import("./dist/src/index.js");
    ${program}
    console.log(process.moduleLoadList.includes("NativeModule http2"));`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
  });
  return printed.trim() === "true";
}

test("the library loads no transport until a session is opened", () => {
  expect(hasTransport("")).toBe(false);
  expect(hasTransport('await outgrow.SparkSession.connect("sc://127.0.0.1:1").catch(() => 0);')).toBe(true);
});
