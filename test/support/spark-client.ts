import { type RelationInit, SparkClient } from "../../src/spark/connect/client.ts";
import { Connection } from "../../src/spark/connect/connection.ts";

/** A client of a server, below the API. */
export async function openClient(...args: Parameters<typeof Connection.open>): Promise<SparkClient> {
  return new SparkClient(await Connection.open(...args));
}

/** The plan of a text of SQL. */
export function sqlPlan(query: string): RelationInit {
  return { relType: { case: "sql", value: { query } } };
}
