import type { TextHint } from "./text-hints.ts";

/** What servers answer is mostly one object, in which a list holds the rows: `objects` are those of a JSON file. */
export function wrappedRows(label: string, objects: readonly Readonly<Record<string, unknown>>[]): TextHint[] {
  const [only = {}] = objects;
  const lists = Object.entries(only).filter(([key, value]) => !key.includes("'") && isListOfObjects(value));
  const [longest] = lists.sort(([, a], [, b]) => (b as unknown[]).length - (a as unknown[]).length);
  if (objects.length !== 1 || longest === undefined) return [];
  const key = JSON.stringify(longest[0]);
  const words = `the file is one object, and the list in ${key} may be the table: !jq -c '.[${key}][]' "${label}" > table.jsonl makes a file of its rows`;
  return [{ words }];
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "object" && item !== null);
}
