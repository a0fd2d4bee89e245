import vm from "node:vm";
import type { CompiledCell } from "../cell/compile.ts";
import type { CellHost } from "../cell/host.ts";
import { CellScope } from "../cell/scope.ts";
import { type Slot, SlotTable } from "../cell/slots.ts";
import type { CompiledUnit } from "../cell/unit.ts";
import { keepSource } from "./cell-sources.ts";
import { magicParameters, marksStatements } from "./magic-hints.ts";
import { rooms } from "./rooms.ts";

type Outer = (slots: readonly Slot[], host: CellHost) => () => Promise<unknown>;

/** The names that live from cell to cell. */
export class Session {
  readonly #slots = new SlotTable();
  readonly #scope = new CellScope();

  /** @throws {CellSyntaxError | UsageError} with the place in the cell as typed */
  compile(source: string, filename: string): CompiledCell {
    const { compileCell, magicTable } = rooms();
    const hints = { parameters: magicParameters, marks: marksStatements };
    const compiled = compileCell(source, { filename, scope: this.#scope, magics: magicTable, ...hints });
    for (const unit of [compiled.main, ...compiled.bodies.values()]) {
      keepSource(unit.filename, {
        name: filename,
        text: source,
        original: (line, column) => unit.original({ line, column }),
      });
    }
    return compiled;
  }

  /** Runs a compiled piece; the promise is that of the user's own async code. */
  execute(unit: CompiledUnit, host: CellHost): Promise<unknown> {
    for (const { name } of unit.declares) this.#slots.publish(name);
    const outer: Outer = new vm.Script(unit.code, { filename: unit.filename }).runInThisContext();
    const run = outer(
      unit.uses.map((name) => this.#slots.slot(name)),
      host,
    );
    return run();
  }

  has(name: string): boolean {
    return this.#slots.has(name);
  }

  get(name: string): unknown {
    return this.#slots.get(name);
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
