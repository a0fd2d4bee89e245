/**
 * What a line that is no TypeScript is in the language it was written in, where that can be told from its first words, and how it is written here.
 *
 * @example
 * otherLanguage("pip install pandas"); // "a shell command stands behind an exclamation mark: !pip install pandas"
 */
export function otherLanguage(line: string): string | undefined {
  const text = line.trim();
  return pythonImport(text) ?? ofPython(text) ?? ofShell(text) ?? ofSql(text);
}

/** How a command of the shell is run from a cell, where the line is one: alone (`ls`), or with what a command is followed by. */
export function ofShell(text: string): string | undefined {
  const [, command, rest] = /^([a-z][\w-]*)((?:\s+.*)?)$/.exec(text) ?? [];
  if (command === undefined || rest === undefined || !COMMANDS.has(command)) return undefined;
  // An operator behind the word makes it a value: `cat = 3`, `date - start`.
  if (/^\s+(?:[=+*/%<>?&|^]|-\s|in\b|instanceof\b|as\b)/.test(rest)) return undefined;
  if (command === "cd") return `the working folder changes by %cd${rest}`;
  if (command === "npm") return `npm is called by %npm${rest}`;
  return `a shell command stands behind an exclamation mark: !${text}`;
}

const COMMANDS: ReadonlySet<string> = new Set(
  `apt apt-get brew cat cd chmod conda cp curl df docker du echo find git grep head java ls mkdir mv node npm npx
  pip pip3 ps pwd python python3 rm spark-submit sudo tail tar touch unzip uv wc wget which yarn`.split(/\s+/),
);

function ofSql(text: string): string | undefined {
  return /^(?:select\s.+\sfrom\s|with\s+\w+\s+as\s*\(|create\s+(?:or\s+replace\s+)?(?:temp\w*\s+)?(?:view|table)\s|insert\s+into\s|show\s+tables\b)/i.test(
    text,
  )
    ? "SQL stands below %%spark, and the conditions of %chunked in --where"
    : undefined;
}

/** `import pandas as pd`, `from os import path`, `import numpy`. */
function pythonImport(text: string): string | undefined {
  const module =
    /^import\s+([\w.]+)(?:\s+as\s+\w+)?\s*(?:#.*)?$/.exec(text)?.[1] ?? /^from\s+([\w.]+)\s+import\b/.exec(text)?.[1];
  return module === undefined ? undefined : `this is an import of Python's; ${insteadOf(module)}`;
}

/** What stands in a text says nothing of the language around it. */
function ofPython(text: string): string | undefined {
  const bare = text.replace(/"[^"]*"|'[^']*'/g, (quoted) => quoted.charAt(0).repeat(2));
  return PYTHON.find(([pattern]) => pattern.test(bare))?.[1];
}

function insteadOf(module: string): string {
  if (module === "pandas") return 'frames as in pandas are in Danfo: import * as dfd from "danfojs-node"';
  if (/^pyspark\b/.test(module))
    return '`spark` and the functions F are here without one, all else has PySpark\'s names: import { Window } from "outgrow"';
  return 'in TypeScript: import { name } from "module", or import * as module from "module"';
}

/** First words that TypeScript does not have so. */
const PYTHON: readonly (readonly [RegExp, string])[] = [
  [/^(?:async\s+)?def\s+\w+\s*\(/, "this is Python; in TypeScript: function name(x) { return x; }"],
  [
    /^for\s+(?!\(\s*(?:const|let|var)\b)[\w\s,()]+?\s+in\s.+:/,
    "this is Python; in TypeScript: for (const x of list) { … }",
  ],
  [
    /^(?:if|elif|else|while|with|try|except|finally|class)\b.*:\s*(?:#.*)?$/,
    "this is Python; in TypeScript conditions stand in parentheses and blocks in braces: if (x > 0) { … }",
  ],
  [/^(?:.*[=(,]\s*)?lambda\b[\w\s,]*:/, "this is Python; in TypeScript: (x) => x + 1"],
  [/^##*(?:\s|$)/, "a comment begins with //"],
  [/(?:^|[\s(=,])f["']/, "this is Python; in TypeScript a text with values in it stands in backticks: `${x}`"],
];
