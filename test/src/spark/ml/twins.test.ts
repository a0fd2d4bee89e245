import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { BucketedRandomProjectionLSH, MinHashLSH, SparkSession } from "../../../../src/index.ts";
import { type MlTwin, nearly, pysparkMlAnswers } from "../../../support/ml-twins.ts";
import { sparkServer } from "../../../support/spark-server.ts";
import { FEATURE_TWINS } from "./feature-twins.ts";
import { MODEL_TWINS } from "./model-twins.ts";
import { assembler, ODD_FRAMES, ODD_PYTHON, ODD_TWINS, type OddFrames } from "./odd-twins.ts";
import { STAT_TWINS } from "./stat-twins.ts";
import { FRAMES, type Frames, PYTHON, twinFrames } from "./twin-frames.ts";

const TWINS = { ...FEATURE_TWINS, ...MODEL_TWINS, ...STAT_TWINS };

// The first test may wait for all that PySpark makes meanwhile.
vi.setConfig({ testTimeout: 900_000 });

let spark: SparkSession;
let frames: Frames;
let odd: OddFrames;
let theirs: Promise<Record<string, unknown>>;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  frames = await twinFrames(spark);
  odd = { rows: await spark.sql(ODD_FRAMES.rows), wide: await spark.sql(ODD_FRAMES.wide) };
  theirs = answersOfPySpark();
  theirs.catch(() => undefined);
}, 240_000);

afterAll(() => spark?.stop());

/** To both kinds of twins, whose frames have names of their own, one after the other. */
async function answersOfPySpark(): Promise<Record<string, unknown>> {
  const first = await pysparkMlAnswers(TWINS, PYTHON, FRAMES);
  return { ...first, ...(await pysparkMlAnswers(ODD_TWINS, ODD_PYTHON, ODD_FRAMES)) };
}

test.each(Object.keys(TWINS))("%s is PySpark's", async (name) => {
  const { ours, within } = TWINS[name] as MlTwin<Frames>;
  const made = await ours(frames);
  const expected = (await theirs)[name];
  expect(expected).not.toHaveProperty("error");
  expect(made).toEqual(nearly(expected, within));
});

test.each(Object.keys(ODD_TWINS))("%s: PySpark's answer, or its error with a way on", async (name) => {
  const { ours, within } = ODD_TWINS[name] as MlTwin<OddFrames>;
  const made = await ours(odd).catch((error: unknown) => error);
  const expected = (await theirs)[name];
  const { error, class: told } = (expected ?? {}) as { readonly error?: string; readonly class?: string | null };
  if (error === undefined) return expect(made).toEqual(nearly(expected, within));
  const code = told ? `E_SPARK_${told.replaceAll(".", "_")}` : "E_SPARK";
  return expect(made).toMatchObject({ name: "EngineError", code, hint: expect.stringMatching(/\w/) });
});

test("a search among neighbours says what it needs, and of a vector that it cannot take what to do", async () => {
  const rows = assembler(["a", "same"]).transform(odd.rows);
  const params = { inputCol: "features", outputCol: "hashes" };
  await using near = await new BucketedRandomProjectionLSH({ ...params, bucketLength: 2 }).fit(rows);
  const join = near.approxSimilarityJoin.bind(near);
  // @ts-expect-error as JavaScript lets it be written
  expect(() => join(rows, rows)).toThrow(
    expect.objectContaining({ code: "E_ML_PARAM", message: "approxSimilarityJoin needs threshold" }),
  );
  await expect(near.approxNearestNeighbors(rows, [1, 2, 3], 1).collect()).rejects.toMatchObject({
    hint: expect.stringContaining("as many numbers"),
  });
  await using sets = await new MinHashLSH(params).fit(rows);
  await expect(sets.approxNearestNeighbors(rows, [0, 0], 1).collect()).rejects.toMatchObject({
    hint: expect.stringContaining("other than 0"),
  });
});
