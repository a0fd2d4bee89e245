import { toUtf16 } from "../../cell/positions.ts";
import { number, text } from "../content.ts";
import type { RequestHandler } from "../kernel.ts";

/** Magics first, then TypeScript; neither touches the executor, so it answers while a cell runs. */
export const inspect: RequestHandler = async ({ content }, kernel) => {
  const code = text(content, "code");
  const cursor = toUtf16(code, number(content, "cursor_pos") ?? code.length);
  const detail = number(content, "detail_level") === 1 ? 1 : 0;
  const { inspectMagic } = await import("../../magics/complete.ts");
  const data = inspectMagic(code, cursor) ?? (await kernel.language().inspect(code, cursor, detail));
  return { status: "ok", found: data !== undefined, data: data ?? {}, metadata: {} };
};
