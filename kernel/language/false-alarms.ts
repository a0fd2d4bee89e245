import type { Finding } from "./check.ts";
import type { PlacedCell } from "./notebook-text.ts";
import type { ProjectFiles } from "./project.ts";
import { canResolve } from "./resolve.ts";
import { wordsOf } from "./words-of.ts";

/** Reports that are right for a program but wrong or useless for a cell of a notebook. A false alarm costs more than a missed report. */
export function isFalseAlarm(finding: Finding, placed: PlacedCell, files: ProjectFiles): boolean {
  if (ALWAYS.has(finding.code) || isImplicit(finding.code)) return true;
  if (isMissingModule(finding)) return canResolve(files, finding.specifier);
  if (CANNOT_FIND_NAME.has(finding.code)) return /^_\d+$/.test(finding.words);
  if (finding.code === USED_BEFORE_ASSIGNED) return mentionsEarlier(finding, placed, () => true);
  // An earlier cell's callback may have assigned what the checker still takes for its first value.
  if (finding.code === NO_OVERLAP || MAYBE_NOTHING.has(finding.code))
    return mentionsEarlier(finding, placed, ({ mutable }) => mutable) || mentionsBare(finding, placed);
  return finding.code === NO_PROPERTY && /on type 'never'/.test(finding.message);
}

/** "Cannot find module", with and without the advice about `moduleResolution`. */
export function isMissingModule({ code }: { readonly code: number }): boolean {
  return code === 2307 || code === 2792 || code === 2882;
}

/** With and without "did you mean": `_7` is the result of cell 7. */
const CANNOT_FIND_NAME: ReadonlySet<number> = new Set([2304, 2552]);
const USED_BEFORE_ASSIGNED = 2454;
const NO_OVERLAP = 2367;
const NO_PROPERTY = 2339;
/** "'x' is possibly undefined" and its kin. */
const MAYBE_NOTHING: ReadonlySet<number> = new Set([2531, 2532, 2533, 18047, 18048, 18049]);

const ALWAYS: ReadonlySet<number> = new Set([
  1166, // a computed class property needs a unique symbol: Symbol.for("Jupyter.display") is what people write
  2528, // two default exports: an export is the value of the cell
  2695, // the left side of a comma has no effect
  5097, // import of a .ts path
  6133, // declared and never read
]);

/** The range of implicit any, unreachable code, unused labels and their kin. */
function isImplicit(code: number): boolean {
  return code >= 7000 && code < 7100;
}

/** `let x;` that a callback fills. */
function mentionsBare({ words }: Finding, { declares }: PlacedCell): boolean {
  return declares.some(({ name, bare }) => bare && name === words);
}

function mentionsEarlier(
  { words }: Finding,
  { standing }: PlacedCell,
  matters: (declaration: { readonly mutable: boolean }) => boolean,
): boolean {
  return [...wordsOf(words)].some((name) => {
    const declaration = standing.get(name);
    return declaration !== undefined && matters(declaration);
  });
}
