import type { Options } from "./options.ts";

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

export interface CreateDatabaseOptions {
  readonly ifNotExists?: boolean | undefined;
  readonly properties?: Options | undefined;
}

export interface DropTableOptions {
  readonly ifExists?: boolean | undefined;
  /** Past the trash of the file system, where there is one. */
  readonly purge?: boolean | undefined;
}

export interface DropDatabaseOptions {
  readonly ifExists?: boolean | undefined;
  /** With all that is in it. */
  readonly cascade?: boolean | undefined;
}
