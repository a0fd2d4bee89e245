import path from "node:path";
import { pathToFileURL } from "node:url";
import { step } from "./step.mjs";

/** What the tests need beside the rest: a real Spark, and Java where there is none. `SPARK_HOME` names one that is there already. */
export function installSpark(root) {
  if (process.env.SPARK_HOME) return false;
  return step(
    "Spark 4.3.0 from the Python index (456 MB, once)",
    {
      stamp: path.join(root, ".outgrow", "spark", ".outgrow"),
      inputs: [path.join(root, "src", "spark", "server", "install.ts")],
      cure: "run the same command again, it goes on where it was; behind a mirror set PIP_INDEX_URL; or set SPARK_HOME to a Spark 4",
    },
    async () => {
      const library = await import(pathToFileURL(path.join(root, "dist", "src", "index.js")).href);
      await library.installSpark({ onProgress: tellQuarters() });
    },
  );
}

/** A long download says from time to time that it lives. */
function tellQuarters() {
  let told = "";
  return ({ operation, fraction = 0 }) => {
    const now = `${operation}: ${Math.floor(fraction * 4) * 25} %`;
    if (now !== told) console.log(`  ${now}`);
    told = now;
  };
}
