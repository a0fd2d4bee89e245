import { nameText, wrong } from "./check.ts";
import type { SparkClient } from "./connect/client.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { type Options, type OptionValue, optionTexts } from "./options.ts";
import type { RelationType } from "./plan.ts";
import { laterServerPath } from "./server-path.ts";

/** Options of a format in Spark's own names, and the schema, in Spark's words: `"id bigint, name string"`. */
export interface ReadOptions {
  readonly schema?: string | undefined;
  readonly [option: string]: OptionValue;
}

/** The options of CSV that people use; Spark's others can be given too. */
export interface CsvReadOptions extends ReadOptions {
  readonly header?: boolean | undefined;
  /** Looks through the file for the types; without it and without a schema everything is text. */
  readonly inferSchema?: boolean | undefined;
  readonly sep?: string | undefined;
  readonly quote?: string | undefined;
  readonly escape?: string | undefined;
  readonly encoding?: string | undefined;
  readonly comment?: string | undefined;
  readonly nullValue?: string | undefined;
  readonly nanValue?: string | undefined;
  readonly dateFormat?: string | undefined;
  readonly timestampFormat?: string | undefined;
  readonly multiLine?: boolean | undefined;
  readonly samplingRatio?: number | undefined;
  readonly ignoreLeadingWhiteSpace?: boolean | undefined;
  readonly ignoreTrailingWhiteSpace?: boolean | undefined;
  readonly mode?: "PERMISSIVE" | "DROPMALFORMED" | "FAILFAST" | undefined;
}

export interface JsonReadOptions extends ReadOptions {
  readonly multiLine?: boolean | undefined;
  readonly primitivesAsString?: boolean | undefined;
  readonly prefersDecimal?: boolean | undefined;
  readonly dateFormat?: string | undefined;
  readonly timestampFormat?: string | undefined;
  readonly samplingRatio?: number | undefined;
  readonly mode?: "PERMISSIVE" | "DROPMALFORMED" | "FAILFAST" | undefined;
}

export interface ParquetReadOptions extends ReadOptions {
  readonly mergeSchema?: boolean | undefined;
}

export interface TextReadOptions extends ReadOptions {
  /** A file is one row. */
  readonly wholetext?: boolean | undefined;
  readonly lineSep?: string | undefined;
}

/** One path or several: files, folders, globs; relative ones are those of this process when the server is on this machine. */
export type Paths = string | readonly string[];

interface State {
  readonly format?: string | undefined;
  readonly schema?: string | undefined;
  readonly options: Readonly<Record<string, string>>;
}

/** Reads data into frames: `spark.read`. Nothing is read until a frame is collected; each step gives a new reader. */
export class DataFrameReader {
  readonly #client: SparkClient;
  readonly #make: (relType: RelationType) => SparkDataFrame;
  readonly #state: State;

  constructor(client: SparkClient, make: (relType: RelationType) => SparkDataFrame, state: State = { options: {} }) {
    this.#client = client;
    this.#make = make;
    this.#state = state;
  }

  /** The format by its name: `csv`, `json`, `parquet`, `orc`, `text`, `xml`, `avro`, `jdbc`, or a class. */
  format(name: string): DataFrameReader {
    return this.#with({ format: nameText(name, "the format") });
  }

  /** The columns and types, in Spark's words: `"id bigint, name string"`. */
  schema(schema: string): DataFrameReader {
    return this.#with({ schema: nameText(schema, "the schema") });
  }

  option(name: string, value: OptionValue): DataFrameReader {
    return this.options({ [name]: value });
  }

  options(options: Options): DataFrameReader {
    return this.#with({ options: { ...this.#state.options, ...optionTexts(options) } });
  }

  /** What stands at the paths; none for sources that have other options. */
  load(paths: Paths = [], { schema, ...options }: ReadOptions = {}): SparkDataFrame {
    const { format, ...reader } = this.options(options).#state;
    const client = this.#client;
    const folder = process.cwd();
    const list = (typeof paths === "string" ? [paths] : [...paths]).map((one) => nameText(one, "a path"));
    const value = {
      ...(format !== undefined && { format }),
      schema: schema === undefined ? (reader.schema ?? "") : nameText(schema, "the schema"),
      options: reader.options,
      get paths() {
        return list.map((one) => laterServerPath(client, one, folder));
      },
    };
    return this.#make({ case: "read", value: { readType: { case: "dataSource", value } } });
  }

  csv(paths: Paths, options?: CsvReadOptions): SparkDataFrame {
    return this.#files("csv", paths, options);
  }

  /** One JSON value a line, or with `multiLine` one a file. */
  json(paths: Paths, options?: JsonReadOptions): SparkDataFrame {
    return this.#files("json", paths, options);
  }

  parquet(paths: Paths, options?: ParquetReadOptions): SparkDataFrame {
    return this.#files("parquet", paths, options);
  }

  orc(paths: Paths, options?: ReadOptions): SparkDataFrame {
    return this.#files("orc", paths, options);
  }

  /** Lines, as the column `value`. */
  text(paths: Paths, options?: TextReadOptions): SparkDataFrame {
    return this.#files("text", paths, options);
  }

  xml(paths: Paths, options: ReadOptions & { readonly rowTag: string }): SparkDataFrame {
    return this.#files("xml", paths, options);
  }

  /** A table of a database that the server reaches. */
  jdbc(url: string, table: string, properties: Options = {}): SparkDataFrame {
    return this.format("jdbc")
      .options({ ...properties, url, dbtable: table })
      .load();
  }

  /** A table or view by its name. */
  table(name: string): SparkDataFrame {
    const value = { unparsedIdentifier: nameText(name, "the table"), options: { ...this.#state.options } };
    return this.#make({ case: "read", value: { readType: { case: "namedTable", value } } });
  }

  #files(format: string, paths: Paths, options?: ReadOptions): SparkDataFrame {
    if (typeof paths !== "string" && (!Array.isArray(paths) || paths.length === 0))
      throw wrong(`${format}() has no path`, `write spark.read.${format}("data/sales.${format}")`);
    return this.format(format).load(paths, options);
  }

  #with(state: Partial<State>): DataFrameReader {
    return new DataFrameReader(this.#client, this.#make, { ...this.#state, ...state });
  }
}
