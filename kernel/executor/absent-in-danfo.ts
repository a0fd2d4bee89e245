/** What Danfo exports under names that nobody takes for another thing. */
const EXPORTS: ReadonlySet<string> = new Set([
  "LabelEncoder",
  "MinMaxScaler",
  "OneHotEncoder",
  "Series",
  "StandardScaler",
  "concat",
  "dateRange",
  "getDummies",
  "merge",
  "readCSV",
  "readExcel",
  "readJSON",
  "toCSV",
  "toDateTime",
  "toExcel",
  "toJSON",
]);

/** Where a name of Danfo's is, for who looks for it elsewhere. */
export function danfoExport(name: string): string | undefined {
  return EXPORTS.has(name) ? `it is Danfo's: import { ${name} } from "danfojs-node"` : undefined;
}

const PIVOT =
  "Danfo has no pivot: group by both keys and read the groups in a loop, or on Spark groupBy(a).pivot(b).sum(c)";
const DEDUPLICATE =
  "frames of Danfo's have no dropDuplicates, only series: one row for each key is %chunked NAME --by KEY --agg COLUMN:last --order WHEN";

/** Methods of pandas' frames that Danfo has nothing for, and what does the same here. */
const METHODS: ReadonlyMap<string, string> = new Map([
  [
    "rolling",
    "Danfo has no rolling windows: go through column(…).values, or on Spark F.avg(c).over(Window.orderBy(t).rowsBetween(-2, 0))",
  ],
  ["pivot", PIVOT],
  ["pivotTable", PIVOT],
  ["pivot_table", PIVOT],
  ["dropDuplicates", DEDUPLICATE],
  ["drop_duplicates", DEDUPLICATE],
]);

/** What to do in place of a method that is not there. */
export function absentMethod(name: string): string | undefined {
  return METHODS.get(name);
}
