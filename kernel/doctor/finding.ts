import { isClone, packageRoot } from "../../src/paths.ts";

/** What is known of one part. */
export interface Finding {
  readonly part: string;
  readonly ok: boolean;
  readonly says: string;
  /** The command that mends it. */
  readonly cure?: string | undefined;
}

/** Tries a part for real; what it throws is what is wrong. Its own hint, which was written for people in a notebook, gives way to `cure`. */
export async function attempt(
  part: string,
  cure: string | ((error: unknown) => string),
  check: () => string | Promise<string>,
): Promise<Finding> {
  try {
    return { part, ok: true, says: await check() };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return { part, ok: false, says: firstLine(says), cure: typeof cure === "string" ? cure : cure(error) };
  }
}

/** As one types it here: a clone has no command of its own on PATH. */
export function commandLine(words: string): string {
  return isClone() ? `cd ${quote(packageRoot())} && node dist/kernel/main.js ${words}` : `outgrow ${words}`;
}

/** Fetches this version's packages again. */
export function reinstall(): string {
  return isClone() ? `cd ${quote(packageRoot())} && npm ci && npm run build` : "npm install -g outgrow";
}

/** A path as a shell takes it. */
export function quote(text: string): string {
  return /^[\w./:@%+=~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
