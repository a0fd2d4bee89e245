import { afterAll, beforeAll, expect, test } from "vitest";
import type { SparkClient } from "../../src/spark/connect/client.ts";
import { runFolder } from "./run-folder.ts";
import { openClient, sqlPlan } from "./spark-client.ts";
import { sparkReport } from "./spark-report.ts";
import { sparkServer } from "./spark-server.ts";

const LONG = "SELECT sum(a.id * b.id % 7) AS s FROM range(300000) a CROSS JOIN range(300000) b";

let client: SparkClient;

beforeAll(async () => {
  const server = await sparkServer();
  client = await openClient(server.address, server);
}, 240_000);

afterAll(() => client?.close());

test("a report names who holds the cores: tasks, their session, the operation, and what the threads do", async () => {
  const session = (await client.connection()).session.id;
  const running = client.table(sqlPlan(LONG), { tags: ["long"] }).catch((error: unknown) => error);
  try {
    const report = async () => (await sparkReport(runFolder())).split(/^Spark, .*:$/m);
    await expect
      .poll(report, { timeout: 60_000 })
      .toEqual([
        "",
        expect.stringMatching(new RegExp(`task \\S+ in stage \\d+ since \\S+, session ${session}`)),
        expect.stringMatching(new RegExp(`\\S+ since \\S+, session ${session}`)),
        expect.stringMatching(/"Executor task launch worker.*\n(?:.*\n)*?.* at org\.apache\.spark\./),
        expect.stringMatching(/^\s+\d\d\/\d\d\/\d\d .* INFO /m),
      ]);
    expect((await sparkReport(runFolder())).split("\n").length).toBeLessThan(110);
  } finally {
    await expect.poll(() => client.interrupt({ tag: "long" }), { timeout: 60_000 }).toHaveLength(1);
    await running;
  }
  await expect.poll(() => sparkReport(runFolder()), { timeout: 60_000 }).not.toContain(`session ${session}`);
});
