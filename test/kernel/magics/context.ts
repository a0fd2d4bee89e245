import { compileFunction } from "node:vm";
import { findMagic } from "../../../kernel/cell/magic-call.ts";
import { createProgress } from "../../../kernel/display/progress.ts";
import type { MimeBundle } from "../../../kernel/link/messages.ts";
import { invokeMagic } from "../../../kernel/magics/invoke.ts";
import type { MagicContext, MagicDefinition, MagicInvocation } from "../../../kernel/magics/magic.ts";
import { parseMagic } from "../../../kernel/magics/parse.ts";
import { magics } from "../../../kernel/magics/registry.ts";
import { MIME, toBundle } from "../../../src/render/bundle.ts";
import { renderProgress } from "../../../src/render/progress.ts";
import { callOf } from "./call.ts";

export interface Shown {
  readonly data: MimeBundle;
  readonly displayId?: string | undefined;
  readonly update: boolean;
}

/** A notebook as a magic sees it, and what it did there. */
export interface Probe {
  readonly context: MagicContext;
  readonly shown: Shown[];
  readonly printed: string[];
  readonly pages: MimeBundle[];
  /** What the cell was replaced by. */
  readonly cells: string[];
  /** Patterns that the history was asked for. */
  readonly asked: (string | undefined)[];
  readonly variables: Map<string, unknown>;
  readonly modes: string[];
  /** Limits that were set. */
  readonly limits: (number | undefined)[];
  readonly controller: AbortController;
  /** Text of what stands there at the end: an update takes the place of what it replaces. */
  outputs(): readonly string[];
}

export function probe(
  cwd: string,
  variables: Readonly<Record<string, unknown>> = {},
  { afterMs }: { readonly afterMs?: number } = {},
): Probe {
  const shown: Shown[] = [];
  const printed: string[] = [];
  const pages: MimeBundle[] = [];
  const cells: string[] = [];
  const asked: (string | undefined)[] = [];
  const modes: string[] = [];
  const limits: (number | undefined)[] = [];
  const values = new Map(Object.entries(variables));
  const controller = new AbortController();
  const display: MagicContext["display"] = (data, { displayId, update = false } = {}) =>
    shown.push({ data, displayId, update });
  const context: MagicContext = {
    cwd,
    signal: controller.signal,
    display,
    show: (document, options) => display(toBundle(document).data, options),
    print: (text) => printed.push(text),
    progress: () => createProgress({ render: (state) => renderProgress(state).data, display, afterMs }),
    page: (data) => pages.push(data),
    replaceCell: (text) => cells.push(text),
    history: async ({ n, pattern }) => {
      asked.push(pattern);
      return [{ session: 3, line: 1, input: "first\nsecond" }].slice(-n);
    },
    variables: {
      has: (name) => values.has(name),
      get: (name) => values.get(name),
      set: (name, value) => values.set(name, value),
      names: () => [...values.keys()],
      remove: (name) => values.delete(name),
    },
    memory: {
      get process(): MagicContext["memory"]["process"] {
        const set = limits.at(-1);
        return set === undefined ? { bytes: 8e9, from: "machine" } : { bytes: set, from: "set" };
      },
      heap: 2e9,
      set: (bytes) => limits.push(bytes),
    },
    setTypecheck: (mode) => modes.push(mode),
  };
  const outputs = () => {
    const places = new Map<string | symbol, string>();
    for (const { data, displayId, update } of shown) {
      if (update && (displayId === undefined || !places.has(displayId))) throw new TypeError("an update of nothing");
      places.set(displayId ?? Symbol(), String(data[MIME.text]));
    }
    return [...places.values()];
  };
  return { context, shown, printed, pages, cells, asked, modes, limits, controller, variables: values, outputs };
}

/** Runs a cell that is one magic. The body's code is plain JavaScript of the magic's parameters. */
export async function runMagic(code: string, { context }: Probe, values: readonly unknown[] = []): Promise<unknown> {
  const [, sign = "", name = ""] = /^(%%?)([a-z-]+)/.exec(code) ?? [];
  const definition = findMagic(magics, sign, name);
  if (!definition) throw new TypeError(`no magic ${name}`);
  const invocation = parseMagic(definition, callOf(code, definition), values);
  const body = bodyOf(definition, invocation);
  return invokeMagic(definition, body ? { ...invocation, body } : invocation, context);
}

function bodyOf(
  definition: MagicDefinition,
  { bodyText, options, args, isCell }: MagicInvocation,
): MagicInvocation["body"] {
  if (definition.body !== "function" && definition.body !== "session") return undefined;
  const code = isCell ? bodyText : definition.raw ? `return ${args[definition.args[0]?.name ?? ""]}` : undefined;
  if (code === undefined || code.trim() === "") return undefined;
  const parameters = [...(definition.parameters?.(options) ?? [])];
  const compiled = compileFunction(code, parameters);
  return async (...given) => compiled(...given);
}
