// The thread that unpacks the files of a scan for the one that reads their text.
import type { SourceFile } from "../../source/source.ts";
import { serve } from "../../threads/serve.ts";
import { packFailure } from "./failures.ts";
import { type FeedEnd, STOPPED } from "./feed.ts";
import { gunzipFiles } from "./gunzip.ts";
import { unpackKernel } from "./unpack-kernel.ts";

export interface UnpackTask {
  readonly files: readonly SourceFile[];
  readonly end: FeedEnd;
}

serve(
  ({ files, end }: UnpackTask) => {
    try {
      gunzipFiles(unpackKernel(end), end, files);
    } catch (failure) {
      if (failure !== STOPPED) throw failure;
    }
    return { value: undefined, buffers: [] };
  },
  { pack: packFailure },
);
