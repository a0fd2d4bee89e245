import path from "node:path";
import { fileURLToPath } from "node:url";
import type { CellDiagnostic } from "../language/service.ts";
import type { CellFailure } from "../link/messages.ts";

/** Nothing but the name: "did you mean" says more than the error does. */
const NO_NAME = /^Cannot find name '([^']+)'\.$/;
const NO_MODULE = /^Cannot find module [^']*'([^']+)'/;
const NO_EXPORT = /^Module '"(.+)"' has no exported member '([^']+)'\.$/;
const ABSENT_EXPORT = /^The requested module '(.+)' does not provide an export named '([^']+)'$/;
const ABSENT_MODULE = /^Cannot find (?:module|package) '([^']+)' imported from (.+)$/;

/** What the type service found, without what the cell's error tells: a name that is not there, a module, or an export. */
export function withoutTold(
  found: readonly CellDiagnostic[],
  failure: CellFailure | undefined,
): readonly CellDiagnostic[] {
  return failure ? found.filter((finding) => !isTold(finding, failure)) : found;
}

function isTold({ message }: CellDiagnostic, { ename, evalue }: CellFailure): boolean {
  const name = NO_NAME.exec(message)?.[1];
  if (name !== undefined) return ename === "ReferenceError" && evalue === `${name} is not defined`;
  const [, module, member] = NO_EXPORT.exec(message) ?? [];
  if (module !== undefined) {
    const [, requested, named] = ABSENT_EXPORT.exec(evalue) ?? [];
    return requested === module && named === member;
  }
  const specifier = NO_MODULE.exec(message)?.[1];
  const [, absent, importer] = ABSENT_MODULE.exec(evalue) ?? [];
  if (specifier === undefined || absent === undefined || importer === undefined) return false;
  if (specifier.startsWith("file:")) return URL.canParse(specifier) && fileURLToPath(specifier) === absent;
  return `${specifier}/`.startsWith(`${absent}/`) || path.resolve(path.dirname(importer), specifier) === absent;
}
