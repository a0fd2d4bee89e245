import { UsageError } from "../../errors.ts";

/** Where a Spark Connect server is and how to speak to it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly token: string | undefined;
  /** A file of certificates that are trusted beside those of the system. */
  readonly ca: string | undefined;
  readonly userId: string | undefined;
  readonly sessionId: string | undefined;
  readonly userAgent: string | undefined;
  /** Whatever else the address carries: sent as metadata with every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address to show: never with a token. */
  readonly label: string;
  readonly isLoopback: boolean;
}

export interface EndpointOptions {
  readonly token?: string | undefined;
  readonly ca?: string | undefined;
}

const DEFAULT_PORT = 15002;
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);

/**
 * Reads `sc://host:port/;use_ssl=true;user_id=ada`. A token goes over TLS, or in the clear to this machine alone.
 *
 * @throws {UsageError} E_SPARK_ADDRESS, E_TOKEN_IN_ADDRESS, E_TOKEN_IN_CLEAR
 * @example
 * parseEndpoint("sc://localhost:15002").port; // 15002
 */
export function parseEndpoint(address: string, { token, ca }: EndpointOptions = {}): Endpoint {
  const parts = /^sc:\/\/(\[[^\]]+\]|[^:/;[\]\s]+)(?::(\d+))?(?:\/(?:;(.*))?)?$/.exec(address.trim());
  const port = Number(parts?.[2] ?? DEFAULT_PORT);
  if (!parts?.[1] || port < 1 || port > 65_535) throw badAddress(withoutToken(address));
  const parameters = parseParameters(parts[3] ?? "", address);
  if ("token" in parameters)
    throw new UsageError("E_TOKEN_IN_ADDRESS", "a token in the address would be saved with the notebook", {
      hint: "put it in an environment variable and name it: --token-env SPARK_TOKEN, or { token: process.env.SPARK_TOKEN } in code",
    });
  const host = parts[1].replace(/^\[|\]$/g, "");
  const isLoopback = LOOPBACK.has(host.toLowerCase());
  const { use_ssl, user_id, session_id, user_agent, ...headers } = parameters;
  return {
    host,
    port,
    secure: chooseTls(use_ssl, { token, ca }, isLoopback),
    token,
    ca,
    userId: user_id,
    sessionId: session_id,
    userAgent: user_agent,
    headers,
    label: `sc://${parts[1]}:${port}`,
    isLoopback,
  };
}

/** The same address with no name for the session, so that it gets one of its own. */
export function withoutSession(address: string): string {
  return address.replace(/;\s*session_id=[^;]*/gi, "");
}

function parseParameters(text: string, address: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const part of text.split(";").filter((word) => word !== "")) {
    const at = part.indexOf("=");
    if (at < 1) throw badAddress(withoutToken(address));
    try {
      parameters[decodeURIComponent(part.slice(0, at)).toLowerCase()] = decodeURIComponent(part.slice(at + 1));
    } catch {
      throw badAddress(withoutToken(address));
    }
  }
  return parameters;
}

function chooseTls(useSsl: string | undefined, { token, ca }: EndpointOptions, isLoopback: boolean): boolean {
  if (useSsl !== undefined && useSsl !== "true" && useSsl !== "false")
    throw new UsageError("E_SPARK_ADDRESS", `use_ssl is "${useSsl}"`, { hint: "write use_ssl=true or use_ssl=false" });
  if (useSsl === "false" && token !== undefined && !isLoopback)
    throw new UsageError("E_TOKEN_IN_CLEAR", "a token would cross the network in the clear", {
      hint: "leave use_ssl=false out, so that the token goes over TLS",
    });
  if (useSsl === "false" && ca !== undefined)
    throw new UsageError("E_SPARK_ADDRESS", "certificates are given for a connection without TLS", {
      hint: "leave use_ssl=false out, or the certificates",
    });
  return useSsl === undefined ? ca !== undefined || (token !== undefined && !isLoopback) : useSsl === "true";
}

function badAddress(address: string): UsageError {
  return new UsageError("E_SPARK_ADDRESS", `"${address}" is not the address of a Spark Connect server`, {
    hint: "write sc://host:port, for example sc://localhost:15002",
  });
}

/** An address that is refused is quoted, and must not carry its token into the message. */
function withoutToken(address: string): string {
  return address.replace(/(token=)[^;]*/gi, "$1…");
}
