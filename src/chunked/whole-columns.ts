import { arrowBytes, WholeSizes } from "../profile/bytes.ts";
import type { ColumnFacts } from "../profile/facts.ts";
import type { WholeBytes } from "./run.ts";

/** What is known of a column as a whole without a look at its values. */
export interface WholeColumn {
  readonly name: string;
  readonly type: string;
  readonly nulls: number;
  readonly textBytes: number;
  /** Of a dictionary. */
  readonly words?: number;
}

/** What loading so many rows takes, of which this is known. */
export function predictionOf(columns: readonly WholeColumn[], rows: number) {
  const facts = columns.map((column) => factsOf(column, rows));
  return { rows, bytes: () => wholeBytes(facts, rows, 0) };
}

/** What loading columns as a whole takes, under the types that they have. */
export function wholeBytes(facts: readonly ColumnFacts[], rows: number, fileBytes: number): WholeBytes {
  const sizes = new WholeSizes();
  for (const column of facts) sizes.add(column, column.type);
  const { danfo, pandas2, pandas3 } = sizes.of(rows, fileBytes);
  return { danfo, pandas2, pandas3 };
}

function factsOf({ name, type, nulls, textBytes, words = 0 }: WholeColumn, rows: number): ColumnFacts {
  const facts: ColumnFacts = {
    name,
    type,
    rows,
    nulls: Math.round(nulls),
    distinct: words,
    distinctExact: words > 0,
    min: null,
    max: null,
    text: { bytes: textBytes, chars: textBytes, wide: 0, longest: 0 },
  };
  return { ...facts, arrowBytes: arrowBytes(facts, type) };
}
