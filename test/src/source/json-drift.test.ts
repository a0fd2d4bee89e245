import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { jsonDrift } from "../../../src/source/json-drift.ts";
import { resolveSource } from "../../../src/source/resolve.ts";

const drift = (...heads: string[]) => jsonDrift(heads.map((head, i) => ({ file: `${"abc"[i]}.jsonl`, head })));

test("keys that some files begin without, and kinds that differ, are told by file", () => {
  expect(drift('{"id":1}\n{"id":2,"town":"x"}\n', '{"id":1}\n')).toBe('at their starts "town" is in a.jsonl alone');
  expect(drift('{"id":1}\n', '{"id":"x"}\n', '{"id":2}\n')).toBe(
    'at their starts "id" is a number in a.jsonl and a text in b.jsonl',
  );
  expect(drift('{"id":[1]}\n', '{"id":{"a":1},"b":true}\n')).toBe(
    'at their starts "b" is in b.jsonl alone, "id" is a list in a.jsonl and an object in b.jsonl',
  );
});

test("the order of keys, nulls, blank lines, a line that is cut off and files without objects are no difference", () => {
  expect(drift('{"a":1,"b":2}\n', '\uFEFF{"b":1,"a":2}\n\n{"c":')).toBeUndefined();
  expect(drift('{"a":null}\n{"a":1}\n', '{"a":null}')).toBeUndefined();
  expect(drift('{"a":1}\n', "", "no JSON")).toBeUndefined();
});

test("arrays are looked at, too", () => {
  expect(drift('[\n {"a": 1, "t": "}{"},\n {"a": 2, "t": ""}]', '[{"a":1}]')).toBe(
    'at their starts "t" is in a.jsonl alone',
  );
});

test("the more files there are, the less of each is compared", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "outgrow-drift-"));
  try {
    const lines = '{"a":1,"b":"words of a line"}\n'.repeat(1800);
    for (let i = 0; i < 300; i++)
      writeFileSync(path.join(folder, `${100 + i}.jsonl`), i === 99 ? `${lines}{"c":1}\n` : lines);
    const driftOf = async (pattern: string) => (await resolveSource(pattern, { cwd: folder })).drift;
    expect(await driftOf("19?.jsonl")).toBe('at their starts "c" is in 199.jsonl alone');
    expect(await driftOf("*.jsonl")).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
