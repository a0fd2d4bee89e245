import { UsageError } from "../../src/errors.ts";
import { withProgress } from "../display/progress.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicContext, MagicDefinition, OptionValues } from "./magic.ts";
import { COMMON } from "./options.ts";
import { settingsOf } from "./spark-settings.ts";

const ACTIONS = ["install", "start", "connect", "status", "stop"] as const;

const options = {
  master: { kind: "text", value: "URL", summary: "local[4], local-cluster[2,1,1024] or spark://…; default all cores" },
  "driver-memory": {
    kind: "bytes",
    value: "BYTES",
    min: 2 ** 29,
    summary: "Java's heap: 4g; default a quarter of the memory",
  },
  conf: { kind: "list", value: "KEY=VALUE,…", repeats: true, summary: "settings of Spark, several times if need be" },
  ui: { kind: "flag", summary: "Spark's own pages, on this machine only and without a password" },
  idle: {
    kind: "count",
    value: "SECONDS",
    default: 300,
    min: 0,
    max: 604_800,
    summary: "how long it lives on when no kernel uses it",
  },
  timeout: {
    kind: "count",
    value: "SECONDS",
    min: 1,
    max: 604_800,
    summary: "start: how long Java may say nothing while it starts or fetches packages; default 300",
  },
  "token-env": { kind: "text", value: "NAME", summary: "connect: the environment variable that holds the token" },
  ca: { kind: "text", value: "FILE", summary: "connect: certificates (PEM) to trust beside those of the system" },
  force: COMMON.force,
} as const;

/** Options of one action alone. */
const BELONGS = {
  master: "start",
  "driver-memory": "start",
  conf: "start",
  ui: "start",
  timeout: "start",
  "token-env": "connect",
  ca: "connect",
} as const satisfies Partial<Record<keyof typeof options, (typeof ACTIONS)[number]>>;

export const spark: MagicDefinition = {
  name: "spark",
  forms: ["%"],
  summary: "Spark for this notebook: fetch, start, connect, stop",
  args: [
    {
      name: "ACTION",
      required: true,
      choices: ACTIONS,
      summary: "fetch Spark, start a local server, connect to another, status, stop",
    },
    {
      name: "ADDRESS",
      required: false,
      summary: "of connect: sc://host:port, with ;use_ssl=true for TLS without a token",
    },
  ],
  options,
  examples: [
    "%spark install",
    "%spark start --driver-memory 4g",
    "%spark connect sc://spark.example.com:443 --token-env SPARK_TOKEN",
    "%spark status",
    "%spark stop",
  ],
  standsFor: 'startSpark({ master: "local[4]" })',
  body: "none",
  async run(invocation, context) {
    const given = optionsOf(options, invocation);
    const { ACTION: action, ADDRESS: address } = invocation.args;
    checkPlace(String(action), address, given);
    switch (action) {
      case "connect":
        return connect(String(address), given["token-env"], given.ca, context);
      case "install":
        return install(context);
      case "start":
        return start(given, context);
      case "stop":
        return stop(given.force ?? false, context);
      default:
        return status(context);
    }
  },
};

function checkPlace(action: string, address: unknown, given: OptionValues<typeof options>): void {
  for (const [name, owner] of Object.entries(BELONGS))
    if (given[name as keyof typeof BELONGS] !== undefined && action !== owner)
      throw new UsageError("E_BAD_USE", `%spark ${action} takes no "--${name}"`, {
        hint: `it is an option of %spark ${owner}`,
      });
  if (action === "connect" && address === undefined)
    throw new UsageError("E_MISSING_ARGUMENT", "%spark connect needs the ADDRESS of a server", {
      hint: "as in %spark connect sc://localhost:15002",
    });
  if (action !== "connect" && address !== undefined)
    throw new UsageError("E_BAD_USE", `%spark ${action} takes no address`, { hint: "%spark connect does" });
}

/** The token is read where it is needed and goes into the headers of calls, nowhere else. */
async function connect(
  address: string,
  tokenEnv: string | undefined,
  ca: string | undefined,
  context: MagicContext,
): Promise<undefined> {
  const [{ SparkSession }, { setActiveSession }] = await Promise.all([
    import("../../src/spark/session.ts"),
    import("../../src/spark/active.ts"),
  ]);
  const token = tokenEnv === undefined ? undefined : tokenFrom(tokenEnv);
  const session = await withProgress(
    context.progress(),
    (onProgress) => {
      onProgress({ operation: "Spark", note: "connecting" });
      return SparkSession.connect(address, { token, ca, signal: context.signal });
    },
    () => "connected",
  );
  setActiveSession(session);
  context.print(`Spark ${await session.version} at ${session.label} is the session of this notebook.\n`);
  return undefined;
}

function tokenFrom(name: string): string {
  const token = process.env[name];
  if (token) return token;
  throw new UsageError("E_NO_TOKEN", `the environment variable "${name}" ${token === "" ? "is empty" : "is not set"}`, {
    hint: "set it where Jupyter is started; set in a cell it would be saved with the notebook",
  });
}

async function install(context: MagicContext): Promise<unknown> {
  const { installSpark } = await library();
  const installed = await withProgress(
    context.progress(),
    (onProgress) => installSpark({ signal: context.signal, onProgress }),
    ({ fetched }) => `fetched ${fetched.join(" and ") || "nothing: all was there"}`,
  );
  const { archive = "none could be made, so starts take some seconds longer" } = installed;
  context.print(`Spark: ${installed.spark}\nJava: ${installed.java}\nClass-data archive: ${archive}\n`);
  return installed;
}

async function start(given: OptionValues<typeof options>, context: MagicContext): Promise<undefined> {
  const { startSpark } = await library();
  await withProgress(
    context.progress(),
    (onProgress) =>
      startSpark({
        master: given.master,
        driverMemory: given["driver-memory"],
        conf: given.conf && settingsOf(given.conf),
        ui: given.ui,
        idleSeconds: given.idle,
        startSeconds: given.timeout,
        signal: context.signal,
        onProgress,
      }),
    ({ endpoint }) => `Spark ${endpoint.version} is ready`,
  );
  await status(context);
  return undefined;
}

async function stop(force: boolean, context: MagicContext): Promise<undefined> {
  const [{ sparkStatus, stopSpark }, { activeSession }] = await Promise.all([
    library(),
    import("../../src/spark/active.ts"),
  ]);
  const session = activeSession();
  const isOurs = (await sparkStatus()).some(({ address }) => address !== undefined && address === session?.label);
  const stopped = await stopSpark({ force });
  // Its next question would look for the server that is gone; now `spark` is a new one, which starts Spark again.
  if (isOurs) await session?.stop();
  context.print(stopped === 0 ? "No local Spark server was running.\n" : "Spark is stopped.\n");
  return undefined;
}

async function status(context: MagicContext): Promise<unknown> {
  const [{ sparkStatus, sparkStatusDocument }, { activeSession }] = await Promise.all([
    library(),
    import("../../src/spark/active.ts"),
  ]);
  const servers = await sparkStatus();
  const session = activeSession();
  const where =
    session?.label === undefined
      ? "This notebook has no session yet."
      : session.isLost
        ? `The session of this notebook at ${session.label} is lost; the next cell for Spark gets another.`
        : `The session of this notebook is at ${session.label}.`;
  const { blocks } = sparkStatusDocument(servers);
  context.show({ blocks: [{ kind: "text", text: where }, ...blocks] });
  return servers;
}

function library(): Promise<typeof import("../../src/spark/server/server.ts")> {
  return import("../../src/spark/server/server.ts");
}
