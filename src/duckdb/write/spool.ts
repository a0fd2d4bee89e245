import { mkdir, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { EngineError } from "../../errors.ts";
import { arrow, type Data, type DataType } from "../../frame/arrow.ts";
import { mixedFailure } from "../../frame/mixed.ts";
import { noType } from "../../frame/no-type.ts";
import { typeKey } from "../../frame/type-key.ts";
import type { SourceFile } from "../../source/source.ts";
import { formatBytes } from "../../units.ts";
import type { DuckdbSession } from "../session.ts";
import { quoteList, quoteName, quoteText } from "../sql.ts";
import { type VectorWriter, vectorWriter } from "./vector-writer.ts";

/** A column of some rows. */
export interface SpoolColumn {
  readonly name: string;
  readonly data: Data;
}

const TABLE = "outgrow_piece";
/** Rows that are held in the engine before they go to a file. */
const PIECE_ROWS = 1_000_000;
const MOST_PIECE_BYTES = 64 * 2 ** 20;

/**
 * Keeps rows that come as Arrow data where the engine reads them: in Parquet files in the temporary folder of a session, which go with it. Never
 * more than one of these files is in memory.
 */
export class Spool {
  readonly #session: DuckdbSession;
  /** In the order in which they came; a column that never had a value has no type. */
  readonly #columns = new Map<string, string | undefined>();
  readonly #files: SourceFile[] = [];
  readonly #writers = new Map<string, VectorWriter>();
  #open: readonly { readonly name: string; readonly sqlType: string }[] | undefined;
  #rows = 0;
  #bytes = 0;

  constructor(session: DuckdbSession) {
    this.#session = session;
  }

  /** Bytes on the disk so far. */
  get bytes(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Columns that may come without a row. */
  declare(columns: readonly { readonly name: string; readonly type: DataType }[]): void {
    for (const { name, type } of columns) this.#note(name, this.#writerOf(name, type)?.sqlType);
  }

  /** @throws {UsageError} E_NO_TYPE for lists and structs */
  async add(columns: readonly SpoolColumn[], rows: number): Promise<void> {
    const written = columns.flatMap(({ name, data }) => {
      const writer = this.#writerOf(name, data.type);
      this.#note(name, writer?.sqlType);
      return writer ? [{ name, sqlType: writer.sqlType, data, write: writer.write }] : [];
    });
    if (rows === 0) return;
    // Rows of nothing but nulls are rows.
    if (written.length === 0) written.push(nothing(rows));
    if (!isSame(this.#open, written)) await this.#flush();
    if (this.#open === undefined) {
      const list = written.map(({ name, sqlType }) => `${quoteName(name)} ${sqlType}`).join(", ");
      await this.#session.execute(`CREATE TABLE ${TABLE} (${list})`);
      this.#open = written.map(({ name, sqlType }) => ({ name, sqlType }));
    }
    await this.#session.append(TABLE, written, rows);
    this.#rows += rows;
    this.#bytes += rows * written.reduce((sum, { data }) => sum + bytesOfRow(data), 0);
    const most = Math.min(MOST_PIECE_BYTES, this.#session.memoryLimit / 6);
    if (this.#rows >= PIECE_ROWS || this.#bytes >= most) await this.#flush();
  }

  /** The files with all rows in their order. The first has none, but all columns in their order under the types that hold all of their values. */
  async finish(): Promise<readonly SourceFile[]> {
    await this.#flush();
    const found =
      this.#files.length === 0
        ? []
        : await this.#session.describe(
            `SELECT * FROM read_parquet(${quoteList(this.#files.map(({ path }) => path))}, union_by_name = true)`,
          );
    const types = new Map(found.map(({ name, sqlType }) => [name, sqlType]));
    const list = [...this.#columns].map(
      ([name, sqlType]) => `CAST(NULL AS ${types.get(name) ?? sqlType ?? "DOUBLE"}) AS ${quoteName(name)}`,
    );
    const shape = await this.#copy(`SELECT ${list.join(", ")} LIMIT 0`, "columns");
    return [shape, ...this.#files];
  }

  #note(name: string, sqlType: string | undefined): void {
    if (!this.#columns.has(name) || sqlType !== undefined) this.#columns.set(name, sqlType);
  }

  /** Undefined for a column of nothing. */
  #writerOf(name: string, type: DataType): VectorWriter | undefined {
    if (arrow().DataType.isNull(type)) return undefined;
    const key = typeKey(type);
    const writer = this.#writers.get(key) ?? requireWriter(name, type);
    this.#writers.set(key, writer);
    return writer;
  }

  async #flush(): Promise<void> {
    if (this.#open === undefined) return;
    await checkRoom(this.#session.tempFolder, this.#bytes);
    const name = `rows-${String(this.#files.length + 1).padStart(6, "0")}`;
    this.#files.push(await this.#copy(`SELECT * FROM ${TABLE}`, name));
    await this.#session.execute(`DROP TABLE ${TABLE}`);
    this.#open = undefined;
    [this.#rows, this.#bytes] = [0, 0];
  }

  async #copy(sql: string, name: string): Promise<SourceFile> {
    const folder = this.#session.tempFolder;
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${name}.parquet`);
    await this.#session.execute(`COPY (${sql}) TO ${quoteText(file)} (FORMAT parquet)`);
    const { size, mtimeMs } = await stat(file);
    return { path: file, bytes: size, mtimeMs };
  }
}

/**
 * @throws {UsageError} E_NO_TYPE for lists and structs
 * @throws {DataError} E_MIXED_COLUMN
 */
export function requireWriter(name: string, type: DataType): VectorWriter {
  const mixed = mixedFailure(type);
  if (mixed) throw mixed;
  const writer = vectorWriter(type);
  if (writer) return writer;
  throw noType(name, type);
}

/** A column that stands for rows without one. */
function nothing(rows: number) {
  const { Bool, makeData } = arrow();
  const data = makeData({ type: new Bool(), length: rows, nullCount: 0, data: new Uint8Array((rows + 7) >> 3) });
  const writer = vectorWriter(data.type) as VectorWriter;
  return { name: "outgrow nothing", sqlType: writer.sqlType, data: data as Data, write: writer.write };
}

function isSame(
  open: readonly { readonly name: string; readonly sqlType: string }[] | undefined,
  columns: readonly { readonly name: string; readonly sqlType: string }[],
): boolean {
  if (open === undefined) return true;
  if (open.length !== columns.length) return false;
  return open.every(({ name, sqlType }, i) => columns[i]?.name === name && columns[i]?.sqlType === sqlType);
}

function bytesOfRow({ byteLength, length, dictionary }: Data): number {
  return dictionary ? 16 : Math.max(1, byteLength / Math.max(1, length));
}

/** What a piece takes in memory it takes at most on the disk. */
async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(path.dirname(folder));
  const free = bavail * bsize;
  if (free > bytes) return;
  throw new EngineError("E_NO_SPACE", `the disk of ${path.dirname(folder)} is full: ${formatBytes(free)} are free`, {
    hint: "free disk space, or set TMPDIR to a folder on a larger disk and restart the kernel",
  });
}
