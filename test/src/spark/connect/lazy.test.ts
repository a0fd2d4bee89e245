import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** The transport's modules that a program has loaded at its end. */
function transportOf(program: string): string[] {
  const script = `import { createRequire } from "node:module";
    const outgrow = await import("./dist/src/index.js");
    ${program}
    console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
  });
  return (JSON.parse(printed) as string[]).filter((name) => name.includes("@grpc"));
}

test("the library loads no transport until a session is opened", () => {
  expect(transportOf("")).toEqual([]);
  expect(transportOf('await outgrow.SparkSession.connect("sc://127.0.0.1:1").catch(() => 0);')).not.toEqual([]);
});
