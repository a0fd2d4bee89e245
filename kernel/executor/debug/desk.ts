import { toBundle } from "../../../src/render/bundle.ts";
import { compileExpression } from "../../cell/expression.ts";
import { SLOT_PREFIX } from "../../cell/rewriter.ts";
import { CellFault } from "../../cell/syntax-error.ts";
import { DESK_KEY, type DebugDesk, type Place } from "../../link/debug.ts";
import { sourceOf } from "../cell-sources.ts";
import type { Session } from "../session.ts";
import { originOf } from "../stack.ts";
import { forWire } from "../wire-bundle.ts";
import { readOwn } from "./preview.ts";
import { Variables } from "./variables.ts";

/** Puts what the debugger asks of this thread where the inspector reaches it, in the middle of whatever stands or runs here. */
export function offerDesk(session: Session): void {
  Object.defineProperty(globalThis, Symbol.for(DESK_KEY), { value: makeDesk(session), configurable: true });
}

/** Names that the compiler puts into a cell's scopes. */
const COMPILERS = /^(?:\$og_.*|\$slots|\$host|\$links|\$value|\$ns\d+|babelHelpers|this)$/;

function makeDesk(session: Session): DebugDesk {
  const variables = new Variables();
  const isSessions = (name: string, value: unknown) => session.has(name) && session.get(name) === value;
  return {
    places: (script, places) => places.map(([line, column]): Place | null => originOf(script, line, column)),
    sources: (scripts) =>
      scripts.map((script) => {
        const source = sourceOf(script);
        return source ? { name: source.name, text: source.text } : null;
      }),
    session: () => variables.scope(() => session.names().map((name) => [name, session.get(name)] as const), true),
    scope(scopes, self) {
      const inside = self === undefined || self === globalThis ? [] : [["this", self] as const];
      // A cell's own function or class is also in the session, and is shown there.
      const named = [...namesIn(scopes)].filter(
        ([name, value]) => typeof value !== "function" || !isSessions(name, value),
      );
      const own = [...inside, ...named];
      return own.length === 0 ? 0 : variables.scope(() => own, false);
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
    keep: (value) => variables.variable("", value),
    rich(value) {
      const { data, metadata } = toBundle(value);
      return { data: forWire(data), metadata: forWire(metadata) };
    },
    assign: (name, value) => session.set(name, value),
    forget: () => variables.forget(),
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
