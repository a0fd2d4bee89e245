const SLOTS = 8;

/**
 * The processes of type servers that run, in memory that threads share: a server which was just asking its client something does not end by
 * itself, and at the exit of a process no other thread can be asked for them.
 */
export class ServerPids {
  readonly buffer: SharedArrayBuffer;
  readonly #pids: Int32Array;

  constructor(buffer = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#pids = new Int32Array(buffer);
  }

  add(pid: number): void {
    const free = this.#pids.indexOf(0);
    if (free >= 0) Atomics.store(this.#pids, free, pid);
  }

  delete(pid: number): void {
    const at = this.#pids.indexOf(pid);
    if (at >= 0) Atomics.store(this.#pids, at, 0);
  }

  killAll(): void {
    for (const pid of this.#pids) if (pid > 0) kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
