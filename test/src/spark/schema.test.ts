import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { DataTypeSchema } from "#spark-proto/types";
import { typeName } from "../../../src/spark/schema.ts";

type Kind = NonNullable<MessageInitShape<typeof DataTypeSchema>["kind"]>;

test.each<[Kind, string]>([
  [{ case: "timestampNtzNanos", value: { precision: 7 } }, "timestamp_ntz(7)"],
  [{ case: "timestampLtzNanos", value: {} }, "timestamp_ltz(9)"],
  [{ case: "timestampNtz", value: {} }, "timestamp_ntz"],
  [{ case: "time", value: { precision: 3 } }, "time(3)"],
])("%j is %s", (kind, name) => {
  expect(typeName(create(DataTypeSchema, { kind }))).toBe(name);
});
