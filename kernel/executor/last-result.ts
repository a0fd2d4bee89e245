/** `_` is the last result. A cell that declares its own `_` shadows it. */
export function setLastResult(value: unknown): void {
  Object.defineProperty(globalThis, "_", { value, configurable: true, writable: true, enumerable: false });
}
