import { flag } from "../content.ts";
import type { RequestHandler } from "../kernel.ts";

export const shutdown: RequestHandler = (message, kernel) => {
  const restart = flag(message.content, "restart", false);
  kernel.shutdown(restart, message);
  return { status: "ok", restart };
};
