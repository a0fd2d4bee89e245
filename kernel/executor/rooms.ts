import { KernelBug } from "../../src/errors.ts";
import type { hasReport, toBundle, toBundleAsync } from "../../src/render/bundle.ts";
import type { renderProgress } from "../../src/render/progress.ts";
import type { compileCell } from "../cell/compile.ts";
import type { MagicTable } from "../cell/magic-call.ts";
import type { MimeBundle } from "../link/messages.ts";
import type { columnNames, heldBytes } from "../magics/held-bytes.ts";
import type { invokeMagic } from "../magics/invoke.ts";
import type { MagicDefinition } from "../magics/magic.ts";
import type { parseMagic } from "../magics/parse.ts";
import type { offerDesk } from "./debug/desk.ts";
import { asHostUntil } from "./host-code.ts";

/** What every cell needs and the executor's start does not wait for. */
export interface Rooms {
  readonly compileCell: typeof compileCell;
  readonly babelHelpers: object;
  readonly toBundle: typeof toBundle;
  readonly toBundleAsync: typeof toBundleAsync;
  readonly hasReport: typeof hasReport;
  readonly renderProgress: typeof renderProgress;
  readonly textBundle: (text: string) => MimeBundle;
  readonly magics: ReadonlyMap<string, MagicDefinition>;
  readonly magicTable: MagicTable;
  readonly parseMagic: typeof parseMagic;
  readonly invokeMagic: typeof invokeMagic;
  readonly heldBytes: typeof heldBytes;
  readonly columnNames: typeof columnNames;
  readonly offerDesk: typeof offerDesk;
  readonly helpBundle: (definition: MagicDefinition) => MimeBundle;
}

let loading: Promise<Rooms> | undefined;
let loaded: Rooms | undefined;

/** Loaded once, beside the supervisor's own start. */
export function loadRooms(): Promise<Rooms> {
  loading ??= asHostUntil(load());
  return loading;
}

/** For code that a cell calls: by then they are there. */
export function rooms(): Rooms {
  if (loaded === undefined) throw new KernelBug("a cell ran before its rooms were loaded");
  return loaded;
}

async function load(): Promise<Rooms> {
  const [cell, helpers, bundle, progress, registry, parse, invoke, held, help, desk] = await Promise.all([
    import("../cell/compile.ts"),
    import("../cell/helpers.ts"),
    import("../../src/render/bundle.ts"),
    import("../../src/render/progress.ts"),
    import("../magics/registry.ts"),
    import("../magics/parse.ts"),
    import("../magics/invoke.ts"),
    import("../magics/held-bytes.ts"),
    import("../magics/help.ts"),
    import("./debug/desk.ts"),
  ]);
  loaded = {
    compileCell: cell.compileCell,
    babelHelpers: helpers.babelHelpers,
    toBundle: bundle.toBundle,
    toBundleAsync: bundle.toBundleAsync,
    hasReport: bundle.hasReport,
    renderProgress: progress.renderProgress,
    textBundle: (text) => ({ [bundle.MIME.text]: text }),
    magics: registry.magics,
    magicTable: registry.magicTable,
    parseMagic: parse.parseMagic,
    invokeMagic: invoke.invokeMagic,
    heldBytes: held.heldBytes,
    columnNames: held.columnNames,
    offerDesk: desk.offerDesk,
    helpBundle: help.helpBundle,
  };
  return loaded;
}
