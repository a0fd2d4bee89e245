import { toCodePoints, toUtf16 } from "../../cell/positions.ts";
import type { KnownNames } from "../../magics/complete.ts";
import { number, text } from "../content.ts";
import type { Kernel, RequestHandler } from "../kernel.ts";
import { withLive } from "../live-completion.ts";

/** Magics first, then TypeScript and what the values know; none waits for the cell that runs. */
export const complete: RequestHandler = async ({ content }, kernel) => {
  const code = text(content, "code");
  const cursor = toUtf16(code, number(content, "cursor_pos") ?? code.length);
  const { completeMagic } = await import("../../magics/complete.ts");
  const found =
    (await completeMagic(code, cursor, sessionOf(kernel), process.cwd())) ??
    (await withLive(code, cursor, await kernel.language().complete(code, cursor), kernel));
  const start = toCodePoints(code, found.start);
  const end = toCodePoints(code, found.end);
  return {
    status: "ok",
    matches: found.matches.map(({ text }) => text),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      _jupyter_types_experimental: found.matches.map(({ text, type }) => ({ text, type, start, end })),
    },
  };
};

/** Columns are looked up in the middle of whatever runs. */
function sessionOf(kernel: Kernel): KnownNames {
  const columnsOf = async (name: string): Promise<readonly string[]> => (await kernel.members([name]))?.columns ?? [];
  return { names: kernel.names(), columnsOf };
}
