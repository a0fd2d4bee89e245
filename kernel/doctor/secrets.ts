import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../src/errors.ts";
import { jupyterRuntimeFolder } from "../install.ts";
import { attempt, type Finding, quote } from "./finding.ts";

/** Files of Jupyter's in which a key or a token stands. */
const SECRET = /^(?:(?:kernel|jpserver|nbserver)-.*\.json|(?:jupyter|notebook)_cookie_secret)$/;

/** Who can read a kernel's key runs code as its user. */
export async function* checkSecrets(): AsyncGenerator<Finding> {
  const folder = jupyterRuntimeFolder();
  // On Windows a mode says nothing.
  if (process.platform === "win32" || !existsSync(folder)) return;
  yield attempt("keys", `chmod -R go-rwx ${quote(folder)}`, () => {
    const open = isClosed(folder)
      ? []
      : readdirSync(folder).filter((name) => SECRET.test(name) && isOpen(folder, name));
    if (open.length === 0) return "can be read by nobody else";
    const others = open.length > 1 ? ` and ${open.length - 1} more` : "";
    throw new UsageError("E_OPEN_KEYS", `others can read ${path.join(folder, open[0] ?? "")}${others}`);
  });
}

function isClosed(folder: string): boolean {
  return (statSync(folder).mode & 0o011) === 0;
}

function isOpen(folder: string, name: string): boolean {
  // A server may end and take its file along.
  return ((statSync(path.join(folder, name), { throwIfNoEntry: false })?.mode ?? 0) & 0o044) !== 0;
}
