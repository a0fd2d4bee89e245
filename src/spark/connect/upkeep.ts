import { setTimeout as wait } from "node:timers/promises";
import { ConnectionError, OutgrowError } from "../../errors.ts";
import { execute } from "./operation.ts";
import { ConnectSession } from "./session.ts";

// What the keeper of a server asks of it. It sees no results, so it loads the transport without Arrow.

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

interface UpkeepOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The first of each takes a new server seconds: it loads classes, compiles, and starts its executors. */
const FIRST_QUERY = "SELECT 1";
const FIRST_SHUFFLE = "SELECT id % 7 AS key, count(*) FROM range(0, 1000, 1, 4) GROUP BY 1 ORDER BY 1";
/** On Spark's own pages it tells these jobs from people's. */
const TAG = "outgrow-warm-up";
const AGAIN_MS = 100;

/**
 * Resolves when a server that has said its port really answers and has run its first query.
 *
 * @throws {OutgrowError} when it does not answer, refuses the token, or is too old
 */
export async function warmUp(
  server: ServerAddress,
  onStep: (operation: string) => void,
  options: UpkeepOptions = {},
): Promise<void> {
  onStep("waiting for its first answer");
  await inSession(server, options, (session) => {
    onStep("running a first query");
    return run(session, FIRST_QUERY, options);
  });
}

/** What a server has yet to learn after its first query: the way of rows between tasks. Others may use it meanwhile. */
export async function warmShuffle(server: ServerAddress, options: UpkeepOptions = {}): Promise<void> {
  await inSession(server, options, (session) => run(session, FIRST_SHUFFLE, options));
}

/**
 * Ends what sessions of others run, and the sessions: a query whose client has died goes on for ever otherwise.
 *
 * @throws {OutgrowError} when the server does not answer
 */
export async function releaseSessions(
  server: ServerAddress,
  ids: readonly string[],
  options: UpkeepOptions = {},
): Promise<void> {
  await Promise.all(ids.map((id) => releaseSession(server, id, options)));
}

async function releaseSession(server: ServerAddress, id: string, { signal }: UpkeepOptions): Promise<void> {
  const address = `${addressOf(server)}/;session_id=${id}`;
  const session = await ConnectSession.open(address, { token: server.token, signal }).catch((error: unknown) => {
    // Its owner gave it up before it died.
    if (error instanceof OutgrowError && error.code === "E_SPARK_SESSION_LOST") return undefined;
    throw error;
  });
  if (!session) return;
  try {
    // An operation may arrive after the first interrupt, so one is not enough.
    while ((await session.interrupt("all")).length > 0) {
      if (signal?.aborted) throw new ConnectionError("E_SPARK_BUSY", "Spark did not stop the queries of a lost kernel");
      await wait(AGAIN_MS);
    }
  } finally {
    await session.close();
  }
}

async function inSession(
  server: ServerAddress,
  { signal }: UpkeepOptions,
  use: (session: ConnectSession) => Promise<void>,
): Promise<void> {
  const session = await ConnectSession.open(addressOf(server), { token: server.token, signal });
  try {
    await use(session);
  } finally {
    await session.close();
  }
}

async function run(session: ConnectSession, query: string, { signal }: UpkeepOptions): Promise<void> {
  const root = { relType: { case: "sql" as const, value: { query } } };
  for await (const _ of execute(session, { opType: { case: "root", value: root } }, { tags: [TAG], signal }));
}

function addressOf({ host, port }: ServerAddress): string {
  return `sc://${host}:${port}`;
}
