import { toBundle } from "../../../src/render/bundle.ts";
import { compileExpression } from "../../cell/expression.ts";
import { SLOT_PREFIX } from "../../cell/rewriter.ts";
import { CellFault } from "../../cell/syntax-error.ts";
import { DESK_KEY, type DebugDesk, type Place } from "../../link/debug.ts";
import { sourceOf } from "../cell-sources.ts";
import type { Session } from "../session.ts";
import { originOf } from "../stack.ts";
import { forWire } from "../wire-bundle.ts";
import { preview, readOwn } from "./preview.ts";
import { Variables } from "./variables.ts";

/** Puts what the debugger asks of this thread where the inspector reaches it, in the middle of whatever stands or runs here. */
export function offerDesk(session: Session): void {
  Object.defineProperty(globalThis, Symbol.for(DESK_KEY), { value: makeDesk(session), configurable: true });
}

/** Names that the compiler puts into a cell's scopes. */
const COMPILERS = /^(?:\$og_.*|\$slots|\$host|\$links|\$value|\$ns\d+|babelHelpers|this)$/;

function makeDesk(session: Session): DebugDesk {
  const variables = new Variables();
  let last: unknown;
  const isSessions = (name: string, value: unknown) => session.has(name) && session.get(name) === value;
  return {
    places: (script, places) => places.map(([line, column]): Place | null => originOf(script, line, column)),
    sources: (scripts) =>
      scripts.map((script) => {
        const source = sourceOf(script);
        return source ? { name: source.name, text: source.text } : null;
      }),
    session: () =>
      variables.scope(
        () => session.names().map((name) => [name, session.get(name)] as const),
        true,
        (name, value) => {
          if (!session.has(name)) return `the session has no ${name}`;
          if (session.kind(name) !== "let") return `${name} is a constant`;
          session.set(name, value);
          return undefined;
        },
      ),
    scope(scopes, self) {
      const inside = self === undefined || self === globalThis ? [] : [["this", self] as const];
      // A cell's own function or class is also in the session, and is shown there.
      const own = () => [
        ...inside,
        ...[...namesIn(scopes)].filter(([name, value]) => typeof value !== "function" || !isSessions(name, value)),
      ];
      return own().length === 0 ? 0 : variables.scope(own, false);
    },
    children: (reference) => variables.below(reference) ?? null,
    expression(typed, scopes) {
      const around = namesIn(scopes);
      try {
        const { code, uses } = compileExpression(typed, (name) => (around.has(name) ? undefined : session.kind(name)));
        const desk = `globalThis[Symbol.for(${JSON.stringify(DESK_KEY)})]`;
        const slots = uses.map((name) => `${desk}.slot(${JSON.stringify(name)})`);
        return { code: `((${uses.map((name) => SLOT_PREFIX + name).join()})=>(${code}))(${slots.join()})` };
      } catch (error) {
        if (error instanceof CellFault) return { fault: `SyntaxError: ${error.message}` };
        throw error;
      }
    },
    slot: (name) => session.slot(name),
    keep(value) {
      last = value;
      return variables.variable("", value);
    },
    overwrite(name, scopes) {
      const holder = scopes.find((scope) => Object.hasOwn(scope, name));
      if (holder)
        Object.defineProperty(holder, name, { value: last, configurable: true, enumerable: true, writable: true });
    },
    rich(value) {
      const { data, metadata } = toBundle(value);
      return { data: forWire(data), metadata: forWire(metadata) };
    },
    assign: (name, value) => session.set(name, value),
    put(reference, name, value) {
      const fault = variables.put(reference, name, value);
      return fault ?? variables.variable(name, value);
    },
    test: (value) => Boolean(value),
    say: (value) => (typeof value === "string" ? value : preview(value)),
    forget() {
      last = undefined;
      variables.forget();
    },
  };
}

/** What the user has named in these scopes; the innermost of a name counts. */
function namesIn(scopes: readonly object[]): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const scope of scopes)
    for (const name of Object.getOwnPropertyNames(scope))
      if (!COMPILERS.test(name) && !found.has(name)) found.set(name, readOwn(scope, name).value);
  return found;
}
