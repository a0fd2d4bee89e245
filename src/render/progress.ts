import { formatSeconds } from "../units.ts";
import { lineHtml, progressHtml } from "./html.ts";
import { type Bundle, MIME } from "./mime.ts";

export interface ProgressView {
  readonly operation: string;
  /** In 0..1; undefined where the total is not known. */
  readonly fraction?: number | undefined;
  readonly note?: string | undefined;
  /** Since the operation began. */
  readonly seconds: number;
  readonly state: "running" | "done" | "failed" | "stopped";
}

const ENDS: Readonly<Record<ProgressView["state"], string | undefined>> = {
  running: undefined,
  done: undefined,
  failed: "failed",
  stopped: "stopped",
};

/** A progress bar, or the one quiet line that it ends as. Every update carries all forms, because front ends replace the whole. */
export function renderProgress(view: ProgressView): Bundle {
  const text = progressText(view);
  const fraction = view.fraction === undefined ? undefined : clamp(view.fraction);
  const html =
    view.state === "done" ? lineHtml(text) : progressHtml(text, view.state === "running" ? fraction : (fraction ?? 0));
  return { data: { [MIME.html]: html, [MIME.text]: text }, metadata: {} };
}

/** The words of a progress line: "chunks of sales.csv · 37 % · 37 of 100 chunks · 12.1 s". */
export function progressText({ operation, fraction, note, seconds, state }: ProgressView): string {
  const percent = fraction === undefined || state === "done" ? undefined : `${Math.floor(clamp(fraction) * 100)} %`;
  return [operation, ENDS[state], percent, note, formatSeconds(seconds)].filter(Boolean).join(" · ");
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, Number.isNaN(fraction) ? 0 : fraction));
}
