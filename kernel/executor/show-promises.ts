import { type InspectOptionsStylized, inspect, types } from "node:util";
import { nodeInternals } from "./node-internals.ts";

interface UtilBinding {
  getPromiseDetails(promise: Promise<unknown>): readonly [state: number, result?: unknown];
}

const PENDING = 0;
const REJECTED = 2;

/** Node marks each promise of a cell with the work that it belongs to, and would show those marks, and through them the kernel, with the promise. */
export function showPromisesPlainly(): void {
  const util = nodeInternals("internal/test/binding").internalBinding("util") as UtilBinding;
  Object.defineProperty(Promise.prototype, inspect.custom, {
    value(this: unknown, depth: number, options: InspectOptionsStylized) {
      // Also asked of what merely inherits from Promise.prototype.
      return types.isPromise(this) ? textOf(this, util, depth, options) : this;
    },
    configurable: true,
    writable: true,
  });
}

function textOf(promise: Promise<unknown>, util: UtilBinding, depth: number, options: InspectOptionsStylized): string {
  const name = nameOf(promise);
  if (depth < 0) return options.stylize(`[${name}]`, "special");
  const inner = { ...options, depth: options.depth == null ? options.depth : options.depth - 1 };
  const [state, result] = util.getPromiseDetails(promise);
  const settled = state === PENDING ? options.stylize("<pending>", "special") : inspect(result, inner);
  const first = state === REJECTED ? `${options.stylize("<rejected>", "special")} ${settled}` : settled;
  const own = Object.entries(Object.getOwnPropertyDescriptors(promise))
    .filter(([, { enumerable }]) => enumerable)
    .map(([key, { value, get }]) => `${key}: ${get ? options.stylize("[Getter]", "special") : inspect(value, inner)}`);
  const parts = [first, ...own];
  const isLong = parts.join().includes("\n");
  return isLong ? `${name} {\n${parts.join(",\n").replace(/^/gm, "  ")}\n}` : `${name} { ${parts.join(", ")} }`;
}

function nameOf(promise: Promise<unknown>): string {
  const maker: unknown = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(promise) ?? {}, "constructor")?.value;
  return typeof maker === "function" ? maker.name : "Promise";
}
