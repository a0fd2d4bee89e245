import { existsSync, readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { rootCertificates, connect as tlsConnect } from "node:tls";
import { ConnectionError, Interrupted } from "../../errors.ts";

const REDIRECTS = 5;
/** Without a byte for this long a connection is cut. */
const SILENCE_MS = 60_000;

/**
 * A GET with what pip honours too: a proxy, a certificate file, a password in the address. The body is the caller's to read.
 *
 * @throws {ConnectionError} E_DOWNLOAD
 */
export async function openUrl(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  let at = url;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const response = await get(at, headers, signal);
    const { location } = response.headers;
    if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return response;
    response.resume();
    at = new URL(location, at);
  }
  throw new ConnectionError("E_DOWNLOAD", `${url.host} sends from one address to the next without end`);
}

export async function readText(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const part of response) text += part;
  return text;
}

async function get(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  if (signal?.aborted) throw new Interrupted();
  const isSecure = url.protocol === "https:";
  const ca = isSecure ? certificates() : undefined;
  const proxy = proxyFor(url);
  const auth = url.username && `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const socket = proxy && isSecure ? await tunnel(proxy, url, ca, signal) : undefined;
  return new Promise((resolve, reject) => {
    const options = {
      headers: { "user-agent": "outgrow", ...headers },
      ...(auth ? { auth } : {}),
      ...(ca ? { ca } : {}),
      ...(signal ? { signal } : {}),
      ...(socket ? { createConnection: () => socket, agent: false } : {}),
    };
    const asked =
      proxy && !isSecure
        ? httpRequest({ ...options, host: proxy.hostname, port: proxy.port, path: url.href }, resolve)
        : (isSecure ? httpsRequest : httpRequest)(url, options, resolve);
    asked.setTimeout(SILENCE_MS, () => asked.destroy());
    asked.once("error", (cause) => reject(signal?.aborted ? new Interrupted() : unreachable(url, cause)));
    asked.end();
  });
}

function certificates(): string[] | undefined {
  const file = process.env.PIP_CERT ?? process.env.SSL_CERT_FILE ?? process.env.REQUESTS_CA_BUNDLE;
  return file && existsSync(file) ? [...rootCertificates, readFileSync(file, "utf8")] : undefined;
}

function proxyFor({ protocol, hostname }: URL): URL | undefined {
  const { env } = process;
  const none = (env.NO_PROXY ?? env.no_proxy ?? "").split(",").map((name) => name.trim().replace(/^\*?\./, ""));
  if (none.some((name) => name === "*" || (name && (hostname === name || hostname.endsWith(`.${name}`)))))
    return undefined;
  const named =
    env.PIP_PROXY ||
    (protocol === "https:" ? (env.HTTPS_PROXY ?? env.https_proxy) : (env.HTTP_PROXY ?? env.http_proxy));
  return named ? new URL(named.includes("://") ? named : `http://${named}`) : undefined;
}

function tunnel(
  proxy: URL,
  url: URL,
  ca: string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<ReturnType<typeof tlsConnect>> {
  return new Promise((resolve, reject) => {
    const target = `${url.hostname}:${url.port || 443}`;
    const password = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    const asked = httpRequest({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: "CONNECT",
      path: target,
      headers: {
        host: target,
        ...(proxy.username ? { "proxy-authorization": `Basic ${Buffer.from(password).toString("base64")}` } : {}),
      },
      ...(signal ? { signal } : {}),
    });
    asked.once("connect", (response, socket) => {
      // The request within the tunnel counts its own silence.
      socket.setTimeout(0);
      if (response.statusCode === 200)
        return resolve(tlsConnect({ socket, servername: url.hostname, ...(ca ? { ca } : {}) }));
      socket.destroy();
      reject(unreachable(url, `the proxy ${proxy.host} answered ${response.statusCode}`));
    });
    asked.setTimeout(SILENCE_MS, () => {
      reject(unreachable(url, `the proxy ${proxy.host} was silent for ${SILENCE_MS / 1000} s`));
      asked.destroy();
    });
    asked.once("error", (cause) => reject(signal?.aborted ? new Interrupted() : unreachable(url, cause)));
    asked.end();
  });
}

function unreachable({ host }: URL, cause: unknown): ConnectionError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ConnectionError("E_DOWNLOAD", `${host} cannot be reached: ${why}`, {
    hint: "check the network; behind a proxy set HTTPS_PROXY, behind a mirror PIP_INDEX_URL; then run it again, it goes on where it was",
    cause,
  });
}
