import type { SourceFile } from "typescript/unstable/ast";
import { applyEdits, type Edit } from "./edits.ts";
import type { Present, PresentedCell } from "./present.ts";
import { earlierMentions, earlierName, renamesIn, takenNames } from "./renames.ts";
import type { TypeServer } from "./server.ts";
import type { CellDiagnostic, CellText } from "./service.ts";
import { type Ast, type Declaration, declarationsOf, exportEdits, loadAst } from "./syntax.ts";
import { type Stands, Verdicts } from "./verdicts.ts";

/** The notebook file with one cell at its end: offsets go from the typed cell through `cell.edits`, then `edits`, then plus `boundary`. */
export interface PlacedCell {
  readonly cell: PresentedCell;
  readonly ast: Ast;
  readonly file: SourceFile;
  readonly boundary: number;
  readonly edits: readonly Edit[];
  readonly declares: readonly Declaration[];
  /** False: what the cell declares and means is a guess. */
  readonly parses: boolean;
  /** Declarations of the cells before, by name. */
  readonly standing: ReadonlyMap<string, Declaration>;
}

/** A cell that ran, as it stands in the notebook file. */
interface StandingCell {
  readonly id: string;
  readonly source: string;
  /** TypeScript, its outdated names renamed. */
  readonly text: string;
  /** Declarations by the name that they have in `text` now. */
  readonly declares: ReadonlyMap<string, Declaration>;
  /** What its mentions of a name before its own declaration of that name are bound to. */
  readonly earlier: ReadonlyMap<string, string>;
}

interface Placement {
  readonly placed: PlacedCell;
  readonly older: readonly StandingCell[];
  readonly earlier: ReadonlyMap<string, string>;
}

const SEPARATOR = "\n;\n";

/**
 * All cells that ran, as one growing TypeScript file in the order in which they ran. When a cell declares a name again,
 * the older declaration and what refers to it are renamed, so that both keep their types.
 */
export class NotebookText {
  readonly #server: TypeServer;
  readonly #present: Present;
  #standing: readonly StandingCell[] = [];
  readonly #accepted: CellText[] = [];
  #verdicts = new Verdicts();
  #edition = 0;
  #renames = 0;
  #last:
    | {
        readonly standing: readonly StandingCell[];
        readonly id: string | undefined;
        readonly cell: PresentedCell;
        readonly placement: Placement;
      }
    | undefined;

  constructor(server: TypeServer, present: Present) {
    this.#server = server;
    this.#present = present;
  }

  accept(cell: CellText): void {
    const [known, all] = [this.#known(), this.#all()];
    if (!known.stands(cell.id, cell.code, all) && !known.meansNothing(cell.id, cell.code, all))
      this.#accepted.push(cell);
  }

  /** What was found in a cell that is placed. */
  remember({ cell, declares, parses }: PlacedCell, id: string, found: readonly CellDiagnostic[]): void {
    if (parses && declares.length === 0) this.#known().remember(id, cell, this.#all(), found);
  }

  /** What was found in this cell before, when it would be found again. */
  recall(cell: PresentedCell, id: string): readonly CellDiagnostic[] | undefined {
    return this.#server.hasEdits() ? undefined : this.#known().recall(id, cell, this.#all());
  }

  /** Puts the cell behind all cells that ran; the server then answers for that file. One with an id will be checked. */
  async place(cell: PresentedCell, id?: string): Promise<PlacedCell> {
    for (let first = this.#accepted[0]; first !== undefined; first = this.#accepted[0]) {
      const accepted = await this.#present(first.code);
      if (accepted.text.trim() !== "") this.#stand(first.id, await this.#place(accepted, first.id));
      // Only now: should the server die meanwhile, the next attempt finds the cell here.
      this.#accepted.shift();
    }
    const { placed } = await this.#place(cell, id);
    // The server may have forgotten the file, or answered for another one since.
    await this.#server.update(placed.file.text);
    return placed;
  }

  /** What was found holds for the files as they were read. */
  #known(): Verdicts {
    const { edition } = this.#server;
    if (edition !== this.#edition) this.#verdicts = new Verdicts();
    this.#edition = edition;
    return this.#verdicts;
  }

  /** What stands, and will once the next cell is placed. */
  #all(): readonly Stands[] {
    const waiting = this.#accepted.map(({ id, code }) => ({ id, source: code, text: code, declares: undefined }));
    const replaced = new Set(waiting.map(({ id }) => id));
    return [...this.#standing.filter(({ id }) => !replaced.has(id)), ...waiting];
  }

  #stand(id: string, { placed, older, earlier }: Placement): void {
    const { ast, file, boundary, cell } = placed;
    // What does not parse would swallow the cells after it.
    if (!placed.parses) return;
    const strip = exportEdits(ast, file, boundary).map((edit) => moved(edit, -boundary));
    const standing: StandingCell = {
      id,
      source: cell.source,
      text: applyEdits(file.text.slice(boundary), strip),
      declares: new Map(placed.declares.map((declaration) => [declaration.name, declaration])),
      earlier,
    };
    this.#standing = withoutStale([...older, standing]);
  }

  /** A cell is checked and then accepted: the second time its place is known. */
  async #place(cell: PresentedCell, id: string | undefined): Promise<Placement> {
    const last = this.#last;
    if (last?.standing === this.#standing && last.id === id && last.cell.source === cell.source) return last.placement;
    const placement = await this.#findPlace(cell, id);
    this.#last = { standing: this.#standing, id, cell, placement };
    return placement;
  }

  async #findPlace(cell: PresentedCell, id: string | undefined): Promise<Placement> {
    const ast = await loadAst();
    const again = this.#standing.find((each) => each.id === id && each.source === cell.source && isCurrent(each));
    let older: readonly StandingCell[] = this.#standing.filter((each) => each !== again);
    let { boundary, file } = await this.#write(older, cell.text, id !== undefined);
    let declares = declarationsOf(ast, file, boundary);
    let edits: readonly Edit[] = [];
    let earlier: ReadonlyMap<string, string> = again?.earlier ?? new Map();
    const taken = takenNames(older.flatMap(currentDeclarations), declares);
    if (taken.size > 0 || earlier.size > 0) {
      const renames = new Map([...taken].map((name) => [name, earlierName(name, ++this.#renames)]));
      earlier = new Map([...earlier, ...renames]);
      edits = earlierMentions(ast, file, boundary, declares, earlier);
      older = await this.#rename(ast, older, renames);
      ({ boundary, file } = await this.#write(older, applyEdits(cell.text, edits)));
      declares = declarationsOf(ast, file, boundary);
    }
    const standing = new Map(older.flatMap(currentDeclarations).map((each) => [each.name, each]));
    const parses = !(await this.#server.hasSyntaxError(boundary));
    return { placed: { cell, ast, file, boundary, edits, declares, parses, standing }, older, earlier };
  }

  async #write(
    older: readonly StandingCell[],
    text: string,
    isChecked = false,
  ): Promise<{ readonly boundary: number; readonly file: SourceFile }> {
    const before = older.map((each) => each.text + SEPARATOR).join("");
    await this.#server.update(before + text);
    if (isChecked) this.#server.expectCheck();
    return { boundary: before.length, file: await this.#server.notebookFile() };
  }

  async #rename(
    ast: Ast,
    older: readonly StandingCell[],
    renames: ReadonlyMap<string, string>,
  ): Promise<readonly StandingCell[]> {
    if (renames.size === 0) return older;
    const { file } = await this.#write(older, "");
    const edits = await renamesIn(ast, this.#server, file, renames);
    let next = 0;
    return older.map((each) => {
      const start = next;
      next += each.text.length + SEPARATOR.length;
      const own = edits.filter((edit) => edit.start >= start && edit.start < next);
      if (own.length === 0) return each;
      const declares = new Map([...each.declares].map(([name, old]) => [renames.get(name) ?? name, old]));
      return {
        ...each,
        text: applyEdits(
          each.text,
          own.map((edit) => moved(edit, -start)),
        ),
        declares,
      };
    });
  }
}

/** Versions of a cell that ran again go when nothing that stands mentions them any more. */
function withoutStale(cells: readonly StandingCell[]): readonly StandingCell[] {
  const kept = cells.filter((cell, index) => {
    const replaced = cells.some((later, at) => at > index && later.id === cell.id);
    return (
      !replaced || currentDeclarations(cell).length > 0 || [...cell.declares.keys()].some(isMentioned(cells, cell))
    );
  });
  return kept.length === cells.length ? kept : withoutStale(kept);
}

function isMentioned(cells: readonly StandingCell[], owner: StandingCell): (name: string) => boolean {
  return (name) => cells.some((cell) => cell !== owner && cell.text.includes(name));
}

/** Declarations that no later cell has taken the name of. */
function currentDeclarations(cell: StandingCell): readonly Declaration[] {
  return [...cell.declares].filter(([name, { name: typed }]) => name === typed).map(([, declaration]) => declaration);
}

function isCurrent(cell: StandingCell): boolean {
  return currentDeclarations(cell).length === cell.declares.size;
}

function moved({ start, end, text }: Edit, by: number): Edit {
  return { start: start + by, end: end + by, text };
}
