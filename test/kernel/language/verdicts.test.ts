import { expect, test } from "vitest";
import { type Stands, Verdicts } from "../../../kernel/language/verdicts.ts";

const standing = (id: string, text: string, ...declares: readonly string[]): Stands => ({
  id,
  source: text,
  text,
  declares: new Map(declares.map((name) => [name, name])),
});

/** Whether a cell that was checked may be left out, when these stand. */
function meansNothing(source: string, ...others: readonly Stands[]): boolean {
  const verdicts = new Verdicts();
  verdicts.remember("own", { source, text: source, edits: [] }, others, []);
  return verdicts.meansNothing("own", source, others);
}

test("a cell that mentions nothing of the session's means nothing to others", () => {
  expect(meansNothing("[1, 2].map((each) => each * 2)", standing("a", "const rows = []", "rows"))).toBe(true);
});

test.each([
  ["mentions what another declares", "rows.push(1)", standing("a", "const rows = []", "rows")],
  ["mentions what may be declared", "each", { ...standing("a", "each"), declares: undefined }],
  ["declares for all", "declare global { interface Array<T> { own: T } }", standing("a", "const rows = []", "rows")],
  ["imports", "import 'augments'", standing("a", "const rows = []", "rows")],
  ["stands in another text", "1 + f()", standing("own", "const rows = []", "rows")],
])("a cell may mean something that %s", (_, source, other) => expect(meansNothing(source, other)).toBe(false));

test("one that was not checked may mean anything", () => {
  expect(new Verdicts().meansNothing("own", "1", [])).toBe(false);
});

test("a name is found beside a word of twenty million characters, and such a word is one name", () => {
  const long = "日".repeat(20_000_000);
  expect(meansNothing("rows", standing("a", `const rows = "${long}"`, "rows"))).toBe(false);
  expect(meansNothing("other", standing("a", `const rows = "${long}"`, "rows"))).toBe(true);
  const name = "n".repeat(5000);
  expect(meansNothing(name, standing("a", `const ${name} = 1`, name))).toBe(false);
});
