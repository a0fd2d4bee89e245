import type { RequestHandler } from "../kernel.ts";

export const isCompleteCell: RequestHandler = async ({ content }) => {
  const [{ isComplete }, { magicTable }] = await Promise.all([
    import("../../cell/is-complete.ts"),
    import("../../magics/registry.ts"),
  ]);
  return { ...isComplete(String(content.code ?? ""), magicTable) };
};
