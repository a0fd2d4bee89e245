import path from "node:path";

/** Files by their names, or where some are called alike by their paths from the folder on that holds all of them. */
export function namesApart(files: readonly string[]): string[] {
  const names = files.map((file) => path.basename(file));
  if (new Set(names).size === names.length) return names;
  const [first = [], ...others] = files.map((file) => path.dirname(file).split(path.sep));
  const end = first.findIndex((part, i) => others.some((other) => other[i] !== part));
  const common = first.slice(0, end < 0 ? undefined : end).join(path.sep);
  return files.map((file) => path.relative(common || path.sep, file));
}
