import { cell, type Document, type PreviewCell } from "../frame/preview.ts";
import { countOf } from "../units.ts";
import type { SparkField } from "./schema.ts";

const LOOK = "No query has run. See rows with await df.show(), bring some here with await df.toDanfo(20).";

/** The columns of a query as a report; undefined columns are those that the server did not tell in time. */
export function schemaDocument(fields: readonly SparkField[] | undefined, label: string): Document {
  if (!fields)
    return {
      blocks: [{ kind: "text", text: `SparkDataFrame at ${label}: the server has not told its columns yet. ${LOOK}` }],
    };
  const rows = fields.map(({ name, type, nullable }): readonly PreviewCell[] => [
    cell(name),
    cell(type),
    cell(nullable ? "yes" : "no"),
  ]);
  const columns = [
    { name: "column", align: "left" },
    { name: "type", align: "left" },
    { name: "nullable", align: "left" },
  ] as const;
  const caption = `SparkDataFrame · ${countOf(fields.length, "column")} · ${label}`;
  return { blocks: [{ kind: "table", preview: { caption, columns, rows, rowHeader: true, notes: [LOOK] } }] };
}
