/** A result that is in a file, or where Spark wrote it in a folder of parts. */
export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
  /** Undefined where it is not on this machine. */
  readonly bytes: number | undefined;
}
