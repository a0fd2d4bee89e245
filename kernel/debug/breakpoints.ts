import { isDeepStrictEqual } from "node:util";
import type { Place } from "../link/debug.ts";
import type { DeskClient } from "./desk-client.ts";
import { type Inspector, keyOf, type Location } from "./inspector.ts";
import type { WantedBreakpoint } from "./request.ts";
import type { Script, Scripts } from "./scripts.ts";
import type { Terms } from "./terms.ts";

export interface Breakpoint {
  readonly id: number;
  /** As typed, from 1. */
  readonly line: number;
  readonly terms: Terms;
  /** How often it was reached and its condition held. */
  hits: number;
}

/** A place where V8 can stop, and where that was typed. */
interface Stopping {
  readonly location: Location;
  readonly place: Place;
}

/** What people want to stop at, by the paths of cells and files: kept from process to process, set in each script that has such a path. */
export class Breakpoints {
  readonly #inspector: Inspector;
  readonly #desk: DeskClient;
  readonly #scripts: Scripts;
  readonly #wanted = new Map<string, readonly Breakpoint[]>();
  /** V8's id to ours. */
  readonly #set = new Map<string, { readonly script: string; readonly id: number }>();
  #lastId = 0;
  #arming: Promise<void> = Promise.resolve();

  constructor(inspector: Inspector, desk: DeskClient, scripts: Scripts) {
    this.#inspector = inspector;
    this.#desk = desk;
    this.#scripts = scripts;
  }

  get isEmpty(): boolean {
    return this.#wanted.size === 0;
  }

  all(): readonly (readonly [path: string, breakpoints: readonly Breakpoint[]])[] {
    return [...this.#wanted];
  }

  /** Ours of V8's ids. */
  hit(ids: readonly string[]): readonly Breakpoint[] {
    const hit = new Set(ids.map((each) => this.#set.get(each)?.id));
    return [...this.#wanted.values()].flat().filter(({ id }) => hit.has(id));
  }

  /** In place of those that the path had. `text` is what is known to stand there: a line without code is moved to the next one with some. */
  async replace(
    path: string,
    asked: readonly WantedBreakpoint[],
    text: string | undefined,
  ): Promise<readonly Breakpoint[]> {
    const moved = new Map(asked.map((each) => [text === undefined ? each.line : nextCode(text, each.line), each]));
    const before = this.#wanted.get(path) ?? [];
    const wanted = [...moved].map(([line, { condition, hitCondition, logMessage }]) => {
      const terms = { condition, hitCondition, logMessage };
      const old = before.find((each) => each.line === line);
      // Front ends send all of a cell again when one of them changes.
      const hits = old && isDeepStrictEqual(old.terms, terms) ? old.hits : 0;
      return { id: old?.id ?? ++this.#lastId, line, terms, hits };
    });
    if (wanted.length === 0) this.#wanted.delete(path);
    else this.#wanted.set(path, wanted);
    for (const script of await this.#scripts.withPath(path)) await this.arm(script, path);
    return wanted;
  }

  /** Makes the breakpoints of a path stand in a script, and no others. One after the other, for V8 takes a place only once. */
  arm(script: Script, path: string | undefined): Promise<void> {
    const armed = this.#arming.then(() => this.#arm(script, path));
    this.#arming = armed.catch(() => undefined);
    return armed;
  }

  /** The process is gone, and V8's breakpoints with it. */
  unset(): void {
    this.#set.clear();
  }

  clear(): void {
    this.#set.clear();
    this.#wanted.clear();
  }

  async #arm(script: Script, path: string | undefined): Promise<void> {
    const wanted = (path !== undefined && this.#wanted.get(path)) || [];
    const there = [...this.#set].filter(([, each]) => each.script === script.id);
    // Those that stay are not touched: the code may be about to stop there.
    for (const [breakpointId, { id }] of there) {
      if (wanted.some((each) => each.id === id)) continue;
      this.#set.delete(breakpointId);
      await this.#inspector.command("Debugger.removeBreakpoint", { breakpointId });
    }
    const missing = wanted.filter(({ id }) => !there.some(([, each]) => each.id === id));
    const stoppings = missing.length > 0 ? await this.#stoppings(script) : [];
    for (const { id, line } of missing) {
      const location = nearest(stoppings, line);
      // Two lines may have the same place to stop at, which V8 takes only once.
      const answer =
        location && (await this.#inspector.command("Debugger.setBreakpoint", { location }).catch(() => undefined));
      if (answer?.breakpointId !== undefined) this.#set.set(answer.breakpointId, { script: script.id, id });
    }
  }

  async #stoppings(script: Script): Promise<readonly Stopping[]> {
    const locations = await this.#locations(script);
    const places = await this.#desk.ask(
      "places",
      script.url,
      locations.map(({ lineNumber, columnNumber = 0 }) => [lineNumber + 1, columnNumber + 1] as const),
    );
    return locations.flatMap((location, i) => {
      const place = places[i];
      return place ? [{ location, place }] : [];
    });
  }

  /** In the order of the script. V8 gives no more than a thousand at once, and does not say that there are more. */
  async #locations({ id }: Script): Promise<readonly Location[]> {
    const found = new Map<string, Location>();
    let start: Location | undefined = { scriptId: id, lineNumber: 0, columnNumber: 0 };
    while (start) {
      const { locations = [] } = await this.#inspector.command("Debugger.getPossibleBreakpoints", { start });
      // From the end of a line on it gives the last place of it once more.
      const fresh: readonly Location[] = locations.filter((each) => !found.has(keyOf(each)));
      for (const each of fresh) found.set(keyOf(each), each);
      const last = fresh.at(-1);
      start = last && { scriptId: id, lineNumber: last.lineNumber, columnNumber: (last.columnNumber ?? 0) + 1 };
    }
    return [...found.values()];
  }
}

/** The first statement of the line; of a line that runs nothing the next one's, inside of what the script holds. */
function nearest(stoppings: readonly Stopping[], line: number): Location | undefined {
  // A script has more places than a call takes arguments.
  const lines = stoppings.map(({ place }) => place[0]).toSorted((a, b) => a - b);
  const at = lines.find((each) => each >= line);
  if (at === undefined || line < (lines[0] ?? 0)) return undefined;
  const there = stoppings.filter(({ place }) => place[0] === at);
  const statements = there.filter(({ location }) => location.type === undefined);
  const [first] = (statements.length > 0 ? statements : there).toSorted((a, b) => a.place[1] - b.place[1]);
  if (!first) return undefined;
  const { scriptId, lineNumber, columnNumber } = first.location;
  return { scriptId, lineNumber, ...(columnNumber === undefined ? {} : { columnNumber }) };
}

/** Comments and blank lines run nothing; below the last line of code the last one counts. */
function nextCode(text: string, line: number): number {
  const bare = text.replace(BLOCK_COMMENTS, (comment) => comment.replace(/[^\n]/g, ""));
  const lines = bare.split("\n").map((each, i) => ({ number: i + 1, hasCode: /^\s*(?!\/\/)\S/.test(each) }));
  const code = lines.filter(({ hasCode }) => hasCode);
  return (code.find(({ number }) => number >= line) ?? code.at(-1))?.number ?? line;
}

/** Those with which a line begins: of `!ls *.csv /tmp/*` the rest of the cell is no comment. */
const BLOCK_COMMENTS = /^(?:[^\S\n]*\/\*[\s\S]*?\*\/)+/gm;
