import { cell, type Document } from "../../frame/preview.ts";
import { formatBytes } from "../../units.ts";
import type { SparkConfig } from "./types.ts";

/** Settings as people read them: value, class, formula with its numbers, reason. */
export function sparkConfigDocument({ settings, inputs, notes }: SparkConfig): Document {
  const cluster = inputs.master.startsWith("local") ? "this machine" : `${inputs.nodes} machines`;
  const data = inputs.dataBytes === undefined ? "" : ` for ${formatBytes(inputs.dataBytes)} of data`;
  return {
    blocks: [
      {
        kind: "table",
        preview: {
          caption: `Spark settings${data}: ${cluster}, ${inputs.cores} cores and ${formatBytes(inputs.memory)} each, workload ${inputs.workload}`,
          rowHeader: true,
          columns: [
            { name: "setting", align: "left" },
            { name: "value", align: "left" },
            { name: "when", align: "left" },
            { name: "formula", align: "left" },
            { name: "reason", align: "left" },
          ],
          rows: settings.map(({ key, value, class: kind, formula, reason }) => [
            cell(key),
            cell(value),
            cell(kind),
            cell(formula),
            cell(reason),
          ]),
          notes: [
            ...notes,
            "launch: on the command that starts the JVM; static: before the session starts; runtime: at any time.",
          ],
        },
      },
    ],
  };
}
