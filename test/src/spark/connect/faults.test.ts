import { setTimeout } from "node:timers/promises";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SparkConnectService } from "#spark-proto/base";
import type { RelationInit, SparkClient } from "../../../../src/spark/connect/client.ts";
import { openSessions } from "../../../../src/spark/connect/open-sessions.ts";
import { type Fault, MockSpark } from "../../../support/mock-spark.ts";
import { openClient } from "../../../support/spark-client.ts";

const BATCHES = 5;
const QUERY: RelationInit = { relType: { case: "range", value: { end: 10n, step: 1n } } };

let server: MockSpark;
let client: SparkClient;

beforeEach(async () => {
  server = new MockSpark(responses());
  client = await openClient(await server.start());
});

afterEach(async () => {
  await client.close();
  server.stop();
});

describe("a stream that breaks", () => {
  test.each(["unavailable", "end", "disconnected"] as const)(
    "%s after any response loses and doubles nothing",
    async (how) => {
      for (let after = 0; after <= BATCHES + 1; after++) {
        server.faults = [{ after, how }];
        expect(await ids(), `after ${after}`).toEqual(expected());
      }
    },
  );

  test("again and again, a response at a time", async () => {
    server.faults = Array.from({ length: BATCHES + 1 }, (): Fault => ({ after: 1, how: "unavailable" }));
    expect(await ids()).toEqual(expected());
    expect(server.executed).toHaveLength(1);
  });

  test("within a batch that comes in chunks", async () => {
    server.stop();
    server = new MockSpark(responses(3));
    await client.close();
    client = await openClient(await server.start());
    for (let after = 0; after <= BATCHES * 3 + 1; after++) {
      server.faults = [{ after, how: "unavailable" }];
      expect(await ids(), `after ${after}`).toEqual(expected());
    }
  });

  test("before the plan arrived: it starts again under the same name, once", async () => {
    server.dropped = 2;
    expect(await ids()).toEqual(expected());
    expect(server.executed).toHaveLength(1);
    expect(server.calls.filter((name) => name === "ExecutePlan")).toHaveLength(3);
  });

  test("after an operation that the server lost: an error, not a second run", async () => {
    server.faults = [{ after: 2, how: "unavailable" }];
    const batches = client.batches(QUERY);
    await batches.next();
    server.operations.clear();
    await expect(drain(batches)).rejects.toMatchObject({ code: "E_SPARK_QUERY_LOST" });
    expect(server.executed).toHaveLength(1);
  });
});

describe("an end that is not success", () => {
  test("an error of Spark's is not tried again", async () => {
    server.faults = [{ after: 1, how: "spark-error" }];
    await expect(ids()).rejects.toMatchObject({ name: "EngineError", code: "E_SPARK_DIVIDE_BY_ZERO" });
    expect(server.calls.filter((name) => /Execute$|Plan$/.test(name) && name !== "AnalyzePlan")).not.toContain(
      "ReattachExecute",
    );
  });

  test("a server that started again is another session, and each who asks is told so where he asked", async () => {
    server.serverSideSession = "second";
    const { session } = await client.connection();
    expect([...openSessions]).toContain(session);
    await expect(ids()).rejects.toMatchObject({ name: "ConnectionError", code: "E_SPARK_SESSION_LOST" });
    const askedAgain = async () => await client.schema(QUERY);
    await expect(askedAgain()).rejects.toMatchObject({
      name: "ConnectionError",
      code: "E_SPARK_SESSION_LOST",
      hint: expect.stringContaining("getOrCreate()"),
      stack: expect.stringContaining("askedAgain"),
    });
    expect([...openSessions]).not.toContain(session);
  });

  test("a hole in the result is an error", async () => {
    server.stop();
    await client.close();
    server = new MockSpark(responses().filter((_, i) => i !== 3));
    client = await openClient(await server.start());
    await expect(ids()).rejects.toMatchObject({ code: "E_SPARK_BROKEN_RESULT" });
  });

  test("a server that is gone is given up soon, and the error says where it was", async () => {
    server.faults = [{ after: 1, how: "unavailable" }];
    const batches = client.batches(QUERY);
    const rest = drain(batches);
    server.stop();
    await expect(rest).rejects.toMatchObject({
      name: "ConnectionError",
      message: expect.stringContaining("sc://127.0.0.1:"),
    });
  });

  test("an old server is refused", async () => {
    const old = new MockSpark([]);
    old.version = "3.5.9";
    await expect(openClient(await old.start())).rejects.toMatchObject({
      code: "E_SPARK_VERSION",
      message: expect.stringContaining("3.5.9"),
    });
    old.stop();
  });
});

describe("leaving", () => {
  test("Stop ends the wait at once and interrupts the operation", async () => {
    server = await replaced({ hang: true });
    const stopper = new AbortController();
    const batches = client.batches(QUERY, { signal: stopper.signal });
    await batches.next();
    const rest = drain(batches);
    stopper.abort();
    await expect(rest).rejects.toMatchObject({ name: "Interrupted" });
    await vi.waitFor(() => expect(server.interrupted).toEqual(server.executed));
    await vi.waitFor(() => expect(server.openStreams).toBe(0));
  });

  test("Stop of a question that gets no answer tells who asked, and nothing of the transport", async () => {
    server.isMute = true;
    const { session } = await client.connection();
    const operation = { opType: { case: "getAll" as const, value: {} } };
    const asks = () =>
      session.call(SparkConnectService.method.config, { operation }, { signal: AbortSignal.timeout(50) });
    const asked = async () => await asks();
    await expect(asked()).rejects.toMatchObject({ name: "Interrupted", stack: expect.stringContaining("asked") });
    await expect(asked()).rejects.toMatchObject({ stack: expect.not.stringContaining("grpc") });
    server.isMute = false;
  });

  test("Stop between two tries of a question or an upload is a stop, and no server that does not answer", async () => {
    const { session } = await client.connection();
    server.stop();
    const operation = { opType: { case: "getAll" as const, value: {} } };
    const ways = {
      question: () =>
        session.call(SparkConnectService.method.config, { operation }, { signal: AbortSignal.timeout(100) }),
      upload: () =>
        session.upload(SparkConnectService.method.addArtifacts, () => [], { signal: AbortSignal.timeout(100) }),
    };
    for (const [name, ask] of Object.entries(ways))
      await expect(ask(), name).rejects.toMatchObject({ name: "Interrupted" });
  });

  test("Stop between two tries of a cut stream interrupts the operation", async () => {
    server = await hanging();
    server.faults = Array.from({ length: 5 }, (): Fault => ({ after: 0, how: "disconnected" }));
    const stopper = new AbortController();
    const rest = drain(client.batches(QUERY, { signal: stopper.signal }));
    rest.catch(() => undefined);
    const tries = () => server.calls.filter((name) => name === "ReattachExecute");
    await vi.waitFor(() => expect(tries()).toHaveLength(2), { timeout: 10_000 });
    await vi.waitFor(() => expect(server.openStreams).toBe(0));
    server.faults = [];
    stopper.abort();
    await expect(rest).rejects.toMatchObject({ name: "Interrupted" });
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    for (const id of ["1", "2"]) server.say(progress(2n), id);
    await vi.waitFor(() => expect(server.interrupted).toEqual(server.executed), { timeout: 10_000 });
  });

  test("breaking out of the loop stops the operation and frees the stream", async () => {
    server = await replaced({ hang: true });
    for await (const _ of client.batches(QUERY)) break;
    await vi.waitFor(() => expect(server.interrupted).toEqual(server.executed));
    await vi.waitFor(() => expect(server.openStreams).toBe(0));
  });

  test("a stop that overtakes its plan waits until the server knows the operation", async () => {
    server = await replaced({ hang: true, batches: 0 });
    server.overtaking = 2;
    const stopper = new AbortController();
    const rest = drain(client.batches(QUERY, { signal: stopper.signal }));
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    stopper.abort();
    await expect(rest).rejects.toMatchObject({ name: "Interrupted" });
    await vi.waitFor(() => expect(server.calls.filter((name) => name === "ReattachExecute")).toHaveLength(3));
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    expect(server.interrupted).toEqual([]);
    server.say(progress(4n), "0");
    await setTimeout(200);
    server.say(progress(4n), "1");
    await vi.waitFor(() => expect(server.interrupted).toEqual(server.executed));
  });

  test("Stop reads on until the same stages are at work in two reports", async () => {
    server = await hanging();
    const stopper = new AbortController();
    const rest = drain(client.batches(QUERY, { signal: stopper.signal, onProgress: () => undefined }));
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    server.say(progress(1n), "1");
    await setTimeout(100);
    stopper.abort();
    await expect(rest).rejects.toMatchObject({ name: "Interrupted" });
    await vi.waitFor(() => expect(server.calls).toContain("ReattachExecute"));
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    // The last is one that Spark sends twice.
    const reports = [progress(), progress(2n), progress(), progress(3n), progress(3n)];
    for (const [i, report] of reports.entries()) server.say(report, String(i + 2));
    await setTimeout(200);
    expect(server.interrupted).toEqual([]);
    server.say(progress(3n), "7");
    await vi.waitFor(() => expect(server.interrupted).toEqual(server.executed));
  });

  test("stages of which no news comes are as they were", async () => {
    server = await hanging();
    const stopper = new AbortController();
    const rest = drain(client.batches(QUERY, { signal: stopper.signal }));
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    server.say(progress(1n), "1");
    await setTimeout(100);
    stopper.abort();
    await expect(rest).rejects.toMatchObject({ name: "Interrupted" });
    await vi.waitFor(() => expect(server.interrupted).toEqual(server.executed), { timeout: 10_000 });
  });

  test("where every report tells of other stages, Stop waits no longer than a moment", async () => {
    server = await hanging();
    const stopper = new AbortController();
    const rest = drain(client.batches(QUERY, { signal: stopper.signal }));
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    stopper.abort();
    await expect(rest).rejects.toMatchObject({ name: "Interrupted" });
    let stage = 0;
    const speak = () => {
      server.say(progress(BigInt(++stage)), String(stage));
      return server.interrupted;
    };
    await expect.poll(speak, { timeout: 10_000 }).toEqual(server.executed);
    expect(stage).toBeGreaterThan(2);
  });

  test.each([
    ["a tag", () => client.interrupt({ tag: "mine" })],
    ["all", () => client.interrupt("all")],
    ["one operation", () => client.interrupt({ operationId: server.executed[0] ?? "" })],
    ["the end of the session", () => client.close()],
  ])("an interrupt of %s waits until tasks are at work", async (_, interrupt) => {
    server = await hanging();
    const rest = drain(client.batches(QUERY, { tags: ["mine"], onProgress: () => undefined }));
    rest.catch(() => undefined);
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    const interrupting = interrupt();
    await setTimeout(200);
    expect(server.interrupted).toEqual([]);
    for (const id of ["1", "2"]) server.say(progress(2n), id);
    const ids = await interrupting;
    expect(server.interrupted[0]).toBe(server.executed[0]);
    if (ids) expect(ids).toEqual(server.executed);
    expect(server.calls).not.toContain("ReattachExecute");
  });

  test("an interrupt of what this session does not run asks the server at once", async () => {
    server = await hanging();
    const rest = drain(client.batches(QUERY, { tags: ["mine"] }));
    rest.catch(() => undefined);
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    expect(await client.interrupt({ tag: "theirs" })).toEqual([]);
    expect(server.interrupted).toEqual(["theirs"]);
  });

  test("a whole result is released, not interrupted", async () => {
    await ids();
    await vi.waitFor(() => expect(server.calls).toContain("ReleaseExecute"));
    expect(server.interrupted).toEqual([]);
  });

  test("the end of a session whose server answers nothing ends what is read", async () => {
    server = await hanging();
    const rest = drain(client.batches(QUERY));
    rest.catch(() => undefined);
    await vi.waitFor(() => expect(server.openStreams).toBe(1));
    server.isMute = true;
    const { session } = await client.connection();
    await session.close(600);
    await expect(rest).rejects.toMatchObject({ code: "E_SPARK_CLOSED" });
  });

  test("nothing runs in a closed session", async () => {
    await client.close();
    await expect(ids()).rejects.toMatchObject({ code: "E_SPARK_CLOSED" });
  });
});

/** A server whose query is planned, and goes on. */
async function hanging(): Promise<MockSpark> {
  server.stop();
  await client.close();
  const next = new MockSpark([progress()]);
  next.hang = true;
  client = await openClient(await next.start());
  return next;
}

/** A report of the stages that are at work. */
function progress(...stages: bigint[]) {
  const value = { stages: stages.map((stageId) => ({ stageId, numTasks: 2n })), numInflightTasks: 1n };
  return { responseType: { case: "executionProgress" as const, value } };
}

async function replaced({
  hang,
  batches = 3,
}: {
  readonly hang: boolean;
  readonly batches?: number;
}): Promise<MockSpark> {
  server.stop();
  await client.close();
  const next = new MockSpark(responses().slice(0, batches));
  next.hang = hang;
  client = await openClient(await next.start());
  return next;
}

async function ids(): Promise<number[]> {
  const { table } = await client.table(QUERY);
  return [...(table.getChildAt(0) ?? [])] as number[];
}

async function drain(iterator: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of iterator);
}

function expected(): number[] {
  return Array.from({ length: BATCHES * 2 }, (_, i) => i);
}

/** A schema, batches of two rows each, perhaps in chunks, and the end. */
function responses(chunks = 1) {
  const batches = Array.from({ length: BATCHES }, (_, batch) => {
    const data = tableToIPC(tableFromArrays({ id: Int32Array.of(batch * 2, batch * 2 + 1) }), "stream");
    const size = Math.ceil(data.byteLength / chunks);
    return Array.from({ length: chunks }, (_, chunk) => ({
      responseType: {
        case: "arrowBatch" as const,
        value: {
          rowCount: 2n,
          startOffset: BigInt(batch * 2),
          data: data.subarray(chunk * size, (chunk + 1) * size),
          chunkIndex: BigInt(chunk),
          numChunksInBatch: BigInt(chunks),
        },
      },
    }));
  });
  const schema = { schema: { kind: { case: "struct" as const, value: { fields: [] } } } };
  const end = { responseType: { case: "resultComplete" as const, value: {} } };
  return [schema, ...batches.flat(), end];
}
