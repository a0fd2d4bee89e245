import { type UnpackExports, unpack } from "#unpack-kernel";
import type { FeedEnd } from "./feed.ts";

/** What unpacks into the memory of a feed. */
export function unpackKernel({ memory }: FeedEnd): UnpackExports {
  const module = new WebAssembly.Module(Buffer.from(unpack, "base64"));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as UnpackExports;
}
