import { UsageError } from "../../src/errors.ts";
import { withProgress } from "../display/progress.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicContext, MagicDefinition, OptionValues } from "./magic.ts";
import { COMMON } from "./options.ts";

const ACTIONS = ["install", "start", "status", "stop"] as const;

const options = {
  master: { kind: "text", value: "URL", summary: "local[4], local-cluster[2,1,1024] or spark://…; default all cores" },
  "driver-memory": {
    kind: "bytes",
    value: "BYTES",
    min: 2 ** 29,
    summary: "Java's heap: 4g; default a quarter of the memory",
  },
  conf: { kind: "list", value: "KEY=VALUE,…", summary: "settings of Spark" },
  ui: { kind: "flag", summary: "Spark's own pages, on this machine only and without a password" },
  idle: {
    kind: "count",
    value: "SECONDS",
    default: 300,
    min: 0,
    max: 604_800,
    summary: "how long it lives on when no kernel uses it",
  },
  force: COMMON.force,
} as const;

/** Of `start` alone. */
const START_ONLY = ["master", "driver-memory", "conf", "ui"] as const;

export const spark: MagicDefinition = {
  name: "spark",
  forms: ["%"],
  summary: "a local Spark server: fetch it, start it, see what it does, stop it",
  args: [
    {
      name: "ACTION",
      required: true,
      choices: ACTIONS,
      summary: "install: fetch Spark, and Java when there is none; start; status; stop",
    },
  ],
  options,
  examples: ["%spark install", "%spark start --driver-memory 4g", "%spark status", "%spark stop"],
  standsFor: 'startSpark({ master: "local[4]" })',
  body: "none",
  async run(invocation, context) {
    const given = optionsOf(options, invocation);
    const { ACTION: action } = invocation.args;
    const misplaced = START_ONLY.find((name) => given[name] !== undefined && action !== "start");
    if (misplaced)
      throw new UsageError("E_BAD_USE", `%spark ${action} takes no "--${misplaced}"`, {
        hint: `it is an option of %spark start`,
      });
    switch (action) {
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

async function install(context: MagicContext): Promise<unknown> {
  const { installSpark } = await library();
  const installed = await withProgress(
    context.progress(),
    (onProgress) => installSpark({ signal: context.signal, onProgress }),
    ({ fetched }) => `fetched ${fetched.join(" and ") || "nothing: all was there"}`,
  );
  context.print(`Spark: ${installed.spark}\nJava: ${installed.java}\n`);
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
        conf: given.conf && pairsOf(given.conf),
        ui: given.ui,
        idleSeconds: given.idle,
        signal: context.signal,
        onProgress,
      }),
    ({ endpoint }) => `Spark ${endpoint.version} is ready`,
  );
  await status(context);
  return undefined;
}

async function stop(force: boolean, context: MagicContext): Promise<undefined> {
  const { stopSpark } = await library();
  const stopped = await stopSpark({ force });
  context.print(stopped === 0 ? "No local Spark server was running.\n" : "Spark is stopped.\n");
  return undefined;
}

async function status(context: MagicContext): Promise<unknown> {
  const { sparkStatus, sparkStatusDocument } = await library();
  const servers = await sparkStatus();
  context.show(sparkStatusDocument(servers));
  return servers;
}

function library(): Promise<typeof import("../../src/spark/server/server.ts")> {
  return import("../../src/spark/server/server.ts");
}

function pairsOf(settings: readonly string[]): Record<string, string> {
  const pairs = settings.map((setting) => {
    const at = setting.indexOf("=");
    if (at <= 0)
      throw new UsageError("E_BAD_CONF", `"${setting}" is not a setting`, { hint: "write --conf spark.ui.port=4041" });
    return [setting.slice(0, at), setting.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}
