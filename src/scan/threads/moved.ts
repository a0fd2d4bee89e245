import type { Moved } from "../../threads/serve.ts";

/** Plain data on its way to another thread, which the buffers of its typed arrays move with. */
export function moved<T>(value: T): Moved<T> {
  const buffers = new Set<ArrayBuffer>();
  collect(value, buffers);
  return { value, buffers: [...buffers] };
}

function collect(value: unknown, buffers: Set<ArrayBuffer>): void {
  if (typeof value !== "object" || value === null) return;
  if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
  // A list of plain values may be long, and has nothing to move.
  else if (!Array.isArray(value)) for (const part of Object.values(value)) collect(part, buffers);
  else if (typeof value.find((part) => part !== undefined && part !== null) === "object")
    for (const part of value) collect(part, buffers);
}
