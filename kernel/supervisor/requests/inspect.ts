import { toUtf16 } from "../../cell/positions.ts";
import type { RequestHandler } from "../kernel.ts";

export const inspect: RequestHandler = async ({ content }, kernel) => {
  const code = String(content.code ?? "");
  const cursor = toUtf16(code, typeof content.cursor_pos === "number" ? content.cursor_pos : code.length);
  const detail = content.detail_level === 1 ? 1 : 0;
  const { inspectMagic } = await import("../../magics/complete.ts");
  const data = inspectMagic(code, cursor) ?? (await (await kernel.language()).inspect(code, cursor, detail));
  return { status: "ok", found: data !== undefined, data: data ?? {}, metadata: {} };
};
