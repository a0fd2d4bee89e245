import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Executor } from "../../../kernel/supervisor/executor.ts";
import { Supervisor } from "../../../kernel/supervisor/supervisor.ts";
import { readConnection } from "../../../kernel/wire/connection.ts";
import { Client, makeConnection, writeConnection } from "../../jupyter/client.ts";

export interface Rig {
  readonly client: Client;
  readonly supervisor: Supervisor;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A supervisor in this process, with the executor that obeys orders instead of running cells. */
export async function startRig(executor = "fake-executor.mjs"): Promise<Rig> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-rig-"));
  process.env.OUTGROW_DATA_DIR = path.join(folder, "data");
  const fields = await makeConnection();
  let onEnd = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  const supervisor = new Supervisor({
    connection: readConnection(writeConnection(folder, fields)),
    executor: new Executor(fileURLToPath(new URL(executor, import.meta.url))),
    onEnd,
  });
  const client = new Client(fields);
  await supervisor.start();
  await client.ready();
  const stop = async (): Promise<void> => {
    client.close();
    await supervisor.end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { client, supervisor, ended, stop };
}
