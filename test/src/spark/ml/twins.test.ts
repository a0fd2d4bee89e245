import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SparkSession } from "../../../../src/index.ts";
import { type MlTwin, nearly, pysparkMlAnswers } from "../../../support/ml-twins.ts";
import { sparkServer } from "../../../support/spark-server.ts";
import { FEATURE_TWINS } from "./feature-twins.ts";
import { MODEL_TWINS } from "./model-twins.ts";
import { FRAMES, type Frames, PYTHON, twinFrames } from "./twin-frames.ts";

const TWINS = { ...FEATURE_TWINS, ...MODEL_TWINS };

// The first test may wait for all that PySpark makes meanwhile.
vi.setConfig({ testTimeout: 900_000 });

let spark: SparkSession;
let frames: Frames;
let theirs: Promise<Record<string, unknown>>;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  frames = await twinFrames(spark);
  theirs = pysparkMlAnswers(TWINS, PYTHON, FRAMES);
  theirs.catch(() => undefined);
}, 240_000);

afterAll(() => spark?.stop());

test.each(Object.keys(TWINS))("%s is PySpark's", async (name) => {
  const { ours, within } = TWINS[name] as MlTwin<Frames>;
  const made = await ours(frames);
  const expected = (await theirs)[name];
  expect(expected).not.toHaveProperty("error");
  expect(made).toEqual(nearly(expected, within));
});
