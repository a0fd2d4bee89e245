export type NameKind = "let" | "const" | "var" | "function" | "class" | "enum" | "namespace" | "import";

export interface Declared {
  readonly name: string;
  readonly kind: NameKind;
}

/** The kinds of the session's names: what the compiler must know of earlier cells. */
export class CellScope {
  readonly #kinds = new Map<string, NameKind>();
  #edition = 0;

  /** Another number than before whenever a kind has changed. */
  get edition(): number {
    return this.#edition;
  }

  kind(name: string): NameKind | undefined {
    return this.#kinds.get(name);
  }

  has(name: string): boolean {
    return this.#kinds.has(name);
  }

  declare(name: string, kind: NameKind): void {
    if (this.#kinds.get(name) === kind) return;
    this.#edition++;
    this.#kinds.set(name, kind);
  }

  forget(name: string): void {
    if (this.#kinds.delete(name)) this.#edition++;
  }

  names(): string[] {
    return [...this.#kinds.keys()];
  }
}
