import type { DeskClient } from "./desk-client.ts";
import type { CallFrame } from "./inspector.ts";
import type { Scripts } from "./scripts.ts";
import { type Frame, isWholeCell } from "./stack.ts";

/** One stop of the code: its frames, and the numbers by which a front end asks for what is in them. */
export class Stop {
  readonly frames: readonly Frame[];
  readonly #users: ReadonlyMap<number, Frame>;
  /** The frames of references to scopes whose names are the code's own. */
  readonly #scopes = new Map<number, number>();

  constructor(frames: readonly Frame[]) {
    this.frames = frames;
    this.#users = new Map(frames.filter(({ script }) => script).map((frame) => [++lastFrame, frame]));
  }

  get top(): Frame | undefined {
    return this.#users.values().next().value;
  }

  call(frameId: number | undefined): CallFrame | undefined {
    return frameId === undefined ? this.top?.call : this.#users.get(frameId)?.call;
  }

  /** The frame of a scope of locals. */
  frameOf(reference: number): number | undefined {
    return this.#scopes.get(reference);
  }

  /** The frames as the Debug Adapter Protocol has them: the user's alone. */
  async stackFrames(scripts: Scripts): Promise<readonly object[]> {
    const shown = [...this.#users].map(async ([id, { call, script, place }]) => {
      if (!script) return [];
      const [path, source] = await Promise.all([scripts.path(script), scripts.source(script)]);
      const name = source?.name ?? path?.split(/[\\/]/).at(-1) ?? script.url;
      const [line, column] = place ?? [1, 1];
      return [{ id, name: nameOf(call, name), line, column, source: { name, path } }];
    });
    return (await Promise.all(shown)).flat();
  }

  /** The scopes of a frame with references to their variables; those without variables are left out. */
  async scopes(frameId: number, desk: DeskClient): Promise<readonly object[]> {
    const call = this.#users.get(frameId)?.call;
    if (!call) return [];
    const [locals, closure, session] = await Promise.all([
      desk.scope(scopeIds(call, LOCAL), call.this?.objectId),
      desk.scope(scopeIds(call, /^closure$/), undefined),
      desk.ask("session"),
    ]);
    for (const reference of [locals, closure]) if (reference > 0) this.#scopes.set(reference, frameId);
    const hint = "locals";
    return [
      { name: "Locals", presentationHint: hint, variablesReference: locals, expensive: false },
      { name: "Closure", variablesReference: closure, expensive: false },
      { name: "Session", variablesReference: session, expensive: false },
    ].filter(({ variablesReference }) => variablesReference > 0);
  }
}

/** All scopes in which the user's names may be, the innermost first. */
export function userScopes(call: CallFrame): readonly string[] {
  return scopeIds(call, /^(?:local|block|catch|with|eval|module|closure)$/);
}

const LOCAL = /^(?:local|block|catch|with|eval|module)$/;
/** Never used again, so that an old one means nothing. */
let lastFrame = 0;

function scopeIds({ scopeChain }: CallFrame, kind: RegExp): readonly string[] {
  return scopeChain.filter(({ type }) => kind.test(type)).flatMap(({ object }) => object.objectId ?? []);
}

function nameOf(call: CallFrame, cell: string): string {
  // A body that a magic calls as a function bears the name of what the compiler gave it to.
  return isWholeCell(call) || call.functionName === "$value" ? cell : call.functionName || "(anonymous)";
}
