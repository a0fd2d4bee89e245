import { inspect } from "node:util";
import { nearest, UsageError } from "../../src/errors.ts";
import { asTyped } from "../cell/as-typed.ts";
import type { MagicCall } from "../cell/magic-call.ts";
import type { MagicContext } from "../magics/magic.ts";
import { askInspection } from "./questions.ts";
import { rooms } from "./rooms.ts";
import type { CellRun } from "./run.ts";
import type { Session } from "./session.ts";

/**
 * `name?`: the help of a magic, the signature and documentation of a function, or what a variable holds, in the pager. `name??` gives a function's
 * text.
 */
export async function askedForHelp(
  call: MagicCall,
  session: Session,
  run: CellRun,
  context: MagicContext,
): Promise<undefined> {
  const { magics, helpBundle, textBundle } = rooms();
  const name = call.name.replace(/^%+/, "");
  const definition = magics.get(call.name) ?? magics.get(name);
  if (definition && (call.name.startsWith("%") || !isKnown(name, session))) {
    context.page(helpBundle(definition));
    return undefined;
  }
  const value = lookUp(call, session);
  const isText = typeof value !== "function" || call.line.includes("??");
  const documented = isText ? undefined : await askInspection(run, name);
  context.page(documented ?? textBundle(`${name}: ${kindOf(value)}\n\n${textOf(value)}`));
  return undefined;
}

function isKnown(name: string, session: Session): boolean {
  const [head = ""] = name.split(".");
  return session.has(head) || head in globalThis;
}

/** `frame.shape?` follows the dots. */
function lookUp(call: MagicCall, session: Session): unknown {
  const [head = "", ...rest] = call.name.split(".");
  if (!isKnown(head, session)) {
    const [near] = nearest(head.replace(/^%+/, ""), [
      ...session.names(),
      ...[...rooms().magics.values()].map(({ name: magic }) => magic),
    ]);
    throw new UsageError("E_NO_NAME", `nothing is called ${call.name}`, {
      hint: near === undefined ? "%who lists the variables, %lsmagic the magics" : `did you mean ${near}?`,
      at: {
        text: call.line,
        start: call.line.indexOf(call.name),
        end: call.line.indexOf(call.name) + call.name.length,
      },
    });
  }
  let value = session.has(head) ? session.get(head) : Reflect.get(globalThis, head);
  for (const key of rest) value = (value as Record<string, unknown> | undefined | null)?.[key];
  return value;
}

function kindOf(value: unknown): string {
  if (value === null || typeof value !== "object") return typeof value;
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "object";
}

function textOf(value: unknown): string {
  if (typeof value !== "function")
    return inspect(value, { depth: 2, maxArrayLength: 50, maxStringLength: 2000, breakLength: 100 });
  const source = asTyped(Function.prototype.toString.call(value));
  return source.length > 2000 ? `${source.slice(0, 2000)} …` : source;
}
