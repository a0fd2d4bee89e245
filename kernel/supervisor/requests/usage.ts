import { readFileSync } from "node:fs";
import os from "node:os";
import { readResident } from "../../../src/memory.ts";
import type { RequestHandler } from "../kernel.ts";

/** What JupyterLab's Kernel Usage panel polls (ipykernel's fields); memory is that of supervisor and executor. */
export const usage: RequestHandler = (_message, kernel) => {
  const pid = kernel.executorPid();
  const total = os.totalmem();
  const available = os.freemem();
  return {
    hostname: os.hostname(),
    pid: pid ?? process.pid,
    kernel_cpu: 0,
    kernel_memory: readResident() + residentOf(pid),
    cpu_count: os.availableParallelism(),
    host_cpu_percent: Math.min(100, ((os.loadavg()[0] ?? 0) / os.availableParallelism()) * 100),
    host_virtual_memory: {
      total,
      available,
      percent: (1 - available / total) * 100,
      used: total - available,
      free: available,
    },
  };
};

function residentOf(pid: number | undefined): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    return pages * 4096;
  } catch {
    return 0;
  }
}
