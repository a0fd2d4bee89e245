import { randomUUID } from "node:crypto";
import { Interrupted, UsageError } from "../../src/errors.ts";
import type { Document } from "../../src/frame/preview.ts";
import type { Profile } from "../../src/profile/profile.ts";
import type { ProgressEvent } from "../../src/progress.ts";
import { paced } from "../display/pace.ts";
import type { ProgressState } from "../display/progress.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicContext, MagicDefinition, SourceWord } from "./magic.ts";
import { COMMON, TEXT_OPTIONS } from "./options.ts";
import { sourceOf } from "./source.ts";
import { textOptions } from "./text-options.ts";

const options = {
  fast: { kind: "flag", summary: "the estimate only, from a sample" },
  full: { kind: "flag", summary: "read all of the data, however long it takes" },
  ...TEXT_OPTIONS,
  "memory-limit": COMMON["memory-limit"],
  threads: COMMON.threads,
  output: COMMON.output,
  quiet: COMMON.quiet,
  json: COMMON.json,
} as const;

export const profile: MagicDefinition = {
  name: "profile",
  forms: ["%"],
  summary: "memory and shape of data before it is loaded, with advice",
  args: [
    {
      name: "SOURCE",
      required: true,
      complete: "source",
      summary: "a file, folder or pattern, or a variable with a frame or a list of rows",
    },
  ],
  options,
  examples: ["%profile data/sales.csv", "%profile data/*.parquet --fast", "%profile sales -o report"],
  standsFor: 'profile("data/sales.csv")',
  body: "none",
  async run(invocation, context) {
    const given = optionsOf(options, invocation);
    if (given.fast && given.full)
      throw new UsageError("E_BAD_USE", "--fast and --full exclude each other", {
        hint: "leave one out: --fast estimates from a sample, --full reads everything",
        at: { text: invocation.line, start: 0, end: invocation.line.length },
      });
    const { profile: run, profileDocument } = await import("../../src/profile/profile.ts");
    const { progressText } = await import("../../src/render/progress.ts");
    const isSilent = given.quiet === true || given.json === true;
    const output = oneOutput(context, { documentOf: profileDocument, textOf: progressText, isSilent });
    try {
      const result = await run(await sourceOf(invocation.args.SOURCE as SourceWord, context), {
        ...textOptions(given),
        fast: given.fast,
        full: given.full,
        name: nameOf(invocation.args.SOURCE as SourceWord),
        memoryLimit: given["memory-limit"],
        threads: given.threads,
        signal: context.signal,
        cwd: context.cwd,
        onEstimate: output.estimate,
        onProgress: output.progress,
      });
      output.end(result);
      if (given.json) {
        const { jsonBundle } = await import("./json.ts");
        context.display(jsonBundle(result));
      }
      return result;
    } catch (error) {
      output.fail(error);
      throw error;
    }
  },
};

/** A frame is called what the user calls it. */
function nameOf(word: SourceWord): string | undefined {
  return word.kind === "variable" ? word.name : undefined;
}

interface OneOutput {
  estimate(profile: Profile): void;
  progress(event: ProgressEvent): void;
  end(profile: Profile): void;
  fail(error: unknown): void;
}

interface OutputOptions {
  readonly documentOf: (profile: Profile) => Document;
  readonly textOf: (state: ProgressState) => string;
  readonly isSilent: boolean;
}

/** The estimate, the progress of the pass below it, and the report, each in the place of the one before. */
function oneOutput(context: MagicContext, { documentOf, textOf, isSilent }: OutputOptions): OneOutput {
  const displayId = randomUUID();
  const startedAt = performance.now();
  let shown = false;
  let estimate: Document | undefined;
  const show = (document: Document): void => {
    if (isSilent) return;
    context.show(document, { displayId, update: shown });
    shown = true;
  };
  const showState = (event: ProgressEvent, state: ProgressState["state"]): void => {
    const text = textOf({ ...event, seconds: (performance.now() - startedAt) / 1000, state });
    if (context.status) context.status(text);
    else show({ blocks: [...(estimate?.blocks ?? []), { kind: "text", text }] });
  };
  const pacing = paced((event: ProgressEvent) => showState(event, "running"));
  return {
    estimate(profile) {
      estimate = documentOf(profile);
      show(estimate);
    },
    progress: (event) => pacing.offer(event),
    end(profile) {
      pacing.stop();
      show(documentOf(profile));
    },
    fail(error) {
      const last = pacing.stop();
      if (shown) showState(last ?? { operation: "full pass" }, error instanceof Interrupted ? "stopped" : "failed");
    },
  };
}
