import { text } from "../content.ts";
import type { RequestHandler } from "../kernel.ts";

export const isCompleteCell: RequestHandler = ({ content }, kernel) =>
  kernel.language().completeness(text(content, "code"));
