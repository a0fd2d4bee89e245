import type { ColumnTest } from "../../../src/scan/request.ts";
import type { Kind } from "../../../src/scan/table.ts";
import type { Value } from "./reference-values.ts";

/** Whether a value passes a test of its column; a null passes only the test for nulls. */
export function passes(test: ColumnTest, type: Kind, cell: Value | null): boolean {
  if (test.test === "null") return cell === null;
  if (cell === null) return false;
  switch (test.test) {
    case "not null":
      return true;
    case "in":
      return test.values.some((value) => order(cell, value, type) === 0);
    case "not in":
      return test.values.every((value) => order(cell, value, type) !== 0);
    case "=":
      return order(cell, test.value, type) === 0;
    case "!=":
      return order(cell, test.value, type) !== 0;
    case "<":
      return order(cell, test.value, type) < 0;
    case "<=":
      return order(cell, test.value, type) <= 0;
    case ">":
      return order(cell, test.value, type) > 0;
    case ">=":
      return order(cell, test.value, type) >= 0;
  }
}

type Given = Extract<ColumnTest, { readonly value: unknown }>["value"];

/** How a column's value stands to a given one: decimals and whole numbers exactly, not as doubles. */
function order(cell: Value, given: Given, { kind, ...type }: Kind): number {
  if (kind === "text") return Buffer.compare(Buffer.from(String(cell)), Buffer.from(String(given)));
  if (kind === "date") return difference(BigInt(cell as number) * 86_400_000n, BigInt(Number(given)));
  if (kind === "timestamp") return difference(cell as bigint, BigInt(Number(given)) * 1000n);
  if (kind === "bool") return Number(cell) - Number(given);
  if (kind === "double") return doubles(cell as number, Number(given));
  if (typeof given === "number" && !Number.isFinite(given)) return given === Number.NEGATIVE_INFINITY ? 1 : -1;
  const scale = "scale" in type ? type.scale : 0;
  const [top, places] = decimalOf(String(given));
  const shared = Math.max(scale, places);
  return difference((cell as bigint) * 10n ** BigInt(shared - scale), top * 10n ** BigInt(shared - places));
}

/** As people write it: 0.1 is a tenth. */
function decimalOf(text: string): [bigint, number] {
  const [mantissa = "", exponent = "0"] = text.split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places < 0 ? [digits * 10n ** BigInt(-places), 0] : [digits, places];
}

function difference(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function doubles(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
