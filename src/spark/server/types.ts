/** A Spark Connect server that answers, as data: all that a client needs to know of it. */
export interface SparkEndpoint {
  readonly host: string;
  readonly port: number;
  /** Goes into the header of each call and nowhere else: never printed, never saved in a notebook. */
  readonly token: string;
  readonly tls: false;
  /** Of Spark: `4.3.0`. */
  readonly version: string;
  /** Of the Java process. */
  readonly pid: number;
}

/** How a local server is wanted; what is left out is chosen by the machine. */
export interface SparkServerOptions {
  /** `local[4]`, `local-cluster[2,1,1024]`, `spark://host:7077`; default all cores of this machine. */
  readonly master?: string | undefined;
  /** Heap of the driver in bytes; default a quarter of the memory, 2 to 16 GiB. */
  readonly driverMemory?: number | undefined;
  /** Spark settings by key; they win over all others. */
  readonly conf?: Readonly<Record<string, string>> | undefined;
  /** Spark's own pages on loopback. They ask for no password, so they are off by default. */
  readonly ui?: boolean | undefined;
  /** How long the server lives on without a kernel; default 5 minutes. */
  readonly idleSeconds?: number | undefined;
  /** How long Java may say nothing while it starts, as while it fetches a large package; default 5 minutes. */
  readonly startSeconds?: number | undefined;
  /** Folder of Spark; default `SPARK_HOME`, Outgrow's own, the one on PATH. */
  readonly sparkHome?: string | undefined;
  /** Folder of Java; default `JAVA_HOME`, the one on PATH, Outgrow's own. */
  readonly javaHome?: string | undefined;
}

export interface SparkHome {
  readonly folder: string;
  readonly version: string;
  /** Of Scala, as in the names of its jars: `2.13`. */
  readonly scala: string;
}

export interface JavaHome {
  /** The program itself. */
  readonly java: string;
  /** `17.0.15`. */
  readonly version: string;
  readonly major: number;
}

/** Everything that decides what the Java process is. Servers are shared where these are equal. */
export interface ServerSettings {
  readonly spark: SparkHome;
  readonly java: JavaHome;
  readonly master: string;
  readonly driverMemory: number;
  readonly conf: Readonly<Record<string, string>>;
  readonly ui: boolean;
}

/** Who runs tasks. */
export interface SparkExecutor {
  /** `driver` under a local master, else a number. */
  readonly id: string;
  readonly cores: number;
  /** Its heap in bytes; undefined for the driver, whose heap is `driverMemory`. */
  readonly memory: number | undefined;
}

export interface SparkServerStatus {
  readonly version: string;
  readonly java: string;
  readonly master: string;
  readonly driverMemory: number;
  readonly state: "starting" | "ready";
  /** Undefined where nothing tells: Spark Connect does not. */
  readonly executors: readonly SparkExecutor[] | undefined;
  readonly address: string | undefined;
  readonly ui: string | undefined;
  readonly uptimeSeconds: number;
  /** Kernels and programs that hold it, by what they call themselves. */
  readonly leases: readonly string[];
  readonly idleSeconds: number;
  readonly pid: number | undefined;
  readonly residentBytes: number | undefined;
  readonly log: string;
}
