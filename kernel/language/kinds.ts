import type { Symbol as TypeSymbol } from "typescript/unstable/async";

/** The number of a completion kind in the Language Server Protocol to a word that JupyterLab's completer has an icon for. */
export function entryWord(kind: number | undefined): string {
  return ENTRY_WORDS[kind ?? 0] ?? "text";
}

type Flags = Pick<typeof import("typescript/unstable/async"), "SymbolFlags">["SymbolFlags"];

export function symbolWord(flags: Flags, symbol: TypeSymbol): string {
  const is = (flag: number) => (symbol.flags & flag) !== 0;
  if (is(flags.Alias)) return "import";
  if (is(flags.Method)) return "method";
  if (is(flags.Function)) return "function";
  if (is(flags.Class)) return "class";
  if (is(flags.Enum)) return "enum";
  if (is(flags.EnumMember)) return "enum member";
  if (is(flags.Variable)) return "variable";
  if (is(flags.PropertyOrAccessor)) return "property";
  if (is(flags.Interface)) return "interface";
  if (is(flags.TypeAlias)) return "type";
  if (is(flags.TypeParameter)) return "type parameter";
  if (is(flags.Module)) return "module";
  return "text";
}

/** Indexed by the protocol's number, which starts at 1. */
const ENTRY_WORDS: readonly string[] = [
  "text",
  "text",
  "method",
  "function",
  "class",
  "property",
  "variable",
  "class",
  "interface",
  "module",
  "property",
  "text",
  "text",
  "enum",
  "keyword",
  "text",
  "text",
  "file",
  "text",
  "folder",
  "enum",
  "variable",
  "class",
  "event",
  "operator",
  "type",
];
