import { nameText } from "./check.ts";
import type { RelationInit, SparkClient } from "./connect/client.ts";
import type { CatalogInit } from "./connect/messages.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { type Options, optionTexts } from "./options.ts";
import { serverPath } from "./server-path.ts";
import { type StorageLevelName, storageLevel } from "./storage-level.ts";

type CatalogType = NonNullable<CatalogInit["catType"]>;

export interface CatalogMetadata {
  readonly name: string;
  readonly description: string | null;
}

export interface CatalogDatabase {
  readonly name: string;
  readonly catalog: string | null;
  readonly description: string | null;
  readonly locationUri: string;
}

export interface CatalogTable {
  readonly name: string;
  readonly catalog: string | null;
  readonly namespace: readonly string[] | null;
  readonly description: string | null;
  readonly tableType: string;
  readonly isTemporary: boolean;
}

export interface CatalogColumn {
  readonly name: string;
  readonly description: string | null;
  readonly dataType: string;
  readonly nullable: boolean;
  readonly isPartition: boolean;
  readonly isBucket: boolean;
  readonly isCluster: boolean;
}

export interface CatalogFunction {
  readonly name: string;
  readonly catalog: string | null;
  readonly namespace: readonly string[] | null;
  readonly description: string | null;
  readonly className: string;
  readonly isTemporary: boolean;
}

export interface CreateTableOptions {
  /** Where the table's files are or shall be. */
  readonly path?: string | undefined;
  /** The format; Spark's default without it. */
  readonly source?: string | undefined;
  /** Columns and types, in Spark's words. */
  readonly schema?: string | undefined;
  readonly description?: string | undefined;
  readonly options?: Options | undefined;
}

/** What the server knows by name: `spark.catalog`. */
export class Catalog {
  readonly #client: SparkClient;
  readonly #make: (relation: RelationInit) => SparkDataFrame;

  constructor(client: SparkClient, make: (relation: RelationInit) => SparkDataFrame) {
    this.#client = client;
    this.#make = make;
  }

  currentCatalog(): Promise<string> {
    return this.#value({ case: "currentCatalog", value: {} });
  }

  async setCurrentCatalog(catalogName: string): Promise<void> {
    await this.#rows({ case: "setCurrentCatalog", value: { catalogName: nameText(catalogName, "the catalog") } });
  }

  listCatalogs(pattern?: string): Promise<CatalogMetadata[]> {
    return this.#rows({ case: "listCatalogs", value: given({ pattern }) });
  }

  currentDatabase(): Promise<string> {
    return this.#value({ case: "currentDatabase", value: {} });
  }

  async setCurrentDatabase(dbName: string): Promise<void> {
    await this.#rows({ case: "setCurrentDatabase", value: { dbName: nameText(dbName, "the database") } });
  }

  listDatabases(pattern?: string): Promise<CatalogDatabase[]> {
    return this.#rows({ case: "listDatabases", value: given({ pattern }) });
  }

  async getDatabase(dbName: string): Promise<CatalogDatabase> {
    const [database] = await this.#rows<CatalogDatabase>({
      case: "getDatabase",
      value: { dbName: nameText(dbName, "the database") },
    });
    return database as CatalogDatabase;
  }

  databaseExists(dbName: string): Promise<boolean> {
    return this.#value({ case: "databaseExists", value: { dbName: nameText(dbName, "the database") } });
  }

  /** Tables and views of a database, the current one unless another is named, and the temporary views of this session. */
  listTables(dbName?: string, pattern?: string): Promise<CatalogTable[]> {
    return this.#rows({ case: "listTables", value: given({ dbName, pattern }) });
  }

  async getTable(tableName: string): Promise<CatalogTable> {
    const value = { tableName: nameText(tableName, "the table") };
    const [table] = await this.#rows<CatalogTable>({ case: "getTable", value });
    return table as CatalogTable;
  }

  tableExists(tableName: string, dbName?: string): Promise<boolean> {
    return this.#value({
      case: "tableExists",
      value: { tableName: nameText(tableName, "the table"), ...given({ dbName }) },
    });
  }

  listColumns(tableName: string, dbName?: string): Promise<CatalogColumn[]> {
    return this.#rows({
      case: "listColumns",
      value: { tableName: nameText(tableName, "the table"), ...given({ dbName }) },
    });
  }

  listFunctions(dbName?: string, pattern?: string): Promise<CatalogFunction[]> {
    return this.#rows({ case: "listFunctions", value: given({ dbName, pattern }) });
  }

  async getFunction(functionName: string): Promise<CatalogFunction> {
    const value = { functionName: nameText(functionName, "the function") };
    const [found] = await this.#rows<CatalogFunction>({ case: "getFunction", value });
    return found as CatalogFunction;
  }

  functionExists(functionName: string, dbName?: string): Promise<boolean> {
    const value = { functionName: nameText(functionName, "the function"), ...given({ dbName }) };
    return this.#value({ case: "functionExists", value });
  }

  /** Makes a table: of files that are there, or an empty one of a schema. */
  async createTable(tableName: string, table: CreateTableOptions = {}): Promise<SparkDataFrame> {
    const { path, source, schema, description, options = {} } = table;
    const value = {
      tableName: nameText(tableName, "the table"),
      ...given({ source, description }),
      ...(path !== undefined && { path: await serverPath(this.#client, path) }),
      ...(schema !== undefined && {
        schema: { kind: { case: "unparsed" as const, value: { dataTypeString: schema } } },
      }),
      options: optionTexts(options),
    };
    await this.#rows({ case: "createTable", value });
    return this.#make({
      relType: { case: "read", value: { readType: { case: "namedTable", value: { unparsedIdentifier: tableName } } } },
    });
  }

  /** Whether there was such a view. */
  dropTempView(viewName: string): Promise<boolean> {
    return this.#value({ case: "dropTempView", value: { viewName: nameText(viewName, "the view") } });
  }

  dropGlobalTempView(viewName: string): Promise<boolean> {
    return this.#value({ case: "dropGlobalTempView", value: { viewName: nameText(viewName, "the view") } });
  }

  isCached(tableName: string): Promise<boolean> {
    return this.#value({ case: "isCached", value: { tableName: nameText(tableName, "the table") } });
  }

  async cacheTable(tableName: string, level?: StorageLevelName): Promise<void> {
    const value = { tableName: nameText(tableName, "the table"), ...(level && { storageLevel: storageLevel(level) }) };
    await this.#rows({ case: "cacheTable", value });
  }

  async uncacheTable(tableName: string): Promise<void> {
    await this.#rows({ case: "uncacheTable", value: { tableName: nameText(tableName, "the table") } });
  }

  async clearCache(): Promise<void> {
    await this.#rows({ case: "clearCache", value: {} });
  }

  /** Forgets what Spark has kept about a table's files. */
  async refreshTable(tableName: string): Promise<void> {
    await this.#rows({ case: "refreshTable", value: { tableName: nameText(tableName, "the table") } });
  }

  async refreshByPath(path: string): Promise<void> {
    await this.#rows({ case: "refreshByPath", value: { path: await serverPath(this.#client, path) } });
  }

  /** Looks for partitions in the folder of a table. */
  async recoverPartitions(tableName: string): Promise<void> {
    await this.#rows({ case: "recoverPartitions", value: { tableName: nameText(tableName, "the table") } });
  }

  async #value<T>(catType: CatalogType): Promise<T> {
    const [row] = await this.#rows<object>(catType);
    return Object.values(row ?? {})[0] as T;
  }

  #rows<R extends object>(catType: CatalogType): Promise<R[]> {
    return this.#make({ relType: { case: "catalog", value: { catType } } }).collect<R>();
  }
}

/** Only what is given: the protocol knows the difference between an empty text and none. */
function given<K extends string>(values: Readonly<Record<K, string | undefined>>): Partial<Record<K, string>> {
  const entries = Object.entries<string | undefined>(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Record<K, string>>;
}
