import { currentRun } from "./current.ts";
import { refuseInput } from "./input.ts";
import { publish } from "./output.ts";
import type { SentinelLink } from "./sentinel-link.ts";

let link: Pick<SentinelLink, "waitForAnswer"> | undefined;

export function askThrough(sentinel: Pick<SentinelLink, "waitForAnswer">): void {
  link = sentinel;
}

/** As in a browser: asks for a line of text and waits for it; null where nothing was typed and there is no default. Code that awaits uses `input()`. */
export function prompt(message = "", fallback?: string): string | null {
  const text = ask(String(message));
  return text === "" ? (fallback ?? null) : text;
}

/** As in a browser: true when the answer is yes. */
export function confirm(message = ""): boolean {
  return /^\s*y(es)?\s*$/i.test(ask(`${message} [y/N] `));
}

function ask(text: string): string {
  const run = currentRun();
  const refusal = refuseInput(run);
  if (refusal || !run) throw refusal;
  const request = { type: "input-request", cell: run.id, prompt: text, password: false } as const;
  return link?.waitForAnswer(run.id, () => publish(request)) ?? "";
}
