import { randomUUID } from "node:crypto";
import { UsageError } from "../../src/errors.ts";
import type { MimeBundle } from "../link/messages.ts";
import { currentRun } from "./current.ts";
import { publish } from "./output.ts";
import { rooms } from "./rooms.ts";
import { forWire } from "./wire-bundle.ts";

export interface DisplayOptions {
  /** Outputs with the same id are one output: `update` replaces them. */
  readonly display_id?: string | undefined;
  /** Replace the output with this `display_id` instead of adding one. */
  readonly update?: boolean | undefined;
  /** `value` is a MIME bundle already. */
  readonly raw?: boolean | undefined;
}

/** An output that can be replaced later. */
export class DisplayHandle {
  readonly display_id: string;

  constructor(display_id: string) {
    this.display_id = display_id;
  }

  update(value: unknown): void {
    display(value, { display_id: this.display_id, update: true });
  }
}

/** Shows a value as a rich output of the cell that calls it, at once. */
export function display(value: unknown, options: DisplayOptions = {}): DisplayHandle {
  const { display_id = randomUUID(), update = false, raw = false } = options;
  if (update && options.display_id === undefined) {
    throw new UsageError("E_NO_DISPLAY_ID", "display(…, { update: true }) does not say which output to replace", {
      hint: "give the display_id of the first display, or call update() of what it returned",
    });
  }
  const { data, metadata } = raw ? { data: rawBundle(value), metadata: {} } : rooms().toBundle(value);
  displayBundle(data, { metadata, displayId: display_id, update });
  if (!raw && rooms().hasReport(value)) currentRun()?.waitFor(showReport(value, display_id));
  return new DisplayHandle(display_id);
}

/** What a value reports of itself after a question, as a query does, takes the place of its plain form. */
async function showReport(value: unknown, displayId: string): Promise<void> {
  const { data, metadata } = await rooms().toBundleAsync(value);
  displayBundle(data, { metadata, displayId, update: true });
}

export function displayBundle(
  data: MimeBundle,
  options: {
    readonly metadata?: MimeBundle;
    readonly displayId?: string | undefined;
    readonly update?: boolean | undefined;
  } = {},
): void {
  const run = currentRun();
  if (run === undefined || (run.stopped && run.answered)) return;
  const { metadata = {}, displayId, update = false } = options;
  publish({ type: "display", cell: run.id, data: forWire(data), metadata: forWire(metadata), displayId, update });
}

/** Removes the outputs of the cell; with `true` only when its next output comes. */
export function clearOutput(wait = false): void {
  const run = currentRun();
  if (run) publish({ type: "clear", cell: run.id, wait });
}

function rawBundle(value: unknown): MimeBundle {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError("E_RAW_DISPLAY", "display(…, { raw: true }) takes an object of MIME names and contents", {
    hint: "leave raw away to show any value",
  });
}
