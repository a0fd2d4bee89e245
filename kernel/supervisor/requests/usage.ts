import os from "node:os";
import type { RequestHandler } from "../kernel.ts";
import { cpuSecondsOf, residentOf } from "../process-table.ts";
import { familyOf } from "../processes.ts";

let before: { readonly at: number; readonly kernel: number; readonly host: HostTimes } | undefined;

/** What JupyterLab's Kernel Usage panel polls (ipykernel's fields); figures are of supervisor, executor and all below, since the last request. */
export const usage: RequestHandler = (_message, kernel) => {
  const family = familyOf(process.pid);
  const now = { at: performance.now(), kernel: cpuSecondsOf(family), host: hostTimes() };
  const [total, free] = [os.totalmem(), os.freemem()];
  const reply = {
    status: "ok",
    hostname: os.hostname(),
    pid: kernel.executorPid() ?? process.pid,
    kernel_cpu: before ? percent(now.kernel - before.kernel, (now.at - before.at) / 1000) : 0,
    kernel_memory: residentOf(family),
    cpu_count: os.availableParallelism(),
    host_cpu_percent: before ? percent(now.host.busy - before.host.busy, now.host.all - before.host.all) : 0,
    host_virtual_memory: { total, available: free, percent: percent(total - free, total), used: total - free, free },
  };
  before = now;
  return reply;
};

interface HostTimes {
  readonly busy: number;
  readonly all: number;
}

function hostTimes(): HostTimes {
  const sums = os
    .cpus()
    .map(({ times }) => ({ idle: times.idle, all: times.user + times.sys + times.nice + times.irq }));
  const busy = sums.reduce((sum, { all }) => sum + all, 0);
  return { busy, all: busy + sums.reduce((sum, { idle }) => sum + idle, 0) };
}

/** One decimal; a counter of a process that has ended is gone, so never below zero. */
function percent(part: number, whole: number): number {
  return whole > 0 ? Math.max(0, Math.round((1000 * part) / whole) / 10) : 0;
}
