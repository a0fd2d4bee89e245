import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { type DataType, DataTypeSchema } from "#spark-proto/types";
import { arrow } from "../../../src/frame/arrow.ts";
import { toBundle, toBundleAsync } from "../../../src/render/bundle.ts";
import type { SparkClient } from "../../../src/spark/connect/client.ts";
import { frameOfResult } from "../../../src/spark/connect/frames.ts";
import { SparkDataFrame } from "../../../src/spark/dataframe.ts";
import { sanitize } from "../render/jupyterlab.ts";

/** What names and values of a table must never become in a notebook. */
const HOSTILE = [
  "<script>alert(1)</script>",
  "</td></tr></table><img src=x onerror=alert(1)>",
  '" onmouseover="alert(1)',
  "a|b\n| c",
  "[click](javascript:alert(1)) **b** `c` $x^2$",
  "\u001b]8;;http://x\u0007link\u001b[31m\u202Etxt",
];
const TEXT = { kind: { case: "string" as const, value: {} } };

const schema: DataType = create(DataTypeSchema, {
  kind: {
    case: "struct",
    value: {
      fields: HOSTILE.map((name) => ({
        name,
        nullable: true,
        dataType: { kind: { case: "struct" as const, value: { fields: [{ name, nullable: true, dataType: TEXT }] } } },
      })),
    },
  },
});

/** A client whose server tells this schema and nothing else. */
const client = {
  label: "sc://<b>host</b>:15002",
  version: async () => "4.3.0",
  schema: async () => schema,
} as unknown as SparkClient;

test("the columns of a query: hostile names and types are text in every form", async () => {
  const query = new SparkDataFrame(client, { relType: { case: "range", value: { end: 1n, step: 1n } } });
  const { data } = await toBundleAsync(query);
  check(data);
  expect(String(data["text/html"])).toContain("struct&lt;&lt;script&gt;");
  expect(String(data["text/html"])).toContain("sc://&lt;b&gt;host&lt;/b&gt;:15002");
});

test("what PySpark has as properties says how it is asked", () => {
  const { columns, dtypes, schema, storageLevel } = SparkDataFrame.prototype;
  for (const method of [columns, dtypes, schema, storageLevel])
    expect(toBundle(method).data["text/plain"]).toBe(
      `${method.name} is asked of the server: await frame.${method.name}()`,
    );
});

test("the rows of a query: hostile names and values are text in every form", () => {
  const { tableFromArrays } = arrow();
  const columns = HOSTILE.map((text, i) => [text, [HOSTILE[(i + 1) % HOSTILE.length] ?? "", text]] as const);
  const { data } = toBundle(frameOfResult(tableFromArrays(Object.fromEntries(columns)), undefined));
  check(data);
  expect(String(data["text/html"]).match(/&lt;script&gt;/g)).toHaveLength(3);
});

function check(data: Readonly<Record<string, unknown>>): void {
  const [html, markdown, text] = ["text/html", "text/markdown", "text/plain"].map((type) => String(data[type]));
  expect(sanitize(html as string)).toBe(html);
  expect(html).not.toMatch(/<(script|img|a|b)\b|<[^>]*onmouseover/);
  const marks = (markdown as string).replaceAll("<em>null</em>", "").replaceAll(/<span>&#(36|92);<\/span>/g, "");
  expect(marks).not.toMatch(/[$`*_<>\\~[\]]/);
  for (const form of [html, markdown, text]) expect(form).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e]/u);
  const rows = (markdown as string).split("\n").filter((line) => line.startsWith("|"));
  expect(new Set(rows.map((line) => line.split("|").length)).size).toBe(1);
}
