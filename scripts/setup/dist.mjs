import path from "node:path";
import { pathToFileURL } from "node:url";
import { step } from "./step.mjs";

export function buildDist(root) {
  return step(
    "build",
    {
      stamp: path.join(root, "dist", ".outgrow"),
      inputs: [
        "package-lock.json",
        "package.json",
        "tsconfig.json",
        "tsconfig.build.json",
        "src",
        "kernel",
        "scripts/build.mjs",
        "scripts/proto.mjs",
        "scripts/scan-kernel.mjs",
        "scripts/vendor.mjs",
        "scripts/vendor",
      ].map((file) => path.join(root, file)),
      cure: "run npm run build to see the compiler's words; in a changed checkout mend what it names",
    },
    async () => {
      const { build } = await import(pathToFileURL(path.join(root, "scripts", "build.mjs")).href);
      await build({ quiet: true });
    },
  );
}
