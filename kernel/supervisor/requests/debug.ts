import type { RequestHandler } from "../kernel.ts";

/** The Debug Adapter Protocol in Jupyter's envelope; answered while a cell runs and while it stands. */
export const debug: RequestHandler = (message, kernel) => kernel.debug(message);
