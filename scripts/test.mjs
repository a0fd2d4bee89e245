// npm test: the same set-up as npm start and a Spark, the house checks, then every test.
import { spawn } from "node:child_process";
import path from "node:path";
import { checks } from "./check.mjs";
import { jupyterEnv } from "./setup/jupyter.mjs";
import { installPySpark } from "./setup/pyspark.mjs";
import { installSpark } from "./setup/spark.mjs";
import { reportFailure } from "./setup/step.mjs";
import { all, root, setup } from "./setup.mjs";

try {
  await setup();
  // Which has built what checks and tests run.
  process.env.OUTGROW_BUILT = "1";
  const extra = process.argv.slice(2);
  // The checks need no network and the downloads hardly a processor.
  await all([installSpark(root), installPySpark(root), extra.length === 0 && checks()]);
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  process.exitCode = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, "run", ...extra], {
      cwd: root,
      env: jupyterEnv(root),
      stdio: "inherit",
    });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
} catch (error) {
  reportFailure(error);
}
