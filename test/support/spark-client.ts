import { SparkConnectService } from "#spark-proto/base";
import { type RelationInit, SparkClient } from "../../src/spark/connect/client.ts";
import { Connection } from "../../src/spark/connect/connection.ts";
import { clientOf, type SparkSession } from "../../src/spark/session.ts";

/** A client of a server, below the API. */
export async function openClient(...args: Parameters<typeof Connection.open>): Promise<SparkClient> {
  return new SparkClient(await Connection.open(...args));
}

/** The plan of a text of SQL. */
export function sqlPlan(query: string): RelationInit {
  return { relType: { case: "sql", value: { query } } };
}

/** Has its server give a session up, as one that was idle for an hour. */
export async function giveUp(session: SparkSession): Promise<void> {
  const { channel, head } = (await clientOf(session).connection()).session;
  const { clientObservedServerSideSessionId: _, ...release } = head;
  await channel.unary(SparkConnectService.method.releaseSession, release);
}
