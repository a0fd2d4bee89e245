import { openDuckdb } from "../duckdb/session.ts";
import { Spool } from "../duckdb/write/spool.ts";
import { EngineError } from "../errors.ts";
import { arrow } from "../frame/arrow.ts";
import type { RunOptions } from "../progress.ts";
import type { FileSource } from "../source/source.ts";
import { formatBytes } from "../units.ts";
import type { TableSource } from "./table-source.ts";
import { untilStopped } from "./until-stopped.ts";

export interface HoldOptions extends Pick<RunOptions, "signal"> {
  /** Bytes. */
  readonly memoryLimit?: number | undefined;
  readonly threads?: number | undefined;
  /** Whether a column is wanted, by its name; all are when left out. */
  readonly isWanted?: ((name: string) => boolean) | undefined;
  /** Told how much was kept so far, 0 to 1, where that is known. */
  readonly onFraction?: ((fraction: number | undefined) => void) | undefined;
}

/** Tables as files, until they are disposed. */
export interface HeldFiles extends AsyncDisposable {
  readonly source: FileSource;
  /** Of the files, on the disk. */
  readonly bytes: number;
}

/**
 * Keeps tables in temporary Parquet files, which the general engine reads, whatever it is asked for, in bounded memory. The files go when
 * they are disposed, when `signal` is aborted and when the process ends.
 *
 * @throws {UsageError} E_NO_TYPE
 * @throws {DataError | EngineError | Interrupted}
 */
export async function holdTables(tables: TableSource, options: HoldOptions = {}): Promise<HeldFiles> {
  const { signal, isWanted = () => true, onFraction } = options;
  const session = await openDuckdb({ memoryLimit: options.memoryLimit, threads: options.threads, signal });
  try {
    const wanted = tables.fields?.filter(({ name }) => isWanted(name));
    refuseTooLarge(tables, wanted?.length, session.tempFree);
    const spool = new Spool(session);
    spool.declare(wanted ?? []);
    for await (const batch of untilStopped(tables.batches(), signal)) {
      // What a misspelt name may have meant is known only now, and is for the message.
      if (!wanted) spool.declare(batch.columns.map(({ name }) => ({ name, type: new (arrow().Null)() })));
      await spool.add(
        batch.columns.filter(({ name }) => isWanted(name)),
        batch.rows,
      );
      onFraction?.(batch.fraction);
    }
    const files = await spool.finish();
    const { label, what, bytes, drift } = tables;
    return {
      source: { kind: "files", label, format: "parquet", what, files, bytes, text: {}, drift },
      bytes: spool.bytes,
      [Symbol.asyncDispose]: () => session.close(),
    };
  } catch (failure) {
    await session.close();
    throw failure;
  }
}

/** Parquet takes at most about half of what Arrow does. */
function refuseTooLarge({ bytes, fields, label }: TableSource, wanted: number | undefined, free: number): void {
  const share = wanted === undefined || !fields?.length ? 1 : wanted / fields.length;
  const need = (bytes * share) / 2;
  if (need <= free) return;
  throw new EngineError(
    "E_NO_SPACE",
    `"${label}" is read through temporary files of about ${formatBytes(need)}, and ${formatBytes(free)} are free`,
    { hint: "set TMPDIR to a folder on a larger disk and restart the kernel, or use fewer columns" },
  );
}
