import { expect, test } from "vitest";
import { pyspark } from "../../support/pyspark.ts";

test("PySpark's values arrive as they are", async () => {
  const given = ["x", 1.5];
  const script = `
row = spark.sql("SELECT 0.1D + 0.2D, double('NaN'), 9007199254740993L, 1.50BD, timestamp'2024-01-02 03:04:05Z', null, array(1, 2)").first()
result = {"row": list(row), "given": given, "version": spark.version}`;
  expect(await pyspark(script, given)).toEqual({
    row: [0.1 + 0.2, Number.NaN, 9007199254740993n, "1.50", new Date("2024-01-02T03:04:05Z"), null, [1, 2]],
    given,
    version: "4.3.0",
  });
});

test("a script that fails says PySpark's own words, without Java's", async () => {
  const failed = pyspark("spark.table('no_such_table').count()");
  await expect(failed).rejects.toThrow(/TABLE_OR_VIEW_NOT_FOUND/);
  await expect(failed).rejects.not.toThrow(/JVM stacktrace|\tat org\.apache/);
});

test("a script that hangs is ended", async () => {
  const hangs = "import time; print('hangs', file=sys.stderr, flush=True); time.sleep(600)";
  await expect(pyspark(hangs, null, undefined, 10_000)).rejects.toThrow(/SIGKILL\n(.*\n)*hangs/);
});
