import { hasReport, MIME, toBundle, toBundleAsync } from "../../src/render/bundle.ts";
import { renderProgress } from "../../src/render/progress.ts";
import { compileCell } from "../cell/compile.ts";
import { babelHelpers } from "../cell/helpers.ts";
import { mayExport } from "../cell/module-exports.ts";
import type { MimeBundle } from "../link/messages.ts";
import { columnNames, heldBytes } from "../magics/held-bytes.ts";
import { helpBundle } from "../magics/help.ts";
import { invokeMagic } from "../magics/invoke.ts";
import { parseMagic } from "../magics/parse.ts";
import { magics, magicTable } from "../magics/registry.ts";
import { offerDesk } from "./debug/desk.ts";

/** One module, so that all of it lies in few files: each file that is loaded costs the first cell half a millisecond. */
export const ROOMS = {
  compileCell,
  babelHelpers,
  mayExport,
  toBundle,
  toBundleAsync,
  hasReport,
  renderProgress,
  textBundle: (text: string): MimeBundle => ({ [MIME.text]: text }),
  magics,
  magicTable,
  parseMagic,
  invokeMagic,
  heldBytes,
  columnNames,
  offerDesk,
  helpBundle,
};
