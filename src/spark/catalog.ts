import type {
  CatalogColumn,
  CatalogDatabase,
  CatalogFunction,
  CatalogMetadata,
  CatalogTable,
  CreateDatabaseOptions,
  CreateTableOptions,
  DropDatabaseOptions,
  DropTableOptions,
} from "./catalog-types.ts";
import { nameText } from "./check.ts";
import type { RelationInit, SparkClient } from "./connect/client.ts";
import type { CatalogInit } from "./connect/messages.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import { optionTexts } from "./options.ts";
import { requireVersion } from "./require-version.ts";
import { serverPath } from "./server-path.ts";
import { type StorageLevelName, storageLevel } from "./storage-level.ts";

type CatalogType = NonNullable<CatalogInit["catType"]>;

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

  /** The tables below need a server of 4.2; `spark.sql("DROP TABLE ...")` works on all. */
  async dropTable(tableName: string, { ifExists = false, purge = false }: DropTableOptions = {}): Promise<void> {
    const value = { tableName: nameText(tableName, "the table"), ifExists, purge };
    await this.#newer({ case: "dropTable", value });
  }

  async dropView(viewName: string, { ifExists = false }: { readonly ifExists?: boolean } = {}): Promise<void> {
    await this.#newer({ case: "dropView", value: { viewName: nameText(viewName, "the view"), ifExists } });
  }

  async createDatabase(
    dbName: string,
    { ifNotExists = false, properties = {} }: CreateDatabaseOptions = {},
  ): Promise<void> {
    const value = { dbName: nameText(dbName, "the database"), ifNotExists, properties: optionTexts(properties) };
    await this.#newer({ case: "createDatabase", value });
  }

  async dropDatabase(dbName: string, { ifExists = false, cascade = false }: DropDatabaseOptions = {}): Promise<void> {
    await this.#newer({ case: "dropDatabase", value: { dbName: nameText(dbName, "the database"), ifExists, cascade } });
  }

  /** The views of a database, the current one unless another is named, and the temporary views of this session. */
  listViews(dbName?: string, pattern?: string): Promise<CatalogTable[]> {
    return this.#newer({ case: "listViews", value: given({ dbName, pattern }) });
  }

  /** As `year=2024/month=5`, one for each partition. */
  async listPartitions(tableName: string): Promise<string[]> {
    const value = { tableName: nameText(tableName, "the table") };
    const rows = await this.#newer<object>({ case: "listPartitions", value });
    return rows.map((row) => Object.values(row)[0] as string);
  }

  async getTableProperties(tableName: string): Promise<Record<string, string>> {
    const value = { tableName: nameText(tableName, "the table") };
    const rows = await this.#newer<object>({ case: "getTableProperties", value });
    return Object.fromEntries(rows.map((row) => Object.values(row) as [string, string]));
  }

  /** The statement that would make the table again. */
  async getCreateTableString(tableName: string): Promise<string> {
    const value = { tableName: nameText(tableName, "the table") };
    const [row] = await this.#newer<object>({ case: "getCreateTableString", value });
    return Object.values(row ?? {})[0] as string;
  }

  /** Removes all rows. */
  async truncateTable(tableName: string): Promise<void> {
    await this.#newer({ case: "truncateTable", value: { tableName: nameText(tableName, "the table") } });
  }

  /** Counts for Spark's planner; without a scan only the size in bytes. */
  async analyzeTable(tableName: string, { noScan = false }: { readonly noScan?: boolean } = {}): Promise<void> {
    await this.#newer({ case: "analyzeTable", value: { tableName: nameText(tableName, "the table"), noScan } });
  }

  async #newer<R extends object>(catType: CatalogType): Promise<R[]> {
    await requireVersion(this.#client, "4.2", `catalog.${catType.case}()`);
    return this.#rows<R>(catType);
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
