import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { OperatorClass } from "../../../../src/spark/ml/operator.ts";
import { OPERATORS } from "../../../../src/spark/ml/operators.ts";
import { pyspark } from "../../../support/pyspark.ts";
import { leftOut } from "../../../support/pyspark-guide.ts";
import { sparkServer } from "../../../support/spark-server.ts";
import { readZip } from "../../../support/zip.ts";

/** Their defaults are lists of nothing, or of what the server finds by itself. */
const UNSAID = ["stopWords", "locale", "indices", "names"];

/** By operator and parameter, PySpark's default: null where there is none, or where it is another for each instance. */
type Defaults = Record<string, Record<string, unknown>>;

let theirs: Defaults;

beforeAll(async () => {
  const script = `
import importlib
from pyspark.ml.param import Param
result = {}
for name in given:
    room, cls = name.split(".")
    made = getattr(importlib.import_module("pyspark.ml." + room), cls)()
    def default(param):
        value = made._defaultParamMap.get(param)
        return None if param.name == "seed" or str(value).startswith(made.uid) else value
    result[name] = {param.name: default(param) for param in vars(made).values() if isinstance(param, Param)}
`;
  theirs = (await pyspark(
    script,
    OPERATORS.map(({ operator }) => operator),
  )) as Defaults;
}, 240_000);

test("what the server offers is here, or left out for a reason", async () => {
  const jars = path.join((await sparkServer()).home, "jars");
  const jar = readdirSync(jars).find((name) => /^spark-mllib_/.test(name)) ?? expect.fail("no jar of ML");
  const lists = readZip(readFileSync(path.join(jars, jar)), (name) =>
    /^META-INF\/services\/org\.apache\.spark\.ml\.(Estimator|Transformer|evaluation\.Evaluator)$/.test(name),
  );
  const offered = [...lists.values()].flatMap((list) =>
    [...list.toString().matchAll(/^org\.apache\.spark\.ml\.(\S+)$/gm)].map(([, name]) => name ?? ""),
  );
  expect(offered.length).toBeGreaterThan(90);
  const here = OPERATORS.map(({ operator }) => operator);
  expect([...here, ...leftOut("Spark ML")].sort()).toEqual(offered.sort());
});

test.each(OPERATORS.map((its): [string, OperatorClass] => [its.operator, its]))(
  "%s takes what PySpark's does, with the same defaults",
  (name, { takes }) => {
    const known = theirs[name] ?? {};
    expect(Object.keys(takes).sort()).toEqual(Object.keys(known).sort());
    // PySpark does not say the defaults of every model, whose parameters come from the fit.
    if (name.endsWith("Model")) return;
    for (const [param, { default: ours }] of Object.entries(takes))
      expect.soft([param, ours ?? null]).toEqual([param, UNSAID.includes(param) ? null : (known[param] ?? null)]);
  },
);
