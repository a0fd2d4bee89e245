import { quoteName, quoteText } from "../duckdb/sql.ts";

/** What a column is read as. Text columns go from the narrowest kind that is likely to a wider one until every value fits. */
export type Kind = "int" | "float" | "bool" | "date" | "timestamp" | "timestamptz" | "text" | "decimal" | "nested";

/** How one column is measured in one round of the pass. */
export interface Measure {
  readonly name: string;
  readonly kind: Kind;
  /** The engine hands over texts, so that what is written can be checked against what it reads as. */
  readonly isWritten: boolean;
  /** Decimals that float32 is tried at. */
  readonly scale: number;
  /** Of how many hash values one is looked at to count different values; 1 counts exactly. */
  readonly share: number;
  /** Texts may be long: only their starts are compared. */
  readonly isLong: boolean;
  /** The column is text to whoever loads it, whatever it reads as. */
  readonly isText?: boolean | undefined;
  /** Check for digits that start with a zero. */
  readonly hasZeros: boolean;
  readonly decimal?: "." | "," | undefined;
  /** strftime pattern, where dates are not ISO. */
  readonly pattern?: string | undefined;
}

const SHOWN = 80;

/** One statement that measures the columns in one pass over a scan; every result is a DOUBLE or a VARCHAR. */
export function passSql(measures: readonly Measure[], scan: string): string {
  const inner = measures.flatMap((measure, i) => [
    `${quoteName(measure.name)} AS r${i}`,
    `${measure.isWritten ? readingOf(measure) : quoteName(measure.name)} AS v${i}`,
  ]);
  const outer = measures.flatMap((measure, i) =>
    Object.entries(aggregatesOf(measure, `r${i}`, `v${i}`)).map(([what, sql]) => `${sql} AS ${what}_${i}`),
  );
  return `SELECT ${["count(*)::DOUBLE AS n", ...outer].join(", ")} FROM (SELECT ${inner.join(", ") || "1"} FROM ${scan})`;
}

/** The value that a text reads as, NULL when it does not. */
function readingOf({ name, kind, decimal, pattern }: Measure): string {
  const text = quoteName(name);
  const number = decimal === "," ? `replace(${text}, ',', '.')` : text;
  switch (kind) {
    case "int":
      return `TRY_CAST(${text} AS BIGINT)`;
    case "float":
      return `TRY_CAST(${number} AS DOUBLE)`;
    case "bool":
      return `CASE WHEN lower(${text}) IN ('true', 'false') THEN ${text}::BOOLEAN END`;
    case "date":
      // A cast would drop a time of day in silence.
      return pattern === undefined
        ? `TRY_CAST(CASE WHEN strlen(${text}) <= 10 THEN ${text} END AS DATE)`
        : `TRY_STRPTIME(${text}, ${quoteText(pattern)})::DATE`;
    case "timestamp":
      // A cast would drop a zone in silence.
      return pattern === undefined
        ? `TRY_CAST(CASE WHEN ends_with(${text}, 'Z') THEN NULL ELSE ${text} END AS TIMESTAMP)`
        : `TRY_STRPTIME(${text}, ${quoteText(pattern)})`;
    case "timestamptz":
      return `CASE WHEN ends_with(${text}, 'Z') THEN TRY_CAST(${text} AS TIMESTAMP) ELSE TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END`;
    default:
      return text;
  }
}

function aggregatesOf(measure: Measure, raw: string, value: string): Record<string, string> {
  const { kind, isWritten } = measure;
  const common = { ...(measure.isText ? lengths(raw) : {}), present: `count(${raw})::DOUBLE` };
  const distinct = (of: string) => ({ distinct: distinctOf(of, measure) });
  const fitting = isWritten
    ? {
        fitting: `count(${value})::DOUBLE`,
        misfit: `min(left(${raw}, 40)) FILTER (WHERE ${value} IS NULL AND ${raw} IS NOT NULL)`,
        lastMisfit: `max(left(${raw}, 40)) FILTER (WHERE ${value} IS NULL AND ${raw} IS NOT NULL)`,
      }
    : {};
  const range = (of: string) => ({ min: `min(${of})`, max: `max(${of})` });
  switch (kind) {
    case "int": {
      // What is written otherwise than the number itself would come back changed: 007, +1, 1e3, 1.0.
      const odd = isWritten ? { odd: `count_if(${value}::VARCHAR <> trim(${raw}))::DOUBLE` } : {};
      return {
        ...common,
        ...fitting,
        ...odd,
        ...distinct(value),
        min: `min(${value})::VARCHAR`,
        max: `max(${value})::VARCHAR`,
      };
    }
    case "float":
    case "decimal":
      return {
        ...common,
        ...fitting,
        ...(isWritten ? { zeros: zeros(raw) } : {}),
        ...distinct(value),
        ...numbers(measure, value),
      };
    case "bool":
      return { ...common, ...fitting, ...distinct(value), ...range(`${value}::DOUBLE`) };
    case "date":
    case "timestamp":
    case "timestamptz": {
      const moment =
        kind === "timestamptz" && !isWritten ? `epoch_ms(${value})::DOUBLE` : `epoch_ms(${value}::TIMESTAMP)::DOUBLE`;
      return { ...common, ...fitting, ...distinct(value), ...range(moment), ...(isWritten ? lengths(raw) : {}) };
    }
    case "text": {
      const text = `${raw}::VARCHAR`;
      const compared = measure.isLong ? `left(${text}, ${SHOWN})` : text;
      const check = measure.hasZeros ? { zeros: zeros(text) } : {};
      return { ...common, ...check, ...distinct(text), ...range(compared), ...lengths(text) };
    }
    case "nested": {
      const text = `${raw}::VARCHAR`;
      return {
        ...common,
        ...distinct(text),
        ...range(`left(${text}, ${SHOWN})`),
        ...lengths(text),
      };
    }
  }
}

/**
 * Counting those values exactly whose hash falls into one share of many is within 2 % where the engine's own approximation is 20 %
 * off, in bounded memory and as fast.
 */
function distinctOf(value: string, { share }: Measure): string {
  if (share === 1) return `count(DISTINCT ${value})::DOUBLE`;
  return `count(DISTINCT ${value}) FILTER (WHERE hash(${value}) % ${share} = 0)::DOUBLE * ${share}`;
}

/** Cheap enough for every row: 007 is found, -007 is not, which nobody uses to name a thing. */
function zeros(text: string): string {
  return `count_if(starts_with(${text}, '0') AND substr(${text}, 2, 1) BETWEEN '0' AND '9')::DOUBLE`;
}

function lengths(text: string): Record<string, string> {
  return {
    bytes: `sum(strlen(${text}))::DOUBLE`,
    chars: `sum(length(${text}))::DOUBLE`,
    wide: `count_if(strlen(${text}) <> length(${text}))::DOUBLE`,
    longest: `max(strlen(${text}))::DOUBLE`,
  };
}

/** `scale` is the number of decimals that all values fit in, 9 for more than 6. */
function numbers({ scale }: Measure, value: string): Record<string, string> {
  const double = `${value}::DOUBLE`;
  const narrow = `TRY_CAST(${double} AS FLOAT)::DOUBLE`;
  const steps = [0, 1, 2, 3, 4, 5, 6].map((digits) => `WHEN ${double} = round(${double}, ${digits}) THEN ${digits}`);
  const finite = `FILTER (WHERE isfinite(${double}))`;
  return {
    min: `min(${double}) ${finite}`,
    max: `max(${double}) ${finite}`,
    scale: `max(CASE ${steps.join(" ")} ELSE 9 END) ${finite}::DOUBLE`,
    same: `count_if(${narrow} = ${double} OR isnan(${double}))::DOUBLE`,
    atScale: `count_if(round(${narrow}, ${scale}) = ${double} OR NOT isfinite(${double}))::DOUBLE`,
    unusual: `count_if(NOT isfinite(${double}))::DOUBLE`,
  };
}
