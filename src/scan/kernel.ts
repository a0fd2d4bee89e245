import type { KernelExports } from "#scan-kernel";
import { type WasmModule, wasm } from "./webassembly.ts";

/** Which build of the kernel runs: `checked` asserts and guards its memory. */
export type KernelBuild = "simd" | "scalar" | "checked";

/** A function with one vector instruction, which only engines with vectors accept. */
const VECTOR_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

const compiled = new Map<KernelBuild, Promise<WasmModule>>();

/**
 * The compiled kernel, to be sent to worker threads; each thread makes an instance of its own. It is compiled once in a process: what
 * V8 has optimised for one scan is there for the next.
 */
export function compileKernel(build: KernelBuild = bestBuild()): Promise<WasmModule> {
  const known = compiled.get(build) ?? compileBuild(build);
  compiled.set(build, known);
  return known;
}

async function compileBuild(build: KernelBuild): Promise<WasmModule> {
  const builds = await import("#scan-kernel");
  return new wasm.Module(Buffer.from(builds[build], "base64"));
}

/** Two words that the hashes of a kernel take in. */
export type Seed = readonly [low: number, high: number];

let drawn: Seed | undefined;

/** One for a process: what its threads count by hashes they put together, and what is estimated twice is the same. */
export function processSeed(): Seed {
  // Not by `node:crypto`: a thread is told its seed, and would take milliseconds to load that.
  const [low = 0, high = 0] = drawn ?? crypto.getRandomValues(new Uint32Array(2));
  drawn ??= [low, high];
  return drawn;
}

function bestBuild(): KernelBuild {
  return wasm.validate(VECTOR_PROBE) ? "simd" : "scalar";
}

/**
 * One instance of the kernel with memory of its own, and views of that memory. A view is made anew after the memory has
 * grown, so that none is kept across calls.
 */
export class Kernel {
  readonly calls: KernelExports;
  #bytes = new Uint8Array(0);

  constructor(module: WasmModule, seed: Seed = processSeed()) {
    const { exports } = new wasm.Instance(module, {});
    this.calls = exports as unknown as KernelExports;
    this.calls.setSeed(...seed);
  }

  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.calls.memory.buffer) this.#bytes = new Uint8Array(this.calls.memory.buffer);
    return this.#bytes;
  }
}
