import { expect, test } from "vitest";
import { jsonDrift } from "../../../src/source/json-drift.ts";

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
