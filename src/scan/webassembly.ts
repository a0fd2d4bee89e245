// What the scanner uses of WebAssembly, with types of its own: Node's types have none of it, and the package's types must not ask a program for those of browsers.

declare const isModule: unique symbol;

/** Compiled code, which one thread can send to another. */
export interface WasmModule {
  readonly [isModule]: true;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface Wasm {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, unknown> };
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => WasmMemory;
  validate(bytes: Uint8Array): boolean;
}

export const wasm: Wasm = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;
