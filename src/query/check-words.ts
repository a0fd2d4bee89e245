import { UsageError } from "../errors.ts";
import type { QueryWords } from "./plan.ts";

const LISTS = {
  by: 'by: ["city", "year(day) AS year"]',
  agg: 'agg: ["amount:sum", "*:count"]',
  usecols: 'usecols: ["city", "amount"]',
  order: 'order: ["amount_sum:desc"]',
} as const;

/**
 * Refuses what is neither a text nor a list where one belongs: code that is not checked may give pandas' `{ amount: "sum" }`.
 *
 * @throws {UsageError} E_BAD_OPTION
 */
export function checkWords(words: QueryWords): void {
  for (const [name, example] of Object.entries(LISTS)) {
    const given: unknown = words[name as keyof typeof LISTS];
    if (given === undefined || typeof given === "string" || Array.isArray(given)) continue;
    throw new UsageError("E_BAD_OPTION", `${name} is neither a text nor a list`, { hint: `write ${example}` });
  }
}
