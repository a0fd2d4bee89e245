import { readFileSync } from "node:fs";

const lines = readFileSync(new URL("../../docs/pyspark.md", import.meta.url), "utf8").split("\n");

/** The rows of the table below a heading of docs/pyspark.md, without the signs of code; none where there is no such heading. */
export function guideRows(heading: string): string[][] {
  const start = lines.findIndex((line) => /^##/.test(line) && line.replace(/^#+ /, "") === heading);
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith("##"));
  const [, , ...rows] = rest.slice(0, end < 0 ? undefined : end).filter((line) => line.startsWith("|"));
  return rows.map((row) => row.split(" | ").map((cell) => cell.replace(/^\| | \|$|`/g, "")));
}

/** What the guide says is left out of a class or module of PySpark's. */
export function leftOut(heading: string): string[] {
  return guideRows(heading).map(([name = ""]) => name);
}
