import { machine } from "../../verdict/machine.ts";
import type { SparkExecutor } from "./types.ts";

const GRANTED = /Granted executor ID (\S+) on hostPort \S+ with (\d+) core\(s\), ([\d.]+) (MiB|GiB|TiB) RAM/;
const REMOVED = /Executor (\S+) removed:/;
const REGISTERED = /Registered executor .* with ID (\d+),/;
const UNITS: Readonly<Record<string, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/**
 * Who runs the tasks: the driver itself under a local master, under a standalone one the executors that have come and not gone, by
 * the server's log. Spark Connect does not tell it; undefined where nothing does.
 *
 * @example
 * executorsOf("local[2]", ""); // [{ id: "driver", cores: 2, memory: undefined }]
 */
export function executorsOf(master: string, log: string): readonly SparkExecutor[] | undefined {
  const local = /^local(?:\[(\d+|\*)(?:,.*)?\])?$/.exec(master);
  if (local) {
    const cores = local[1] === "*" ? machine().cores : Number(local[1] ?? 1);
    return [{ id: "driver", cores, memory: undefined }];
  }
  return /^(local-cluster\[|spark:)/.test(master) ? inLog(log) : undefined;
}

function inLog(log: string): readonly SparkExecutor[] {
  const granted = new Map<string, SparkExecutor>();
  const registered = new Set<string>();
  for (const line of log.split("\n")) {
    const [, id, cores, memory, unit = ""] = GRANTED.exec(line) ?? [];
    if (id)
      granted.set(numberOf(id), {
        id: numberOf(id),
        cores: Number(cores),
        memory: Number(memory) * (UNITS[unit] ?? 1),
      });
    const come = REGISTERED.exec(line)?.[1];
    if (come) registered.add(come);
    const gone = REMOVED.exec(line)?.[1];
    if (gone) granted.delete(numberOf(gone));
  }
  return [...granted.values()].filter(({ id }) => registered.has(id));
}

/** `app-20261125223444-0000/7` is executor 7. */
function numberOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
