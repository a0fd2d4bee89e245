import { distFile } from "../../src/paths.ts";
import { ofShell } from "../cell/other-languages.ts";
import { packageName } from "../language/resolve.ts";
import { absentMethod, danfoExport } from "./absent-in-danfo.ts";
import { isBare } from "./aliases.ts";
import { library } from "./library.ts";
import { safely } from "./safely.ts";
import { absentSparkName, sparkStep } from "./spark-steps.ts";

/**
 * What to do about an error that is not of ours, where that is known; `line` is the line of the cell on which it rose. The error itself stays as it is, for code
 * that asks for its class or `code`.
 *
 * @example
 * nextStep(new ReferenceError("ls is not defined"), "const out = !ls"); // "if that is a shell command, it stands alone on its line …"
 */
export function nextStep(error: Error, line: string | undefined): string | undefined {
  const code = safely(() => String((error as { readonly code?: unknown }).code), "");
  const message = safely(() => String(error.message), "");
  if (/^(ERR_)?MODULE_NOT_FOUND$/.test(code)) return ofAbsentPackage(message);
  if (/^Out of Memory Error: /.test(message)) return OF_DUCKDB;
  const absentExport = /^The requested module 'outgrow' does not provide an export named '(\w+)'$/.exec(message)?.[1];
  if (absentExport !== undefined) return ofPySpark(absentExport) ?? danfoExport(absentExport);
  const ofDanfo = OF_DANFO.find(([pattern]) => pattern.test(message))?.[1] ?? ofPandas(message);
  const known = ofDanfo ?? sparkStep(message, line);
  if (known !== undefined) return known;
  const absent = /^(\S+) is not defined$/.exec(message)?.[1];
  if (absent === undefined) return undefined;
  return (
    ofLine(line ?? "", absent) ??
    OF_PYTHON.get(absent) ??
    OF_SCRIPTS.get(absent) ??
    ofLibrary(absent) ??
    danfoExport(absent)
  );
}

/** What the library has, and cells only by an import. */
function ofLibrary(absent: string): string | undefined {
  return safely(() => Object.hasOwn(library(), absent), false)
    ? `it comes with Outgrow: import { ${absent} } from "outgrow"`
    : undefined;
}

/** PySpark's functions are the members of one name, which cells have; what else it has to import stands elsewhere. */
function ofPySpark(absent: string): string | undefined {
  if (absent === "functions") return "the functions are F, which needs no import";
  return safely(() => Object.hasOwn(library().F as object, absent), false)
    ? `it is F.${absent}, and F needs no import`
    : absentSparkName(absent);
}

function ofLine(line: string, absent: string): string | undefined {
  return (
    ofKeptOutput(line, absent) ??
    ofShellVariable(line, absent) ??
    ofAssignment(line, absent) ??
    ofNamedArgument(line, absent) ??
    (line.trim().startsWith(absent) ? ofShell(line.trim()) : undefined)
  );
}

/** In a command `${…}` is the notebook's. */
function ofShellVariable(line: string, absent: string): string | undefined {
  if (line.startsWith("!!")) return `a shell command has one exclamation mark: ${line.slice(1)}`;
  return line.startsWith("!") && line.includes(`\${${absent}`)
    ? `in a command \${…} is a value of the notebook; a variable of the shell is $${absent}`
    : undefined;
}

/** As Python does it, where the first assignment makes the variable. */
function ofAssignment(line: string, absent: string): string | undefined {
  const assigned = /^\s*([\p{ID_Continue}$]+)\s*=(?![=>])/u.exec(line)?.[1];
  return assigned === absent
    ? `a new name is declared: const ${absent} = …, or let ${absent} = … where it changes later`
    : undefined;
}

function ofNamedArgument(line: string, absent: string): string | undefined {
  const isNamed = [...line.matchAll(/[(,]\s*([\p{ID_Continue}$]+)\s*=(?![=>])/gu)].some(([, name]) => name === absent);
  return isNamed ? `named arguments are an object, the last argument: { ${absent}: … }` : undefined;
}

/** A method by PySpark's or pandas' name, on what has it by another. */
function ofPandas(message: string): string | undefined {
  const name = /\.(\w+) is not a function$/.exec(message)?.[1] ?? "";
  if (name === "toPandas") return "of Spark's frames it is await frame.toDanfo(), which takes a number of rows";
  const danfo = PANDAS_NAMES.get(name);
  return danfo === undefined ? absentMethod(name) : `Danfo's name for pandas' ${name} is ${danfo}`;
}

/** Names of pandas and what Danfo calls them, of frames, series and the module. */
export const PANDAS_NAMES: ReadonlyMap<string, string> = new Map([
  ["applymap", "applyMap"],
  ["argmax", "argMax"],
  ["argmin", "argMin"],
  ["argsort", "argSort"],
  ["astype", "asType"],
  ["cummax", "cumMax"],
  ["cummin", "cumMin"],
  ["cumprod", "cumProd"],
  ["cumsum", "cumSum"],
  ["date_range", "dateRange"],
  ["dropna", "dropNa"],
  ["fillna", "fillNa"],
  ["get_dummies", "getDummies"],
  ["isna", "isNa"],
  ["nunique", "nUnique"],
  ["pct_change", "pctChange"],
  ["read_csv", "readCSV"],
  ["read_excel", "readExcel"],
  ["read_json", "readJSON"],
  ["reset_index", "resetIndex"],
  ["select_dtypes", "selectDtypes"],
  ["set_index", "setIndex"],
  ["sort_index", "sortIndex"],
  ["sort_values", "sortValues"],
  ["to_csv", "toCSV"],
  ["to_datetime", "toDateTime"],
  ["to_excel", "toExcel"],
  ["to_json", "toJSON"],
  ["value_counts", "valueCounts"],
]);

function ofAbsentPackage(message: string): string | undefined {
  const specifier = /^Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  // A part that is loaded when it is wanted has another name in each build.
  if (specifier?.startsWith(distFile("chunks")))
    return "Outgrow was built or installed anew under this kernel: restart it";
  return specifier !== undefined && isBare(specifier)
    ? `install it with: %npm install ${packageName(specifier)}`
    : undefined;
}

/** A cell's own query, on a database that it has opened itself. */
const OF_DUCKDB =
  "give the database more with memory_limit or a temp_directory to spill to; %chunked FILE --by … --agg … answers for files in bounded memory";

/** What stock Danfo refuses in words that name no way out. */
const OF_DANFO: readonly (readonly [RegExp, string])[] = [
  [
    /^Not supported in NodeJS$/,
    'Danfo draws in a browser only; a chart is display({ "application/vnd.vegalite.v5+json": {…} }, { raw: true })',
  ],
  [
    /^Cannot calculate \w+, unexpected type of argument \(type: null/,
    "Danfo computes with no missing values: leave them out by dropNa(), or look with %profile NAME, which counts them",
  ],
  [
    /^Cannot calculate \w+, unexpected type of argument \(type: Date/,
    'Danfo computes with no dates: choose the numbers by selectDtypes(["int32", "float32"]), or look with %profile NAME',
  ],
];

/** IPython's way to keep what a command prints; here it is a negation. */
function ofKeptOutput(line: string, absent: string): string | undefined {
  const command = ASSIGNED_COMMAND.exec(line)?.[1];
  if (command?.split(/[\s-]/)[0] !== absent) return undefined;
  const text = JSON.stringify(command);
  return `if that is a shell command, it stands alone on its line: !${command}; to keep what it prints: import { execSync } from "node:child_process"; execSync(${text}, { encoding: "utf8" })`;
}

/** With none of the operators that a condition would have. */
const ASSIGNED_COMMAND = /^\s*(?:(?:const|let|var)\s+)?[\p{ID_Continue}$]+\s*=\s*!\s*([^\s=(!][^=(?&|]*?);?\s*$/u;

/** What scripts of the older kind have. */
const OF_SCRIPTS: ReadonlyMap<string, string> = new Map([
  ["__dirname", "a cell is a module: its folder is import.meta.dirname"],
  ["__filename", "a cell is a module: its file is import.meta.filename"],
  [
    "exit",
    "Ctrl+D leaves a console, and the menu of a notebook ends its kernel; process.exit() ends what runs the cells",
  ],
  ["exports", "a cell exports nothing: the next cells have its variables"],
  [
    "quit",
    "Ctrl+D leaves a console, and the menu of a notebook ends its kernel; process.exit() ends what runs the cells",
  ],
  ["module", "a cell exports nothing: the next cells have its variables"],
  [
    "sql",
    'SQL runs on Spark: below %%spark, or await sparkSql("SELECT …"); files and frames here have %chunked --by --agg --where',
  ],
]);

/** What people type who come from Python. */
const OF_PYTHON: ReadonlyMap<string, string> = new Map([
  ["print", "in TypeScript it is console.log(…); the value of a cell's last expression is shown without it"],
  ["len", "in TypeScript it is text.length, list.length or map.size"],
  ["None", "in TypeScript it is null"],
  ["True", "in TypeScript it is true"],
  ["False", "in TypeScript it is false"],
  ["pd", 'frames as in pandas: import * as dfd from "danfojs-node"'],
]);
