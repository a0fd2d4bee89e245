import type { ColumnFigures, FigureValue } from "../scan/statistics/column-figures.ts";
import type { Get } from "./pass-facts.ts";
import type { Measure } from "./pass-sql.ts";

/** Characters of a misfit that are told. */
const TOLD = 40;
/** More decimals than are looked for. */
const MANY = 9;

/** The scanner's figures of a column by the names that the general engine's pass gives them. */
export function figureOf({ hasZeros, isWritten }: Measure, figures: ColumnFigures): Get {
  const { rows, nulls, distinct, min, max, numbers, written, misfits, type } = figures;
  const isNumber = type.kind === "decimal" || type.kind === "double";
  const lengths = figures.text ?? (type.kind === "date" || type.kind === "timestamp" ? written : undefined);
  const zeros = figures.text
    ? hasZeros
      ? figures.text.zeros
      : undefined
    : isNumber && isWritten
      ? written?.zeros
      : undefined;
  const found: Readonly<Record<string, number | string | null | undefined>> = {
    present: rows - nulls + (misfits?.count ?? 0),
    fitting: rows - nulls,
    misfit: misfits && cut(misfits.least),
    lastMisfit: misfits && cut(misfits.greatest),
    odd: written?.odd,
    digits: written?.digits,
    spelled: written?.spelled?.greatest,
    zeros,
    distinct,
    min: shown(min),
    max: shown(max),
    scale: numbers && (numbers.scale ?? MANY),
    same: numbers?.float32Same,
    atScale: numbers?.float32AtScale,
    unusual: numbers?.unusual,
    notFinite: numbers && rows - nulls - numbers.finite,
    bytes: lengths?.bytes,
    chars: lengths?.chars,
    wide: lengths?.wide,
    longest: lengths?.longest,
    nullWords: figures.text?.nullWords,
  };
  return (what) => found[what] ?? null;
}

/** As the engine gives it: numbers, and whole numbers beyond them as texts. */
function shown(value: FigureValue | null): number | string | null {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (value instanceof Date) return value.getTime();
  return typeof value === "bigint" ? String(value) : Number(value);
}

function cut(text: string): string {
  return [...text].slice(0, TOLD).join("");
}
