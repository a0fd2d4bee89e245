import { expect, test } from "vitest";
import { serverFailure } from "../../../../src/spark/server/failures.ts";
import { startSpark } from "../../../../src/spark/server/server.ts";

const STARTED = "2026-11-26 11:05:48 INFO SparkConnectServer: Spark Connect server started at: 127.0.0.1:34819";

test("what is said of a good start tells nothing of an end", () => {
  const killed = serverFailure("the Spark server has ended (SIGKILL)", `${STARTED}\n`);
  expect(killed).toMatchObject({
    message: "the Spark server has ended (SIGKILL)",
    hint: "%spark start starts it again",
  });
  const complaint = "2026-11-26 11:06:00 ERROR Executor: disk is slow\n  at org.apache.Some.call(Some.java:1)";
  expect(serverFailure("it has ended", `${STARTED}\n${complaint}\n`)).toMatchObject({
    code: "E_SPARK_DIED",
    message: "it has ended\n  2026-11-26 11:06:00 ERROR Executor: disk is slow",
    hint: "its last words stand above; %spark start starts it again",
  });
});

test("of a cause that is known the log's own words are told, and not what a dying server says after it", () => {
  const rejected = "2026-11-26 11:06:01 ERROR Executor: Executor launch task failed, reason: Task rejected";
  const dying = ["java.lang.OutOfMemoryError: Java heap space", "  at org.apache.Some.call(Some.java:1)", rejected];
  expect(serverFailure("it has ended", [STARTED, ...dying, ...dying].join("\n"))).toMatchObject({
    code: "E_SPARK_MEMORY",
    message: "it has ended: Spark's driver ran out of memory\n  java.lang.OutOfMemoryError: Java heap space",
    hint: expect.stringContaining("%spark start --driver-memory"),
  });
});

test("times that no timer can wait for are refused before anything is started", async () => {
  const bad = [{ startSeconds: 0 }, { startSeconds: Number.NaN }, { idleSeconds: -1 }, { idleSeconds: 5_000_000 }];
  for (const options of bad)
    await expect(startSpark({ ...options, sparkHome: "/none" }), JSON.stringify(options)).rejects.toMatchObject({
      code: "E_BAD_OPTION",
      message: expect.stringContaining(Object.keys(options)[0] as string),
    });
});
