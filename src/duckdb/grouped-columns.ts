import type { FileSource } from "../source/source.ts";
import type { Shape } from "./moment-columns.ts";
import { numberText } from "./number-text.ts";
import { pandasType } from "./pandas-type.ts";
import { scanOf } from "./scan.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteName } from "./sql.ts";

/** Names and types of columns as the engine finds them. */
type Shapes = readonly Shape[];
type Columns = readonly (Shape & { readonly type: string })[];

/** The most digits of a whole number of 64 bits, of one of 128 and of a decimal. */
const MOST_DIGITS = { BIGINT: 18, HUGEINT: 38, DECIMAL: 38 } as const;
/** The engine does not find these: a text with separators of thousands is no number to it, or another one. */
const MAY_BE_NUMBERS = /^(VARCHAR|DOUBLE|FLOAT|DECIMAL.*|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/;

/** What was found of files; a query asks more than once. */
const known = new WeakMap<FileSource, Promise<Columns>>();

/**
 * The columns of a text whose numbers have separators of thousands: whole numbers and decimals keep all their digits. Types hold all
 * values: a pass over the text looks at each.
 */
export function groupedColumns(
  session: DuckdbSession,
  source: FileSource,
  shapes: Shapes,
  mostRows: number | undefined,
): Promise<Columns> {
  if (mostRows !== undefined) return lookAt(session, source, shapes, ` LIMIT ${mostRows}`);
  const before = known.get(source);
  if (before) return before;
  const found = lookAt(session, source, shapes, "");
  known.set(source, found);
  found.catch(() => known.delete(source));
  return found;
}

async function lookAt(session: DuckdbSession, source: FileSource, shapes: Shapes, limit: string): Promise<Columns> {
  const inFolders = new Set(source.partitions?.columns.map(({ name }) => name));
  const names = shapes.flatMap(({ name, sqlType }) =>
    MAY_BE_NUMBERS.test(sqlType) && !inFolders.has(name) ? [name] : [],
  );
  const types = new Map<string, string>();
  if (names.length > 0) {
    const scan = scanOf(source, Object.fromEntries(names.map((name) => [name, "VARCHAR"])));
    const texts = names.flatMap((name, i) => {
      const value = quoteName(name);
      return [`${value} AS v${i}`, `${numberText(source.text, value)} AS n${i}`];
    });
    const figures = names.flatMap((_, i) => figuresOf(`v${i}`, `n${i}`).map((sql, at) => `${sql} AS f${i}_${at}`));
    const { columns } = await session.query(
      `SELECT ${figures.join(", ")} FROM (SELECT ${texts.join(", ")} FROM (SELECT * FROM ${scan}${limit}))`,
    );
    const values = columns.map((column) => Number(column.values[0]));
    const size = figures.length / names.length;
    for (const [i, name] of names.entries()) types.set(name, typeOf(values.slice(i * size, (i + 1) * size)));
  }
  return shapes.map((shape) => {
    const type = types.get(shape.name) ?? shape.sqlType;
    return { ...shape, sqlType: type, type: pandasType(type) };
  });
}

/** Values and the numbers among them, those that begin with a zero before digits or with a plus, exponents and words, points, digits before and behind the point. */
function figuresOf(value: string, number: string): string[] {
  return [
    `count(${value})`,
    `count(${number})`,
    `count_if(regexp_matches(${number}, '^([-+]?0[0-9]|[+])'))`,
    `count_if(regexp_matches(${number}, '[a-zA-Z]'))`,
    `count_if(contains(${number}, '.'))`,
    `coalesce(max(length(ltrim(regexp_extract(${number}, '^-?([0-9]*)', 1), '0'))), 0)`,
    `coalesce(max(length(regexp_extract(${number}, '[.]([0-9]*)', 1))), 0)`,
  ].map((sql) => `CAST(${sql} AS DOUBLE)`);
}

function typeOf([
  values = 0,
  numbers = 0,
  zeros = 0,
  words = 0,
  points = 0,
  whole = 0,
  scale = 0,
]: readonly number[]): string {
  // Digits that begin with a zero or a plus name something.
  if (values === 0 || numbers < values || zeros > 0) return "VARCHAR";
  if (words === 0 && points === 0) {
    if (whole > MOST_DIGITS.HUGEINT) return "VARCHAR";
    return whole > MOST_DIGITS.BIGINT ? "HUGEINT" : "BIGINT";
  }
  if (words > 0 || scale === 0 || whole + scale > MOST_DIGITS.DECIMAL) return "DOUBLE";
  return `DECIMAL(${whole + scale},${scale})`;
}
