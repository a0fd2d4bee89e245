import { cell, type Document } from "../../frame/preview.ts";
import { formatBytes, formatSeconds } from "../../units.ts";
import type { SparkServerStatus } from "./types.ts";

/** The servers as people read them, one table each. */
export function sparkStatusDocument(servers: readonly SparkServerStatus[]): Document {
  if (servers.length === 0)
    return { blocks: [{ kind: "text", text: "No local Spark server runs. %spark start starts one." }] };
  return {
    blocks: servers.map((server) => ({
      kind: "table",
      preview: {
        caption: `Spark ${server.version}, ${server.state}`,
        rowHeader: true,
        columns: [
          { name: "server", align: "left" },
          { name: "", align: "left" },
        ],
        rows: rowsOf(server).map((row) => row.map(cell)),
      },
    })),
  };
}

function rowsOf(server: SparkServerStatus): readonly (readonly [string, string])[] {
  const { residentBytes, leases, idleSeconds } = server;
  return [
    ["address", server.address ?? "not yet"],
    ["master", server.master],
    ["Java", `${server.java}, process ${server.pid ?? "none"}`],
    [
      "memory",
      `${formatBytes(server.driverMemory)} of heap${residentBytes === undefined ? "" : `, ${formatBytes(residentBytes)} resident`}`,
    ],
    ["up for", formatSeconds(server.uptimeSeconds)],
    ["used by", leases.length === 0 ? `nobody; stops after ${formatSeconds(idleSeconds)} of that` : leases.join(", ")],
    ["pages", server.ui ?? "off (--ui)"],
    ["log", server.log],
  ];
}
