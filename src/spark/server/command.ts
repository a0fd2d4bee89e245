import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ServerSettings } from "./types.ts";

/** What Spark reaches into of Java's own packages, as its launcher opens them. */
const OPENED = [
  ...[
    "lang",
    "lang.invoke",
    "lang.reflect",
    "io",
    "net",
    "nio",
    "util",
    "util.concurrent",
    "util.concurrent.atomic",
  ].map((name) => `java.base/java.${name}`),
  ...["jdk.internal.ref", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar"].map(
    (name) => `java.base/${name}`,
  ),
  "java.security.jgss/sun.security.krb5",
];

/**
 * Java's second compiler, which takes a third of a start's processor time, begins with a method after four times as many calls as by
 * Java's defaults. Loops, where the work on rows is, are compiled as early as ever.
 */
const LATER_OPTIMIZED = [
  "-XX:Tier4InvocationThreshold=20000",
  "-XX:Tier4MinInvocationThreshold=2400",
  "-XX:Tier4CompileThreshold=60000",
];

/** Files that a start needs, in the server's own folder. */
export interface StartFiles {
  /** Java's arguments: nothing of them can be read in the list of processes. */
  readonly args: string;
  readonly conf: string;
  readonly logging: string;
  readonly local: string;
  readonly warehouse: string;
}

/**
 * The content of each file. Java is called directly and not through bash and Spark's launcher, so that one way works for every Java,
 * the small ones from PyPI included, and the process that is spawned is the server itself.
 */
export function startFiles(
  settings: ServerSettings,
  files: StartFiles,
  archiveFlags: readonly string[],
): Readonly<Record<"args" | "conf" | "logging", string>> {
  const { spark, java, driverMemory, conf } = settings;
  const classPath = [
    conf["spark.driver.extraClassPath"],
    confFolder(spark.folder),
    path.join(spark.folder, "jars", "*"),
  ];
  const args = [
    `-Xmx${Math.floor(driverMemory / 2 ** 20)}m`,
    ...archiveFlags,
    "-XX:+IgnoreUnrecognizedVMOptions",
    // Its file in the system's temporary folder would outlive a killed Java.
    "-XX:-UsePerfData",
    ...LATER_OPTIMIZED,
    // A start loads 21,000 classes; at the 20 MB that Java begins with they set off the collector three times.
    "-XX:MetaspaceSize=256m",
    // The vector unit does the arithmetic of Spark's models, as under spark-submit: same bits, same predictions.
    ...(hasModule(java.java, "jdk.incubator.vector") ? ["--add-modules=jdk.incubator.vector"] : []),
    ...OPENED.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
    ...(java.major >= 24 ? ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"] : []),
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.allocator.type=pooled",
    // Netty's events for Java's flight recorder load the recorder, of which nobody makes use.
    "-Dio.netty.jfr.enabled=false",
    "-Djdk.reflect.useDirectMethodHandle=false",
    "-Djava.net.preferIPv6Addresses=false",
    `-Djava.io.tmpdir=${files.local}`,
    `-Dlog4j2.configurationFile=${files.logging}`,
    ...(conf["spark.driver.extraJavaOptions"]?.split(/\s+/).filter(Boolean) ?? []),
    "-cp",
    classPath.filter(Boolean).join(path.delimiter),
    "org.apache.spark.deploy.SparkSubmit",
    "--properties-file",
    files.conf,
    "--class",
    "org.apache.spark.sql.connect.service.SparkConnectServer",
    "spark-internal",
  ];
  return { args: args.map(quoted).join("\n"), conf: properties(confOf(settings, files)), logging: LOGGING };
}

/** What Spark is started with, in the environment of its own: the token never stands in arguments, logs or settings. */
export function startEnvironment({ spark }: ServerSettings, home: string, token: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    SPARK_HOME: home,
    // Spark's scripts set it, and who starts an executor looks for it.
    SPARK_SCALA_VERSION: spark.scala,
    SPARK_LOCAL_IP: "127.0.0.1",
    SPARK_LOCAL_HOSTNAME: "127.0.0.1",
    SPARK_CONNECT_AUTHENTICATE_TOKEN: token,
    SPARK_CONNECT_MODE: "0",
  };
  // Each of these would make a client of the server, or let it listen and write elsewhere.
  for (const name of [
    "SPARK_REMOTE",
    "SPARK_LOCAL_REMOTE",
    "SPARK_CONNECT_MODE_ENABLED",
    "SPARK_LOCAL_DIRS",
    "LOCAL_DIRS",
    "SPARK_PUBLIC_DNS",
    "JDK_JAVA_OPTIONS",
  ])
    delete env[name];
  return env;
}

function confOf({ master, driverMemory, conf, ui }: ServerSettings, files: StartFiles): Record<string, string> {
  return {
    "spark.app.name": "Outgrow",
    "spark.local.dir": files.local,
    "spark.sql.warehouse.dir": files.warehouse,
    "spark.connect.grpc.binding.port": "0",
    "spark.ui.port": "0",
    ...(isLocalCluster(master) && { "spark.executor.extraJavaOptions": "-XX:-UsePerfData" }),
    ...conf,
    "spark.ui.enabled": String(ui),
    "spark.master": master,
    "spark.driver.memory": `${Math.floor(driverMemory / 2 ** 20)}m`,
    // With one of these three alone, results past 1 MB would be looked for at the machine's outer address.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.port.maxRetries": "0",
  };
}

/** Executors that are processes of this machine, and die with the server. */
export function isLocalCluster(master: string): boolean {
  return master.startsWith("local-cluster[");
}

function confFolder(sparkHome: string): string | undefined {
  const folder = process.env.SPARK_CONF_DIR ?? path.join(sparkHome, "conf");
  return existsSync(folder) ? folder : undefined;
}

function hasModule(java: string, name: string): boolean {
  const file = path.join(path.dirname(path.dirname(java)), "release");
  return existsSync(file) && (/^MODULES="(.*)"/m.exec(readFileSync(file, "utf8"))?.[1] ?? "").split(" ").includes(name);
}

/** In an argument file a backslash is an escape inside of quotes. */
function quoted(arg: string): string {
  return `"${arg.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** The format of Java's properties. */
function properties(pairs: Readonly<Record<string, string>>): string {
  const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replace(/^ /, "\\ ");
  return Object.entries(pairs)
    .map(([key, value]) => `${escaped(key)}=${escaped(value)}\n`)
    .join("");
}

/** At INFO Spark would log the text of every query. The lines that say the ports and the executors are ours to keep. */
const LOGGING = `rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{yyyy-MM-dd HH:mm:ss} %p %c{1}: %m%n%ex
logger.connect.name = org.apache.spark.sql.connect.service.SparkConnectServer
logger.connect.level = info
logger.ports.name = org.apache.spark.util.Utils
logger.ports.level = info
logger.executors.name = org.apache.spark.scheduler.cluster
logger.executors.level = info
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
`;
