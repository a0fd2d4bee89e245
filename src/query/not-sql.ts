import { blankTexts } from "./check-sql.ts";

/**
 * How SQL writes what a refused condition has of JavaScript or Python; undefined where it has nothing of them. SQL that an engine takes is not asked about: `&&`
 * and `||` mean something there too, of lists and texts.
 *
 * @example
 * notSql("a > 1 && b > 2"); // "SQL writes AND for &&"
 */
export function notSql(sql: string): string | undefined {
  const bare = blankTexts(sql);
  const found = FOREIGN.map(([pattern, own]) => [pattern.exec(bare)?.[0], own] as const).filter(([word]) => word);
  return found.length === 0 ? undefined : `SQL writes ${found.map(([word, own]) => `${own} for ${word}`).join(", ")}`;
}

const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/&&/, "AND"],
  [/(?<!&)&(?!&)/, "AND"],
  [/\|\|/, "OR"],
  [/(?<!!)===/, "="],
  [/!==/, "<>"],
  [/!(?!=)/, "NOT"],
  [/\b(?:None|undefined|nil)\b/, "NULL"],
  [/\.(?:startswith|startsWith)\(/, "LIKE 'a%'"],
  [/\.(?:endswith|endsWith)\(/, "LIKE '%a'"],
  [/\.(?:includes|contains)\(/, "LIKE '%a%'"],
  [/\.isin\(/, "IN (1, 2)"],
  [/\.(?:isna|isnull|isNull)\(/, "IS NULL"],
  [/\.(?:notna|notnull|isNotNull)\(/, "IS NOT NULL"],
];
