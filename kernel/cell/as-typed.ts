import { SLOT_PREFIX } from "./rewriter.ts";

const PREFIX = SLOT_PREFIX.replaceAll("$", "\\$");
const CALLED = new RegExp(`\\(0 ?, ?${PREFIX}([\\p{ID_Continue}$]+)\\.v\\)`, "gu");
const SLOT = new RegExp(`${PREFIX}([\\p{ID_Continue}$]+)\\.v\\b`, "gu");

/** The engine quotes compiled code, in messages and as the text of a function: `(0 , $og_f.v) is not a function` is about `f`. */
export function asTyped(message: string): string {
  if (!message.includes(SLOT_PREFIX)) return message;
  return message
    .replace(CALLED, "$1")
    .replace(SLOT, "$1")
    .replaceAll("$host.alive", "")
    .replaceAll("$host.import", "import");
}
