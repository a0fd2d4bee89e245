import { driftOf } from "./drift.ts";
import { isOneObjectALine, lineSpans, objectSpans, parseObject } from "./json-objects.ts";

/** Columns that are named in a note. */
const MOST = 5;

/**
 * How the keys at the starts of JSON files differ, and the kinds of their values, in words; undefined when they do not. What is missing at the
 * start of a file may come later in it, and the words say so.
 *
 * @param except keys that are no columns
 * @example
 * jsonDrift([{ file: "a.jsonl", head: '{"id":1}\n' }, { file: "b.jsonl", head: '{"id":"x"}\n' }]); // '… "id" is a number in a.jsonl and a text in b.jsonl'
 */
export function jsonDrift(
  files: readonly { readonly file: string; readonly head: string }[],
  except: ReadonlySet<string> = new Set(),
): string | undefined {
  const found = files
    .map(({ file, head }) => ({ file, kinds: kindsIn(head, except) }))
    .filter(({ kinds }) => kinds.size > 0);
  const names = driftOf(found.map(({ file, kinds }) => ({ file, names: [...kinds.keys()].sort() })));
  const odd = [...new Set(found.flatMap(({ kinds }) => [...kinds.keys()]))].flatMap((name) => oddKinds(name, found));
  const words = [...(names === undefined ? [] : [names]), ...odd.slice(0, MOST)];
  return words.length === 0 ? undefined : `at their starts ${words.join(", ")}`;
}

type Kinds = ReadonlyMap<string, ReadonlySet<string>>;

/** By key the kinds of its values; null is of none. */
function kindsIn(head: string, except: ReadonlySet<string>): Kinds {
  const kinds = new Map<string, Set<string>>();
  const text = head.replace(/^\ufeff/, "");
  const spans = isOneObjectALine(text) ? lineSpans(text, true, false) : [...objectSpans(text)];
  // A line without an end may be all that there is.
  const whole = spans.length > 0 ? spans : [[0, text.length] as const];
  for (const [from, to] of whole)
    for (const [name, value] of Object.entries(parseObject(text.slice(from, to)) ?? {})) {
      if (except.has(name)) continue;
      const known = kinds.get(name) ?? new Set();
      if (value !== null) known.add(kindOf(value));
      kinds.set(name, known);
    }
  return kinds;
}

function oddKinds(name: string, files: readonly { readonly file: string; readonly kinds: Kinds }[]): string[] {
  const having = files.filter(({ kinds }) => (kinds.get(name)?.size ?? 0) > 0);
  const [first] = having;
  const kind = first && [...(first.kinds.get(name) ?? [])][0];
  const other = having.find(({ kinds }) => !kinds.get(name)?.has(kind as string));
  if (!first || !other) return [];
  return [`"${name}" is ${kind} in ${first.file} and ${[...(other.kinds.get(name) ?? [])][0]} in ${other.file}`];
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return "a text";
  return typeof value === "boolean" ? "a truth value" : "a number";
}
