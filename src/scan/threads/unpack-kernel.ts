import { type UnpackExports, unpack } from "#unpack-kernel";
import { wasm } from "../webassembly.ts";
import type { FeedEnd } from "./feed.ts";

/** What unpacks into the memory of a feed. */
export function unpackKernel({ memory }: FeedEnd): UnpackExports {
  const module = new wasm.Module(Buffer.from(unpack, "base64"));
  return new wasm.Instance(module, { env: { memory } }).exports as unknown as UnpackExports;
}
