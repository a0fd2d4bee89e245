import { formatCount, formatSeconds } from "../units.ts";
import { toBundle } from "./bundle.ts";
import { lineHtml, progressHtml } from "./html.ts";
import { type Bundle, MIME } from "./mime.ts";

export interface ProgressView {
  readonly operation: string;
  /** In 0..1; undefined where the total is not known. */
  readonly fraction?: number | undefined;
  readonly note?: string | undefined;
  /** Rows that are done, for a rate. */
  readonly rows?: number | undefined;
  /** Makes a report to show below the bar. */
  readonly report?: (() => object) | undefined;
  /** Since the operation began. */
  readonly seconds: number;
  /** How many of them had gone when the fraction last moved; all of them where that is left out. */
  readonly movedSeconds?: number | undefined;
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
  const below = view.report && toBundle(view.report()).data;
  if (!below) return { data: { [MIME.html]: html, [MIME.text]: text }, metadata: {} };
  // Where a table is, its Markdown is as well.
  const markdown = below[MIME.markdown] ? { [MIME.markdown]: `${text}\n\n${below[MIME.markdown]}` } : {};
  const all = {
    ...markdown,
    [MIME.html]: `${html}${below[MIME.html] ?? ""}`,
    [MIME.text]: `${text}\n\n${below[MIME.text]}`,
  };
  return { data: all, metadata: {} };
}

/** The words of a progress line: "chunks of sales.csv · 37 % · 37 of 100 chunks · 4,000,000 rows a second · 12.1 s, 20.6 s left". */
export function progressText({ operation, fraction, note, rows, seconds, movedSeconds, state }: ProgressView): string {
  const percent = fraction === undefined || state === "done" ? undefined : `${Math.floor(clamp(fraction) * 100)} %`;
  const isRunning = state === "running" && seconds > 0;
  const rate = rows && isRunning ? `${formatCount(roughly(rows / seconds))} rows a second` : undefined;
  const left =
    isRunning && fraction !== undefined ? secondsLeft(clamp(fraction), seconds, movedSeconds ?? seconds) : undefined;
  const time = `${formatSeconds(seconds)}${left === undefined ? "" : `, ${formatSeconds(left)} left`}`;
  return [operation, ENDS[state], percent, note, rate, time].filter(Boolean).join(" · ");
}

/** Before there is something to go by a figure would jump. */
const LEAST_SHARE = 0.02;

/** While the fraction stands still the figure counts down; what goes on beyond it is not known. */
function secondsLeft(fraction: number, seconds: number, moved: number): number | undefined {
  if (fraction < LEAST_SHARE || fraction >= 1) return undefined;
  const left = (moved * (1 - fraction)) / fraction - (seconds - moved);
  return left > 0 ? left : undefined;
}

/** Two digits: more of them would flicker. */
function roughly(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.round(count / unit) * unit;
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, Number.isNaN(fraction) ? 0 : fraction));
}
