import { describe, expect, test } from "vitest";
import { ScanRefused } from "../../../src/scan/refused.ts";
import { Gathered } from "../../../src/scan/threads/gathered.ts";
import { gatheredIn, takerOf } from "../../../src/scan/threads/hand-on.ts";
import type { PieceFault } from "../../../src/scan/threads/scan-pieces.ts";

test("all that threads find comes to the first, and no thread takes more often than there are rounds", () => {
  for (let threads = 1; threads <= 40; threads++) {
    const rest = Array.from({ length: threads }, (_, thread) => thread).slice(1);
    expect(gatheredIn(0, threads)).toBe(threads);
    for (let thread = 0; thread < threads; thread++) {
      const givers = rest.filter((giver) => takerOf(giver) === thread);
      const given = givers.reduce((sum, giver) => sum + gatheredIn(giver, threads), 0);
      expect(gatheredIn(thread, threads)).toBe(1 + given);
      expect(givers.length).toBeLessThanOrEqual(Math.ceil(Math.log2(threads)));
    }
    for (const thread of rest) expect(takerOf(thread)).toBeLessThan(thread);
  }
});

describe("what a thread hands on", () => {
  const fault: PieceFault = { piece: 3, kind: "failure", failure: { name: "DataError", message: "changed" } };
  /** A work of parts that are texts, the longest of which have no room. */
  const work = (own: string) => {
    let all = own;
    return {
      *parts() {
        for (const value of all) yield { value, buffers: [] };
      },
      merge(part: unknown) {
        if (String(part).length > 3) throw new ScanRefused("memory", "the groups");
        all += part;
      },
      result: () => ({ value: all, buffers: [] }),
    };
  };
  const handedOn = (gathered: Gathered, isWanted = () => true) => {
    const said: unknown[] = [];
    return [gathered.handOn(({ value }) => said.push(value), isWanted), said.join("")] as const;
  };

  test("is what it found and was given, as long as somebody wants it", () => {
    const gathered = new Gathered(work("a"), undefined);
    gathered.take("bc");
    gathered.end([{ faults: [], failure: undefined }]);
    expect(handedOn(gathered)).toEqual([{ faults: [], failure: undefined }, "abc"]);
    expect(handedOn(gathered, () => false)[1]).toBe("");
    expect(gathered.result().value).toBe("abc");
  });

  test("is nothing where a piece could not be read, by it or by one that gave to it", () => {
    expect(handedOn(new Gathered(work("a"), fault))).toEqual([{ faults: [fault], failure: undefined }, ""]);
    const gathered = new Gathered(work("a"), undefined);
    gathered.end([{ faults: [fault], failure: undefined }]);
    expect(handedOn(gathered)).toEqual([{ faults: [fault], failure: undefined }, ""]);
  });

  test("is why it had no room, which is an error only where all pieces fit together", () => {
    const helper = new Gathered(work("a"), undefined);
    helper.take("much");
    helper.take("b");
    const [last, said] = handedOn(helper);
    expect(said).toBe("");
    const first = new Gathered(work("c"), undefined);
    first.end([structuredClone(last)]);
    expect(first.faults).toEqual([]);
    expect(() => first.result()).toThrow(ScanRefused);
  });
});
