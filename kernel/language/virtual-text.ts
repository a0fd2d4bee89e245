/** Pieces of the TypeScript that only the type checker reads. */

export function quoted(specifier: string): string {
  return JSON.stringify(specifier);
}

/** A type that goes with everything: about it nothing is reported. */
export const FREE = "ReturnType<typeof JSON.parse>";

/** What a cell gets as a frame. */
export const FRAME = `import(${quoted("danfojs-node")}).DataFrame`;
