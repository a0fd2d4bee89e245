import { KernelBug } from "../../src/errors.ts";
import { asHostUntil } from "./host-code.ts";
import type { ROOMS } from "./rooms-loaded.ts";

/** What every cell needs and the executor's start does not wait for. */
type Rooms = typeof ROOMS;

let loading: Promise<Rooms> | undefined;
let loaded: Rooms | undefined;

/** Loaded once, beside the supervisor's own start. */
export function loadRooms(): Promise<Rooms> {
  loading ??= asHostUntil(load());
  return loading;
}

/** For code that a cell calls: by then they are there. */
export function rooms(): Rooms {
  if (loaded === undefined) throw new KernelBug("a cell ran before its rooms were loaded");
  return loaded;
}

async function load(): Promise<Rooms> {
  ({ ROOMS: loaded } = await import("./rooms-loaded.ts"));
  return loaded;
}
