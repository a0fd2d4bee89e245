// What the thread that unpacks calls. It has a memory of its own, which the thread that reads the text shares.

export { inputAt, setInput } from "./unpack/bits";
export { begin, inflate, outputAt, setOutput } from "./unpack/inflate";

/** Address of the first byte that is nobody's. */
export function freeBytes(): usize {
  return (__heap_base + 63) & ~63;
}
