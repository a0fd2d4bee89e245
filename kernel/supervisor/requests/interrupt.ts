import type { RequestHandler } from "../kernel.ts";

/** The reply says that Stop was heard; the cell's own reply says how it ended. */
export const interrupt: RequestHandler = (_message, kernel) => {
  kernel.interrupt();
  return { status: "ok" };
};
