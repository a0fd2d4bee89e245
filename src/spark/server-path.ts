import path from "node:path";
import { nameText } from "./check.ts";
import type { SparkClient } from "./connect/client.ts";

/** A path as the server must read it: paths are those of its machine, and where that is this one a relative path starts at this folder. */
export async function serverPath(client: SparkClient, file: unknown): Promise<string> {
  return (await client.isLocal()) ? absolute(file, process.cwd()) : nameText(file, "the path");
}

/** The same within a plan, as a getter that is read when the plan is sent: only then a deferred session knows where its server is. */
export function laterServerPath(client: SparkClient, file: string, folder: string): string {
  return client.isLoopback ? absolute(file, folder) : file;
}

/** Java's own folder is another than this process's. */
function absolute(file: unknown, folder: string): string {
  const text = nameText(file, "the path");
  if (/^[a-z][a-z\d+.-]+:/i.test(text)) return text;
  return path.resolve(folder, text) + (text.length > 1 && text.endsWith("/") ? "/" : "");
}
