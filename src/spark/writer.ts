import { nameText, oneOf, wholeNumber, wrong } from "./check.ts";
import { type Options, type OptionValue, optionTexts } from "./options.ts";
import { planOf, type SparkPlan } from "./plan.ts";
import type { ActionOptions } from "./query.ts";
import { serverPath } from "./server-path.ts";

/** What happens where there is data already: it is added to, replaced, an error (the default), or left as it is. */
export type SaveMode = "append" | "overwrite" | "error" | "errorifexists" | "ignore";

const MODES = { append: 1, overwrite: 2, error: 3, errorifexists: 3, ignore: 4 } as const satisfies Record<
  SaveMode,
  number
>;
const SAVE_AS_TABLE = 1;
const INSERT_INTO = 2;

/** How a frame is written, and options of the format in Spark's own names. */
export interface WriteOptions {
  readonly mode?: SaveMode | undefined;
  /** Columns that become folders. */
  readonly partitionBy?: string | readonly string[] | undefined;
  readonly compression?: string | undefined;
  readonly [option: string]: OptionValue | readonly string[];
}

export interface TableOptions extends WriteOptions {
  readonly format?: string | undefined;
}

export interface CsvWriteOptions extends WriteOptions {
  readonly header?: boolean | undefined;
  readonly sep?: string | undefined;
  readonly quote?: string | undefined;
  readonly escape?: string | undefined;
  readonly nullValue?: string | undefined;
  readonly dateFormat?: string | undefined;
  readonly timestampFormat?: string | undefined;
  readonly quoteAll?: boolean | undefined;
}

interface State {
  readonly source?: string;
  readonly mode?: number;
  readonly options: Readonly<Record<string, string>>;
  readonly partitioningColumns?: string[];
  readonly clusteringColumns?: string[];
  readonly sortColumnNames?: string[];
  readonly bucketBy?: { readonly numBuckets: number; readonly bucketColumnNames: string[] };
}

type Names = readonly (string | readonly string[])[];

/** Writes a frame: `df.write.mode("overwrite").parquet(path)`. Each step gives a new writer; the last one is a promise. */
export class DataFrameWriter {
  readonly #frame: SparkPlan;
  readonly #state: State;

  constructor(frame: SparkPlan, state: State = { options: {} }) {
    this.#frame = frame;
    this.#state = state;
  }

  mode(mode: SaveMode): DataFrameWriter {
    return this.#with({ mode: MODES[oneOf(mode, Object.keys(MODES) as SaveMode[], "the mode")] });
  }

  format(name: string): DataFrameWriter {
    return this.#with({ source: nameText(name, "the format") });
  }

  option(name: string, value: OptionValue): DataFrameWriter {
    return this.options({ [name]: value });
  }

  options(options: Options): DataFrameWriter {
    return this.#with({ options: { ...this.#state.options, ...optionTexts(options) } });
  }

  /** Columns that become folders. */
  partitionBy(...columns: Names): DataFrameWriter {
    return this.#with({ partitioningColumns: namesOf(columns, "partitionBy") });
  }

  /** Spreads the rows of a table over a number of files by columns; for `saveAsTable`. */
  bucketBy(buckets: number, ...columns: Names): DataFrameWriter {
    const numBuckets = wholeNumber(buckets, "the number of buckets", 1);
    return this.#with({ bucketBy: { numBuckets, bucketColumnNames: namesOf(columns, "bucketBy") } });
  }

  /** The order within a bucket. */
  sortBy(...columns: Names): DataFrameWriter {
    return this.#with({ sortColumnNames: namesOf(columns, "sortBy") });
  }

  /** Columns whose near values are kept together. */
  clusterBy(...columns: Names): DataFrameWriter {
    return this.#with({ clusteringColumns: namesOf(columns, "clusterBy") });
  }

  /** Writes to a folder, or with none to where the format's options say. */
  async save(path?: string, options: TableOptions = {}, action?: ActionOptions): Promise<void> {
    const { client } = planOf(this.#frame);
    const target = path === undefined ? undefined : { case: "path" as const, value: await serverPath(client, path) };
    await this.#taking(options).#write(target, action);
  }

  /** Each row as an element of this name. */
  xml(path: string, options: WriteOptions & { readonly rowTag: string }, action?: ActionOptions): Promise<void> {
    return this.format("xml").save(nameText(path, "the path"), options, action);
  }

  parquet(path: string, options?: WriteOptions, action?: ActionOptions): Promise<void> {
    return this.format("parquet").save(nameText(path, "the path"), options, action);
  }

  csv(path: string, options?: CsvWriteOptions, action?: ActionOptions): Promise<void> {
    return this.format("csv").save(nameText(path, "the path"), options, action);
  }

  json(path: string, options?: WriteOptions, action?: ActionOptions): Promise<void> {
    return this.format("json").save(nameText(path, "the path"), options, action);
  }

  orc(path: string, options?: WriteOptions, action?: ActionOptions): Promise<void> {
    return this.format("orc").save(nameText(path, "the path"), options, action);
  }

  /** The one text column of a frame as lines. */
  text(path: string, options?: WriteOptions, action?: ActionOptions): Promise<void> {
    return this.format("text").save(nameText(path, "the path"), options, action);
  }

  /** A table of a database that the server reaches. */
  jdbc(url: string, table: string, { mode, ...properties }: WriteOptions = {}, action?: ActionOptions): Promise<void> {
    return this.format("jdbc").save(undefined, { ...properties, mode, url, dbtable: table }, action);
  }

  /** Writes a table of the catalog. */
  saveAsTable(name: string, options: TableOptions = {}, action?: ActionOptions): Promise<void> {
    const value = { tableName: nameText(name, "the table"), saveMethod: SAVE_AS_TABLE };
    return this.#taking(options).#write({ case: "table", value }, action);
  }

  /** Adds to a table of the catalog, column by column in their order; or replaces what is in it. */
  insertInto(
    name: string,
    { overwrite }: { readonly overwrite?: boolean } = {},
    action?: ActionOptions,
  ): Promise<void> {
    const value = { tableName: nameText(name, "the table"), saveMethod: INSERT_INTO };
    const writer = overwrite === undefined ? this : this.mode(overwrite ? "overwrite" : "append");
    return writer.#write({ case: "table", value }, action);
  }

  /** The writer with the words of an options object. */
  #taking({ mode, partitionBy, format, ...options }: TableOptions): DataFrameWriter {
    let writer = this.options(options as Options);
    if (mode !== undefined) writer = writer.mode(mode);
    if (partitionBy !== undefined) writer = writer.partitionBy(partitionBy);
    return format === undefined ? writer : writer.format(format);
  }

  async #write(
    saveType:
      | { case: "path"; value: string }
      | { case: "table"; value: { tableName: string; saveMethod: number } }
      | undefined,
    action?: ActionOptions,
  ): Promise<void> {
    const { client, relation } = planOf(this.#frame);
    const value = { input: relation, ...this.#state, ...(saveType && { saveType }) };
    await client.command({ commandType: { case: "writeOperation", value } }, { operation: "write", ...action });
  }

  #with(state: Partial<State>): DataFrameWriter {
    return new DataFrameWriter(this.#frame, { ...this.#state, ...state });
  }
}

function namesOf(columns: Names, method: string): string[] {
  const names = columns.flat().map((name) => nameText(name, `a column of ${method}()`));
  if (names.length === 0) throw wrong(`${method}() has no column`, `write ${method}("day")`);
  return names;
}
