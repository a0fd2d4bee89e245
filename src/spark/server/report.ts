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

/** `2, each with 1 core and 1.00 GiB`. */
function executorsText(executors: SparkServerStatus["executors"]): string {
  if (!executors) return "not known: Spark Connect does not tell";
  const [first] = executors;
  if (!first) return "none yet";
  const kinds = new Set(executors.map(({ cores, memory }) => withCores(cores, memory)));
  if (first.id === "driver") return `the driver itself, ${withCores(first.cores, undefined)}`;
  return kinds.size === 1
    ? `${executors.length}, each with ${[...kinds]}`
    : `${executors.length}: ${[...kinds].join("; ")}`;
}

function withCores(cores: number, memory: number | undefined): string {
  return `${cores} ${cores === 1 ? "core" : "cores"}${memory === undefined ? "" : ` and ${formatBytes(memory)}`}`;
}

function rowsOf(server: SparkServerStatus): readonly (readonly [string, string])[] {
  const { residentBytes, leases, idleSeconds } = server;
  return [
    ["address", server.address ?? "not yet"],
    ["master", server.master],
    ["executors", executorsText(server.executors)],
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
