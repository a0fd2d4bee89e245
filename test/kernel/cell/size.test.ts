import { describe, expect, test } from "vitest";
import { Session } from "./session.ts";

describe("large cells", () => {
  test("a literal of 200,000 numbers", async () => {
    const session = new Session();
    await session.run(`const big = [${Array.from({ length: 200_000 }, (_, i) => i * 1.5).join(",")}]`);
    expect(await session.run("[big.length, big[199_999]]")).toEqual([200_000, 299_998.5]);
  });

  test("a sum of 5,000 terms, a chain of 500 calls, 1,000 brackets", async () => {
    const session = new Session();
    await session.run("let one = 1");
    expect(await session.run(Array(5000).fill("one").join(" + "))).toBe(5000);
    expect(await session.run(`[1]${".concat(one)".repeat(500)}.length`)).toBe(501);
    expect(await session.run(`${"(".repeat(1000)}one${")".repeat(1000)}`)).toBe(1);
  });
});
