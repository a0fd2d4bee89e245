import { readFileSync } from "node:fs";
import { UsageError } from "../../src/errors.ts";

/** Jupyter's connection file. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly shellPort: number;
  readonly iopubPort: number;
  readonly stdinPort: number;
  readonly controlPort: number;
  readonly heartbeatPort: number;
  /** Empty: messages are not signed. */
  readonly key: string;
  /** The kernel's own pair for CurveZMQ, in Z85; without it nothing is encrypted. */
  readonly curve?: { readonly publicKey: string; readonly secretKey: string } | undefined;
}

/** @throws {UsageError} E_CONNECTION_FILE for a file that is absent, no JSON, or lacks a field */
export function readConnection(file: string): Connection {
  const fields = parseFile(file);
  const port = (name: string): number => {
    const value = fields[name];
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > 65_535)
      throw refuse(file, `has no valid "${name}"`);
    return value;
  };
  const scheme = fields.signature_scheme ?? "hmac-sha256";
  if (scheme !== "hmac-sha256")
    throw refuse(file, `asks for the signature scheme "${scheme}"; only hmac-sha256 is known`);
  const transport = String(fields.transport ?? "tcp");
  if (transport !== "tcp" && transport !== "ipc") throw refuse(file, `asks for the transport "${transport}"`);
  return {
    transport,
    ip: String(fields.ip ?? "127.0.0.1"),
    shellPort: port("shell_port"),
    iopubPort: port("iopub_port"),
    stdinPort: port("stdin_port"),
    controlPort: port("control_port"),
    heartbeatPort: port("hb_port"),
    key: String(fields.key ?? ""),
    curve: curveOf(file, fields),
  };
}

/** The address of one socket. */
export function endpoint({ transport, ip }: Connection, port: number): string {
  return transport === "ipc" ? `ipc://${ip}-${port}` : `${transport}://${ip}:${port}`;
}

/** The letters of Z85. */
const CURVE_KEY = /^[\dA-Za-z.:+=^!/*?&<>()[\]{}@%$#-]{40}$/;

/** Half a pair must not become a kernel that talks in the open. */
function curveOf(file: string, fields: Record<string, unknown>): Connection["curve"] {
  const { curve_publickey: publicKey, curve_secretkey: secretKey } = fields;
  if ((publicKey ?? secretKey ?? undefined) === undefined) return undefined;
  if (isCurveKey(publicKey) && isCurveKey(secretKey)) return { publicKey, secretKey };
  throw refuse(file, 'has no valid pair of "curve_publickey" and "curve_secretkey"');
}

function isCurveKey(value: unknown): value is string {
  return typeof value === "string" && CURVE_KEY.test(value);
}

function parseFile(file: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof fields === "object" && fields !== null) return fields as Record<string, unknown>;
  } catch (cause) {
    throw refuse(file, cause instanceof SyntaxError ? "is not JSON" : "cannot be read", cause);
  }
  throw refuse(file, "is not a JSON object");
}

function refuse(file: string, what: string, cause?: unknown): UsageError {
  const hint = "Jupyter writes this file and starts the kernel with it; people run: outgrow install";
  return new UsageError("E_CONNECTION_FILE", `the connection file "${file}" ${what}`, { hint, cause });
}
