// A Python that can run PySpark, which the tests and benches compare with; PySpark itself is in the Spark that they use.
import path from "node:path";
import { step } from "./step.mjs";
import { installRequirements, makePython, pythonOf } from "./venv.mjs";

export function installPySpark(root) {
  const folder = path.join(root, ".outgrow", "pyspark");
  const requirements = path.join(root, "test", "support", "pyspark-requirements.txt");
  return step(
    "Python packages of PySpark, to compare with",
    {
      stamp: path.join(folder, ".outgrow"),
      inputs: [requirements],
      cure: "check that pip reaches its index, then run the same command again",
    },
    async () => {
      await makePython(folder);
      await installRequirements(root, pythonOf(folder).python, requirements);
    },
  );
}
