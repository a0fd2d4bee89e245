import { text } from "../content.ts";
import type { RequestHandler } from "../kernel.ts";

export const isCompleteCell: RequestHandler = async ({ content }) => {
  const code = text(content, "code");
  const [{ isComplete }, { magicTable }] = await Promise.all([
    import("../../cell/is-complete.ts"),
    import("../../magics/registry.ts"),
  ]);
  return { ...isComplete(code, magicTable) };
};
