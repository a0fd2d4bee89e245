import type { MagicTable } from "../../../kernel/cell/magic-call.ts";

/** One magic of each shape. */
export const MAGICS: MagicTable = new Map([
  ["time", { forms: ["%", "%%"], body: "session", raw: true }],
  ["show", { forms: ["%"], body: "none" }],
  ["each", { forms: ["%%"], body: "function" }],
  ["text", { forms: ["%%"], body: "text" }],
] as const);
