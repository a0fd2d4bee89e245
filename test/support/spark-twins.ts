import { frameFromArrow } from "../../src/frame/frame.ts";
import type { SparkDataFrame } from "../../src/spark/dataframe.ts";
import { pyspark } from "./pyspark.ts";

/** One call in TypeScript and the same in Python. */
export interface Twin {
  readonly ours: () => SparkDataFrame;
  /** An expression of Python that is a frame. */
  readonly theirs: string;
  /** The order of the rows is part of the answer. */
  readonly ordered?: boolean;
}

export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * What PySpark answers to each twin, in one run on the server of the tests.
 *
 * @param setup statements of Python before the first twin
 */
export async function pysparkAnswers(
  twins: Readonly<Record<string, Twin>>,
  setup: string,
): Promise<Record<string, Answer>> {
  const frames = Object.entries(twins).map(([name, { theirs }]) => `    ${JSON.stringify(name)}: lambda: ${theirs},`);
  const script = `
${setup}
frames = {
${frames.join("\n")}
}
result = {}
for name, make in frames.items():
    try:
        frame = make()
        result[name] = {"columns": frame.columns, "rows": [list(row) for row in frame.collect()]}
    except Exception as error:
        result[name] = {"error": str(error)[:500]}
`;
  return (await pyspark(script)) as Record<string, Answer>;
}

/** What we answer to a twin, in the form of PySpark's answers. */
export async function ourAnswer({ ours }: Twin): Promise<Answer> {
  const table = await ours().toArrow();
  const rows = frameFromArrow(table).values as unknown[][];
  return { columns: table.schema.fields.map(({ name }) => name), rows: rows.map((row) => row.map(asPython)) };
}

/** The answer with its rows in a fixed order, unless their order counts. */
export function inOrder({ columns, rows }: Answer, ordered = false): Answer {
  if (ordered) return { columns, rows };
  return { columns, rows: [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
}

/** A value as PySpark answers it: structs are rows, which are lists. */
export function asPython(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asPython);
  if (value instanceof Date) return value;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.values(value).map(asPython);
  return value;
}
