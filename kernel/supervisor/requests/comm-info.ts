import type { RequestHandler } from "../kernel.ts";

/** No comm target is offered: what a front end opens is closed again (see comm-open). */
export const commInfo: RequestHandler = () => ({ status: "ok", comms: {} });
