import { nearest, UsageError } from "../../src/errors.ts";
import { MIME } from "../../src/render/mime.ts";
import type { MagicCall } from "../cell/magic-call.ts";
import type { MagicDefinition } from "../magics/magic.ts";

/** Why a line that looks like a magic is none, with the caret under its name. */
export function unknownMagic(call: MagicCall, magics: ReadonlyMap<string, MagicDefinition>): UsageError {
  const typed = `${call.sign}${call.name}`;
  const at = { text: call.line, start: 0, end: typed.length };
  const definition = magics.get(call.name);
  if (definition) {
    const form = definition.forms[0] ?? "%";
    return new UsageError("E_MAGIC_FORM", `${call.name} is not typed with ${call.sign}`, {
      hint:
        form === "%" ? `write %${call.name}, it takes one line` : `write %%${call.name}, it takes the rest of the cell`,
      at,
    });
  }
  const [near] = nearest(
    call.name,
    [...magics.values()].map(({ name }) => name),
  );
  const form =
    near === undefined
      ? undefined
      : magics.get(near)?.forms.includes(call.sign as "%" | "%%")
        ? call.sign
        : magics.get(near)?.forms[0];
  const likeness = near === undefined ? "%lsmagic lists them all" : `did you mean ${form}${near}?`;
  const hint = OF_IPYTHON.find(([names]) => names.includes(call.name))?.[1] ?? likeness;
  return new UsageError("E_NO_MAGIC", `no magic ${typed}`, { hint, at });
}

/** Magics of IPython and its extensions, and what does the same here. */
const OF_IPYTHON: readonly (readonly [names: readonly string[], instead: string])[] = [
  [
    ["pip", "pip3", "conda", "mamba", "uv"],
    "cells import packages of npm: %npm install NAME; Python's own are for !pip install NAME",
  ],
  [["sql", "sparksql"], "SQL is run on Spark: %%spark"],
  [["bash", "script", "system", "sx", "cmd"], "a script of the shell stands below %%sh, one command behind !"],
  [
    ["ls", "ll", "cat", "mkdir", "rm", "rmdir", "cp", "mv", "less", "more", "man"],
    "a command of the shell stands behind an exclamation mark: !ls",
  ],
  [["pwd"], "%cd without a folder shows where you are"],
  [["pushd", "popd"], "%cd FOLDER changes the folder"],
  [["run", "runfile"], 'import runs a file: await import("./file.ts"); %load FILE puts its text into the cell'],
  [["writefile", "file"], 'write it in the cell: import { writeFileSync } from "node:fs"'],
  [["html", "HTML", "markdown", "latex", "svg", "SVG"], `show it by display({ "${MIME.html}": text }, { raw: true })`],
  [["javascript", "js", "typescript", "ts"], "the cell itself is TypeScript: leave the line out"],
  [
    ["python", "python3", "ruby", "perl", "R"],
    "cells are TypeScript; a script of another language is run by !python3 FILE",
  ],
  [["matplotlib", "pylab"], 'a chart is display({ "application/vnd.vegalite.v5+json": {…} }, { raw: true })'],
  [
    ["load_ext", "reload_ext", "autoreload"],
    "leave it out: there are no extensions, and a file that has changed is read anew by the next import",
  ],
  [["timeit"], "%time measures one run; repeat it in a loop below %%time"],
  [["prun", "lprun", "mprun", "memit"], "%%profile says where the time and the memory of a cell go"],
  [["debug", "pdb"], "JupyterLab's debugger stops at breakpoints: the bug in the notebook's toolbar"],
  [["set_env"], "%env NAME=VALUE sets one"],
];
