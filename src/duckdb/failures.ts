import path from "node:path";
import { DataError, EngineError, Interrupted, MemoryLimitError, OutgrowError } from "../errors.ts";
import { wrongValueHint } from "../source/value-hint.ts";
import { countOf, formatBytes, formatCount } from "../units.ts";
import { pandasType } from "./pandas-type.ts";

export interface FailureContext {
  readonly memoryLimit: number;
  readonly signal?: AbortSignal | undefined;
  /** pandas' names of declared types by column; the engine's message names the type that the column is read as. */
  readonly sourceTypes?: Readonly<Record<string, string>> | undefined;
}

/** The engine's error as one of ours: what is wrong with which line, and how to mend it. */
export function translateFailure(failure: unknown, context: FailureContext): OutgrowError {
  if (failure instanceof OutgrowError) return failure;
  const message = failure instanceof Error ? failure.message : String(failure);
  if (context.signal?.aborted || /^INTERRUPT Error/i.test(message))
    return new Interrupted(undefined, { cause: failure });
  const translated = dataFailure(message, failure, context) ?? resourceFailure(message, failure, context);
  return (
    translated ??
    new EngineError("E_ENGINE", `DuckDB: ${firstLine(message)}`, { cause: failure, hint: engineHint(message) })
  );
}

const WRONG_FOOTER = "E_WRONG_FOOTER";

/** There are values outside of the bounds that footers tell. */
export function wrongFooter(cause?: unknown): DataError {
  return new DataError(WRONG_FOOTER, "a footer tells wrong bounds of a column: there are values outside of them", {
    cause,
    hint: "write the Parquet file again",
  });
}

export function isWrongFooter(failure: unknown): boolean {
  return failure instanceof DataError && failure.code === WRONG_FOOTER;
}

function dataFailure(message: string, cause: unknown, context: FailureContext): DataError | undefined {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  if (line !== undefined) return csvFailure(message, `${fileOf(message)} line ${group(line)}`, cause, context);
  if (/Error when sniffing file/.test(message))
    return new DataError(
      "E_RAGGED_ROW",
      `${fileOf(message)} does not read as delimited text: its first rows differ in their fields`,
      {
        cause,
        hint: "check --sep, look for unclosed quotes, and pass over lines above the names with --skip-rows",
      },
    );
  if (/state machine reached an invalid state/.test(message))
    return new DataError(
      "E_BAD_ROW",
      `${fileOf(message)} stops reading as delimited text: a quote or a line end is not like those before it`,
      {
        cause,
        hint: "look for a field that goes on behind its closing quote, and for lines that end with CR LF where others end with LF",
      },
    );
  const json = /Malformed JSON in file "(.*)", at byte (\d+) in (?:line|record\/value) (\d+): (.*?)\.? *$/m.exec(
    message,
  );
  if (json)
    return new DataError(
      "E_BAD_JSON",
      // The engine counts one too many, and leaves out blank lines.
      `${path.basename(json[1] ?? "")} row ${formatCount(Number(json[3]) - 1)} is not JSON: ${json[4]} at byte ${json[2]}`,
      {
        cause,
        hint: "mend or remove that line: one JSON object a line, or one array of objects",
      },
    );
  const transform = /JSON transform error in file "(.*)", in (?:line|record\/value) (\d+): (.*)$/m.exec(message);
  if (transform)
    return new DataError("E_BAD_VALUE", `${path.basename(transform[1] ?? "")} line ${transform[2]}: ${transform[3]}`, {
      cause,
      hint: / has duplicate key /.test(transform[3] ?? "")
        ? "leave one of the two in that line"
        : "mend that value, or choose another type with --dtype",
    });
  const cast = /Could not convert string ['"]([\s\S]*?)['"] to '?([A-Z0-9_(), ]+)'?(?: in column "([\s\S]*)")?/.exec(
    message,
  );
  if (cast) {
    const [, text = "", sqlType = "", column] = cast;
    const type = pandasType(sqlType);
    const where = column === undefined ? "" : `column "${column}": `;
    return new DataError("E_BAD_VALUE", `${where}"${clip(text)}" is not of type ${type}`, {
      cause,
      hint: column === undefined ? "choose another type with --dtype" : wrongValueHint(column, type, text),
    });
  }
  if (/Perfect hash aggregate: aggregate group .* exceeded/.test(message)) return wrongFooter(cause);
  const range = /^Conversion Error: .*?value (.+?) can't be cast .* destination type (\w+)/.exec(message);
  if (range)
    return new DataError("E_BAD_VALUE", `${range[1]} does not fit into ${pandasName(range[2] ?? "")}`, {
      cause,
      hint: "choose a wider type with --dtype",
    });
  if (/^Conversion Error/.test(message))
    return new DataError("E_BAD_VALUE", firstLine(message), { cause, hint: "choose another type with --dtype" });
  const overflow = /^Out of Range Error: (Overflow in .*)$/m.exec(message)?.[1];
  if (overflow !== undefined)
    return new DataError("E_OVERFLOW", `a result has more digits than its type: ${overflow}`, {
      cause,
      hint: "have it computed as float64, which rounds it: --dtype COLUMN:float64 for the column that is so large",
    });
  if (/Need at least one non-root column in the file/.test(message))
    return new DataError("E_NO_COLUMNS", "a Parquet file has no columns", {
      cause,
      hint: "there is nothing to read in it: leave it out, or write it again with the columns",
    });
  if (/parquet/i.test(message) && /^(Invalid Input|IO|TProtocolException|Serialization)/.test(message))
    return new DataError("E_DAMAGED_FILE", firstLine(message), {
      cause,
      hint: "the Parquet file is damaged or cut off: write it again",
    });
  if (/not a GZIP stream/i.test(message))
    return new DataError("E_DAMAGED_FILE", "a gzip file has bytes in it or behind it that are no gzip", {
      cause,
      hint: "write it again: gzip -dc FILE.gz | gzip > NEW.gz keeps what can be read",
    });
  if (/No files found that match|Could not open|Cannot open file/.test(message))
    return new DataError("E_FILE_CHANGED", firstLine(message), {
      cause,
      hint: "the file was moved or removed: run the line again",
    });
  return undefined;
}

function csvFailure(message: string, place: string, cause: unknown, context: FailureContext): DataError {
  const value = /Error when converting column "([\s\S]*?)"\. Could not convert string "([\s\S]*?)" to '(.+?)'/.exec(
    message,
  );
  if (value) {
    const [, column = "", text = "", sqlType = ""] = value;
    const { sourceTypes = {} } = context;
    const declared = Object.hasOwn(sourceTypes, column) ? sourceTypes[column] : undefined;
    const type = declared ?? pandasType(sqlType);
    const wasSampled = declared === undefined;
    return new DataError("E_BAD_VALUE", `${place}, column "${column}": "${clip(text)}" is not ${article(type)}`, {
      cause,
      hint: `${wasSampled ? `the first rows were taken for ${type}; ` : ""}${wrongValueHint(column, type, text)}`,
    });
  }
  const fields = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (fields)
    return new DataError(
      "E_RAGGED_ROW",
      `${place} has ${countOf(Number(fields[2]), "field")}, the line of names has ${fields[1]}`,
      {
        cause,
        hint: "mend that line: an unquoted separator makes one field too many, a line break one too few",
      },
    );
  if (/unterminated quote/i.test(message))
    return new DataError("E_OPEN_QUOTE", `${place}: a quoted field is never closed`, {
      cause,
      hint: "close the quote in that line",
    });
  if (/unicode|not utf-8/i.test(message))
    return new DataError("E_ENCODING", `${place}: the bytes are not UTF-8`, {
      cause,
      hint: "say --encoding latin-1, or the encoding that it was written in",
    });
  if (/Maximum line size/i.test(message))
    return new DataError("E_LONG_LINE", `${place} is longer than 2 MB`, {
      cause,
      hint: "look for an unclosed quote near that line",
    });
  const said = message.split("\n").filter((one) => one && !/^(.*CSV Error on Line|Original Line)/.test(one))[0];
  return new DataError("E_BAD_ROW", `${place}: ${said ?? firstLine(message)}`, { cause, hint: "mend that line" });
}

function resourceFailure(message: string, cause: unknown, { memoryLimit }: FailureContext): OutgrowError | undefined {
  if (/No space left|max_temp_directory_size|temp(orary)? directory.*(full|space)/i.test(message))
    return new EngineError(
      "E_NO_TEMP_SPACE",
      "the temporary folder is full: the work spills more than the disk can take",
      {
        cause,
        hint: "free disk space, or set TMPDIR to a folder on a larger disk and restart the kernel",
      },
    );
  if (/Out of Memory|failed to (pin|allocate)/i.test(message))
    return new MemoryLimitError(
      "E_MEMORY_LIMIT",
      `the engine needs more than its limit of ${formatBytes(memoryLimit)}`,
      {
        cause,
        hint: "raise --memory-limit, use fewer --threads, or name fewer aggregates; median and nunique need the most",
      },
    );
  return undefined;
}

/** The file that the engine names in its list of settings, or the message's own. */
function fileOf(message: string): string {
  const named = /^\s*file ?= ?(.+)$/m.exec(message)?.[1] ?? /sniffing file "(.+?)"/.exec(message)?.[1];
  return named === undefined ? "the file" : path.basename(named.trim());
}

function engineHint(message: string): string {
  return /^(Binder|Parser|Catalog) Error/.test(message)
    ? "check the names and the SQL of --where"
    : "run it again; if it stays, report it with the file's first lines";
}

function firstLine(message: string): string {
  return clip(
    (message.split("\n")[0] ?? message).replace(/^(Invalid Input|IO|Binder|Parser|Catalog|Conversion) Error: /, ""),
    300,
  );
}

function clip(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

function group(digits: string): string {
  return Number(digits).toLocaleString("en-US");
}

/** The physical names that cast errors use. */
function pandasName(physical: string): string {
  return physical
    .toLowerCase()
    .replace(/^float$/, "float32")
    .replace(/^double$/, "float64");
}
