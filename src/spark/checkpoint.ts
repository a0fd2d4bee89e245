import { wrong } from "./check.ts";
import type { RelationInit, SparkClient } from "./connect/client.ts";
import { type StorageLevelName, storageLevel } from "./storage-level.ts";

export interface CheckpointOptions {
  /** At once, or with the first use of the frame: at once unless said otherwise. */
  readonly eager?: boolean | undefined;
  readonly storageLevel?: StorageLevelName | undefined;
}

/** Frees what the server keeps of a checkpoint when no plan of this process refers to it any more. */
const forgotten = new FinalizationRegistry<{ readonly client: SparkClient; readonly relationId: string }>(
  ({ client, relationId }) => {
    if (client.isClosed) return;
    const value = { relation: { relationId } };
    client.command({ commandType: { case: "removeCachedRemoteRelationCommand", value } }).catch(() => undefined);
  },
);

/** Computes a frame, and gives a relation that reads what was computed instead of doing it again. */
export async function checkpoint(
  client: SparkClient,
  relation: RelationInit,
  local: boolean,
  { eager = true, storageLevel: level }: CheckpointOptions,
): Promise<RelationInit> {
  const value = { relation, local, eager, ...(level && { storageLevel: storageLevel(level) }) };
  const done = await client.command({ commandType: { case: "checkpointCommand", value } }, { operation: "checkpoint" });
  if (done?.relType?.case !== "cachedRemoteRelation") throw wrong("the server made no checkpoint", "use persist()");
  const { relationId = "" } = done.relType.value;
  forgotten.register(done.relType.value, { client, relationId });
  return done;
}
