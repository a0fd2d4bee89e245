import { createRequire } from "node:module";
import vm from "node:vm";
import { compileCell } from "../../../kernel/cell/compile.ts";
import { babelHelpers } from "../../../kernel/cell/helpers.ts";
import type { CellHost, MagicLink } from "../../../kernel/cell/host.ts";
import type { MagicCall, MagicTable } from "../../../kernel/cell/magic-call.ts";
import { CellScope } from "../../../kernel/cell/scope.ts";
import { SlotTable } from "../../../kernel/cell/slots.ts";
import type { CompiledUnit } from "../../../kernel/cell/unit.ts";

export interface SeenMagic {
  readonly name: string;
  readonly words: readonly unknown[];
}

/** A session that runs cells in this process, as the executor does, with a host that only records magics. */
export class Session {
  readonly scope = new CellScope();
  readonly slots = new SlotTable();
  readonly magics: MagicTable;
  readonly seen: SeenMagic[] = [];
  readonly #units = new Map<string, CompiledUnit>();
  #count = 0;

  constructor(magics: MagicTable = new Map()) {
    this.magics = magics;
  }

  async run(source: string): Promise<unknown> {
    const filename = `cell-${++this.#count}.ts`;
    const cell = compileCell(source, { filename, scope: this.scope, magics: this.magics, parameters: () => ["chunk"] });
    const magic = async (stack: readonly MagicLink[]): Promise<unknown> =>
      this.#magic(stack, cell.magics, (index) => cell.bodies.get(index));
    return this.#start(cell.main, magic)();
  }

  /** The places in cells on the stack of an error, as `cell line:column`, innermost first. */
  placesOf(error: unknown): string[] {
    const stack = error instanceof Error ? String(error.stack) : "";
    return [...stack.matchAll(/((?:cell-body-\d+-)?cell-(\d+)\.ts):(\d+):(\d+)/g)].map(
      ([, file = "", cell, line, column]) => {
        const place = this.#units.get(file)?.original({ line: Number(line), column: Number(column) });
        return `${cell} ${place?.line}:${place?.column}`;
      },
    );
  }

  #start(unit: CompiledUnit, magic: CellHost["magic"]): () => Promise<unknown> {
    this.#units.set(unit.filename, unit);
    const declared = new Set(unit.declares.map(({ name }) => name));
    for (const name of unit.uses) this.slots.slot(name).isLeft = !declared.has(name);
    const outer = new vm.Script(unit.code, { filename: unit.filename }).runInThisContext();
    return outer(
      unit.uses.map((name) => this.slots.slot(name)),
      { ...HOST, magic },
    );
  }

  async #magic(
    stack: readonly MagicLink[],
    calls: readonly MagicCall[],
    bodyOf: (index: number) => CompiledUnit | undefined,
  ): Promise<unknown> {
    const [[index, expressions] = [0, []], ...inner] = stack;
    const call = calls[index] as MagicCall;
    const values = await Promise.all(expressions.map((expression) => expression()));
    const words = call.words.map(({ parts }) =>
      parts.length === 1 && parts[0] && "expression" in parts[0]
        ? values[parts[0].expression]
        : parts.map((part) => ("text" in part ? part.text : values[part.expression])).join(""),
    );
    this.seen.push({ name: call.name, words });
    if (inner.length > 0) return this.#magic(inner, calls, bodyOf);
    const body = bodyOf(index);
    if (!body) return undefined;
    const host = (links: readonly MagicLink[]) => this.#magic(links, calls, bodyOf);
    const value = await this.#start(body, host)();
    return typeof value === "function" && this.magics.get(call.name)?.body === "function"
      ? [await value([1]), await value([2, 3])]
      : value;
  }
}

const HOST: CellHost = {
  import: (specifier, options) => import(specifier, options),
  pick: (namespace, name) => {
    const module = namespace as Record<string, unknown>;
    return name in module ? module[name] : (module.default as Record<string, unknown> | undefined)?.[name];
  },
  importMeta: { url: "file:///notebook/cell.ts" },
  magic: async () => undefined,
  constAssign: () => {
    throw new TypeError("Assignment to constant variable.");
  },
  alive: (value) => value,
  mark: () => undefined,
  babelHelpers,
};

(globalThis as { require?: unknown }).require ??= createRequire(import.meta.url);

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}
