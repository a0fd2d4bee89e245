import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { create, toBinary } from "@bufbuild/protobuf";
import { SparkConnectService } from "#spark-proto/base";
import { LocalRelationSchema, type RelationSchema } from "#spark-proto/relations";
import { arrow, type Table } from "../../frame/arrow.ts";
import { arrowOf, type DataFrame } from "../../frame/frame.ts";
import type { ConnectSession } from "./session.ts";
import { sparkTable } from "./spark-table.ts";

export type RelationInit = MessageInitShape<typeof RelationSchema>;

const { method } = SparkConnectService;
/** Above this a frame is sent once and named by its hash, so that each use of it does not send it again. */
const INLINE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** A frame of this process as a relation of Spark's. */
export async function localRelation(
  session: ConnectSession,
  frame: DataFrame | Table,
  signal?: AbortSignal,
): Promise<RelationInit> {
  const data = arrow().tableToIPC(sparkTable(arrowOf(frame)), "stream");
  if (data.byteLength <= INLINE_BYTES) return { relType: { case: "localRelation", value: { data } } };
  const bytes = toBinary(LocalRelationSchema, create(LocalRelationSchema, { data }));
  const hash = createHash("sha256").update(bytes).digest("hex");
  await session.upload(method.addArtifacts, () => chunksOf(`cache/${hash}`, bytes), { signal });
  return { relType: { case: "cachedLocalRelation", value: { hash } } };
}

function* chunksOf(name: string, bytes: Uint8Array) {
  const numChunks = Math.ceil(bytes.byteLength / CHUNK_BYTES);
  for (let i = 0; i < numChunks; i++) {
    const data = bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
    const chunk = { data, crc: BigInt(crc32(data)) };
    if (i > 0) yield { payload: { case: "chunk" as const, value: chunk } };
    else {
      const value = { name, totalBytes: BigInt(bytes.byteLength), numChunks: BigInt(numChunks), initialChunk: chunk };
      yield { payload: { case: "beginChunk" as const, value } };
    }
  }
}
