import { parentPort } from "node:worker_threads";

/** Something that goes to another thread: the buffers in it are moved, not copied. */
export interface Moved<T = unknown> {
  readonly value: T;
  readonly buffers: readonly ArrayBuffer[];
}

/** What a thread says: that its code is there, parts of what it finds, and how its work ended. */
export type Said<Part, Result, Packed> =
  | { readonly type: "loaded" }
  | { readonly type: "part"; readonly value: Part }
  | { readonly type: "done"; readonly value: Result }
  | { readonly type: "failure"; readonly failure: Packed };

/** How failures go from thread to thread: messages between threads keep no classes. */
export interface Failures<Packed> {
  pack(failure: unknown): Packed;
  unpack(packed: Packed): Error;
}

/** Does a thread's one task, in the thread. Nothing keeps it alive behind that. */
export function serve<Task, Result, Part = never>(
  work: (task: Task, sendPart: (part: Moved<Part>) => void) => Moved<Result>,
  { pack }: Pick<Failures<unknown>, "pack">,
): void {
  const send = (said: Said<Part, Result, unknown>, buffers: readonly ArrayBuffer[] = []) =>
    parentPort?.postMessage(said, [...buffers]);
  parentPort?.once("message", (task: Task) => {
    try {
      const { value, buffers } = work(task, (part) => send({ type: "part", value: part.value }, part.buffers));
      send({ type: "done", value }, buffers);
    } catch (failure) {
      send({ type: "failure", failure: pack(failure) });
    }
  });
  parentPort?.once("messageerror", (failure) => send({ type: "failure", failure: pack(failure) }));
  send({ type: "loaded" });
}
