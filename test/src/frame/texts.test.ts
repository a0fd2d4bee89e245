import * as Arrow from "apache-arrow";
import { Table, type Utf8, type Vector, vectorFromArray } from "apache-arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { columnOfVector } from "../../../src/frame/from-arrow.ts";
import { textsOf } from "../../../src/frame/texts.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 30 }),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.constantFrom("", "\uFEFFmark", "a\0b", "x".repeat(5_000)),
);
const texts = fc.array(fc.option(text), { maxLength: 20 });

test("texts are what was written, in chunks, parts of chunks and wide offsets, with nulls", () => {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 3 }), fc.nat(10), fc.boolean(), (chunks, from, isLarge) => {
      const type = isLarge ? new Arrow.LargeUtf8() : new Arrow.Utf8();
      const vectors = chunks.map((chunk) => vectorFromArray(chunk, type) as Vector<Utf8>);
      const [first, ...others] = vectors as [Vector<Utf8>, ...Vector<Utf8>[]];
      const part = first.concat(...others).slice(from) as Vector;
      expect(textsOf(part)).toEqual(chunks.flat().slice(from));
    }),
    { seed: 42, numRuns: 300 },
  );
});

test("a table that was sent and came back", () => {
  const values = ["a", null, "größer als dreizehn Zeichen", "ü", "", null, "plain text of more than thirteen letters"];
  const sent = Arrow.tableFromIPC(Arrow.tableToIPC(new Table({ a: vectorFromArray(values, new Arrow.Utf8()) })));
  expect(textsOf(sent.getChildAt(0) as Vector)).toEqual(values);
});

test("texts of a dictionary are those of a plain column, in one chunk and in more", () => {
  const values = ["\uFEFFmark", "mark", null, "größer", "\uFEFFmark"];
  const type = new Arrow.Dictionary(new Arrow.Utf8(), new Arrow.Int32());
  const vector = vectorFromArray(values, type) as Vector;
  expect(columnOfVector("a", type, vector).toArray()).toEqual(values);
  const twice = vector.concat(vectorFromArray(["other", ...values], type) as Vector);
  expect(columnOfVector("a", type, twice).toArray()).toEqual([...values, "other", ...values]);
});
