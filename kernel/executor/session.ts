import vm from "node:vm";
import type { CompiledCell } from "../cell/compile.ts";
import { CompiledBefore } from "../cell/compiled-before.ts";
import type { CellHost } from "../cell/host.ts";
import { CellScope, type NameKind } from "../cell/scope.ts";
import { type Slot, SlotTable } from "../cell/slots.ts";
import type { CompiledUnit } from "../cell/unit.ts";
import { keepSource, sourceOf } from "./cell-sources.ts";
import { magicParameters, marksStatements } from "./magic-hints.ts";
import { rooms } from "./rooms.ts";

type Outer = (slots: readonly Slot[], host: CellHost) => () => Promise<unknown>;

/** Whether somebody debugs, and how what has been compiled to a script of some name is run. */
export interface Debugging {
  readonly isOn: boolean;
  begin(script: string, run: () => Promise<unknown>): Promise<unknown>;
}

const NOT_DEBUGGING: Debugging = { isOn: false, begin: (_script, run) => run() };

/** The names that live from cell to cell. */
export class Session {
  readonly #slots = new SlotTable();
  readonly #scope = new CellScope();
  readonly #before = new CompiledBefore();
  readonly #scripts = new WeakMap<CompiledUnit, vm.Script>();
  readonly #debugging: Debugging;

  constructor(debugging = NOT_DEBUGGING) {
    this.#debugging = debugging;
  }

  /**
   * What ran before is the script that it was, and bears its name; stacks show `filename`.
   *
   * @throws {CellSyntaxError | UsageError} with the place in the cell as typed
   */
  compile(source: string, filename: string): CompiledCell {
    const compile = () => this.#compile(source, filename);
    const compiled = this.#debugging.isOn
      ? compile()
      : this.#before.recall(source, this.#scope, compile, ({ main }) => isOwner(main));
    const keep = (script: string, { original }: CompiledUnit): void =>
      keepSource(script, { name: filename, text: source, original });
    for (const unit of [compiled.main, ...compiled.bodies.values()]) keep(unit.filename, unit);
    // Who reads a stack finds the text by what it shows.
    if (compiled.main.filename !== filename) keep(filename, compiled.main);
    return compiled;
  }

  #compile(source: string, filename: string): CompiledCell {
    const { compileCell, magicTable } = rooms();
    const hints = { parameters: magicParameters, marks: marksStatements, isDebugged: this.#debugging.isOn };
    return compileCell(source, { filename, scope: this.#scope, magics: magicTable, ...hints });
  }

  /** Runs a compiled piece; the promise is that of the user's own async code. */
  execute(unit: CompiledUnit, host: CellHost): Promise<unknown> {
    const declared = new Set(unit.declares.map(({ name }) => name));
    for (const name of unit.uses) this.#slots.slot(name).isLeft = !declared.has(name);
    const outer: Outer = this.#script(unit).runInThisContext();
    const run = outer(
      unit.uses.map((name) => this.#slots.slot(name)),
      host,
    );
    return this.#debugging.begin(unit.filename, run);
  }

  #script(unit: CompiledUnit): vm.Script {
    const known = this.#scripts.get(unit);
    if (known) return known;
    const script = new vm.Script(unit.code, { filename: unit.filename });
    this.#scripts.set(unit, script);
    return script;
  }

  has(name: string): boolean {
    return this.#slots.has(name);
  }

  get(name: string): unknown {
    return this.#slots.get(name);
  }

  /** What kind of name it is; undefined when the session has none such. */
  kind(name: string): NameKind | undefined {
    return this.#scope.kind(name);
  }

  slot(name: string): Slot {
    return this.#slots.slot(name);
  }

  /** Sets a name from outside a cell (`-o NAME`); one that is new becomes a `let`. */
  set(name: string, value: unknown): void {
    if (this.#scope.kind(name) !== "let") this.#scope.declare(name, "let");
    this.#slots.set(name, value);
  }

  /** In order of declaration. */
  names(): readonly string[] {
    return this.#slots.names();
  }

  remove(name: string): void {
    this.#scope.forget(name);
    this.#slots.delete(name);
  }
}

/** Cells that are not stored share their number with the next one: then its places are those of the script of that name. */
function isOwner({ filename, original }: CompiledUnit): boolean {
  return sourceOf(filename)?.original === original;
}
