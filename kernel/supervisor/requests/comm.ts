import type { RequestHandler } from "../kernel.ts";

/** No comm target is offered, so none is ever open. */
export const commInfo: RequestHandler = () => ({ status: "ok", comms: {} });

/** What a front end opens is closed again: the protocol's answer to an unknown target. */
export const commOpen: RequestHandler = (message, kernel) => {
  kernel.closeComm(message.content.comm_id, message);
  return undefined;
};
