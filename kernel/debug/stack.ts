import type { Place } from "../link/debug.ts";
import type { DeskClient } from "./desk-client.ts";
import type { CallFrame } from "./inspector.ts";
import type { Script, Scripts } from "./scripts.ts";

/** One frame of the code that stands. */
export interface Frame {
  readonly call: CallFrame;
  /** Undefined for code that is not the user's. */
  readonly script: Script | undefined;
  /** As typed; undefined for what the compiler put in. */
  readonly place: Place | undefined;
}

/** The frames with the places where they were typed. */
export async function readStack(
  calls: readonly CallFrame[],
  scripts: Scripts,
  desk: DeskClient,
): Promise<readonly Frame[]> {
  const found = calls.map((call) => ({ call, script: scripts.get(call.location.scriptId) }));
  const urls = new Set(found.flatMap(({ script }) => script?.url ?? []));
  const places = new Map<CallFrame, Place | null>();
  for (const url of urls) {
    const here = found.filter(({ script }) => script?.url === url).map(({ call }) => call);
    const answers = await desk.ask("places", url, here.map(placeOf));
    for (const [i, call] of here.entries()) places.set(call, answers[i] ?? null);
  }
  return found.map(({ call, script }) => ({ call, script, place: places.get(call) ?? undefined }));
}

/** Whether two frames are of the same function, as two lines of one are. */
export function isSameFunction(one: CallFrame, other: CallFrame): boolean {
  const [a, b] = [one.functionLocation, other.functionLocation];
  return a?.scriptId === b?.scriptId && a?.lineNumber === b?.lineNumber && a?.columnNumber === b?.columnNumber;
}

/** The function that holds all of a cell is ours and has no name. */
export function isWholeCell({ functionName, functionLocation }: CallFrame): boolean {
  return functionName === "" && functionLocation?.lineNumber === 0;
}

function placeOf({ location }: CallFrame): Place {
  return [location.lineNumber + 1, (location.columnNumber ?? 0) + 1];
}
