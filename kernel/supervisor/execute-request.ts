import type { Json } from "../wire/message.ts";
import { flag, record, text } from "./content.ts";

export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly stopOnError: boolean;
  readonly allowStdin: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
}

/** @throws {UsageError} E_BAD_REQUEST */
export function readExecuteRequest(content: Json): ExecuteRequest {
  const silent = flag(content, "silent", false);
  const expressions = Object.entries(record(content, "user_expressions"));
  return {
    code: text(content, "code"),
    silent,
    storeHistory: !silent && flag(content, "store_history", true),
    stopOnError: flag(content, "stop_on_error", true),
    allowStdin: flag(content, "allow_stdin", true),
    userExpressions: Object.fromEntries(expressions.map(([name, code]) => [name, String(code)])),
  };
}
