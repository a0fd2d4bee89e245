import type { CommEvent } from "../../link/messages.ts";
import { text } from "../content.ts";
import type { RequestHandler } from "../kernel.ts";

export const commInfo: RequestHandler = ({ content }, kernel) => {
  const target =
    content.target_name === undefined || content.target_name === null ? undefined : text(content, "target_name");
  return { status: "ok", comms: kernel.comms.list(target) };
};

/** What is opened to a target that nobody offers is closed again: the protocol's answer. */
export function comm(kind: CommEvent["kind"]): RequestHandler {
  return async (message, kernel) => {
    if (!(await kernel.comms.receive(kind, message))) kernel.closeComm(message.content.comm_id, message);
    return undefined;
  };
}
