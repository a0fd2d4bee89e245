import { heapSizeLimit } from "../../src/memory.ts";
import { formatBytes } from "../../src/units.ts";
import type { MemoryLimits } from "../magics/magic.ts";
import { send } from "./link.ts";
import { heapLimit, LIMIT_VARIABLE, processLimit } from "./memory-limit.ts";
import { rooms } from "./rooms.ts";
import { safely } from "./safely.ts";
import type { SentinelLink } from "./sentinel-link.ts";
import type { Session } from "./session.ts";

let sentinel: Pick<SentinelLink, "setMemoryLimit"> | undefined;

export function limitBy(link: Pick<SentinelLink, "setMemoryLimit">): void {
  sentinel = link;
}

/** What cells may take, as `%memory` shows and sets it. */
export const memoryLimits: MemoryLimits = {
  get process() {
    return processLimit();
  },
  get heap() {
    return heapLimit(heapSizeLimit());
  },
  set(bytes) {
    if (bytes === undefined) delete process.env[LIMIT_VARIABLE];
    else process.env[LIMIT_VARIABLE] = String(bytes);
    sentinel?.setMemoryLimit(processLimit().bytes);
    // The next process that runs the cells begins with it.
    send({ type: "memory-limit", bytes });
  },
};

/** A walk for each variable, at a moment when memory is short. */
const MOST_LOOKS = 20_000;
const NAMED = 3;
const WORTH_NAMING = 2 ** 20;

/** The variables that hold the most, in words. */
export function largestVariables(session: Session): string {
  const held = session
    .names()
    .map((name) => ({ name, bytes: safely(() => rooms().heldBytes(session.get(name), MOST_LOOKS).bytes, 0) }))
    .filter(({ bytes }) => bytes >= WORTH_NAMING)
    .sort((a, b) => b.bytes - a.bytes);
  return held
    .slice(0, NAMED)
    .map(({ name, bytes }) => `${name} (about ${formatBytes(bytes)})`)
    .join(", ");
}
