import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ConfigRequest_OperationSchema, ConfigResponse } from "#spark-proto/base";
import type { CatalogSchema } from "#spark-proto/catalog";
import type { Expression_SortOrderSchema, Expression_WindowSchema } from "#spark-proto/expressions";
import type { StorageLevelSchema } from "#spark-proto/types";

/** Messages as plain data, for the rooms that build plans and load no transport. */
export type CatalogInit = MessageInitShape<typeof CatalogSchema>;
export type SortOrderInit = MessageInitShape<typeof Expression_SortOrderSchema>;
export type StorageLevelInit = MessageInitShape<typeof StorageLevelSchema>;
export type WindowInit = MessageInitShape<typeof Expression_WindowSchema>;
export type ConfigInit = NonNullable<MessageInitShape<typeof ConfigRequest_OperationSchema>["opType"]>;
export type ConfigResult = ConfigResponse;
