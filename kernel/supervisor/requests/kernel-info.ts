import { packageVersion } from "../../../src/paths.ts";
import { PROTOCOL_VERSION } from "../../wire/message.ts";
import type { RequestHandler } from "../kernel.ts";

export const kernelInfo: RequestHandler = () => {
  const version = packageVersion();
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "outgrow",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: "7.0",
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "typescript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `Outgrow ${version}: TypeScript for data that outgrows memory. %lsmagic lists the magics.`,
    help_links: [],
    debugger: true,
    supported_features: ["debugger", "iopub_welcome"],
  };
};
