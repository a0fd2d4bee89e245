import { existsSync, readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { EnvHttpProxyAgent, fetch, type Response } from "undici";
import { ConnectionError, Interrupted } from "../../errors.ts";

/** Without an answer, or a byte of it, for this long a connection is cut. */
const SILENCE_MS = 60_000;

/**
 * A GET with what pip honours too: a proxy, a certificate file, a password in the address. The body is the caller's to read.
 *
 * @throws {ConnectionError} E_DOWNLOAD
 * @throws {Interrupted}
 */
export async function openUrl(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Response> {
  const agent = agentOfPip();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(`no answer in ${SILENCE_MS / 1000} s`), SILENCE_MS);
  try {
    const response = await fetch(bare(url), {
      dispatcher: agent,
      // A part of a file is a part of its own bytes.
      headers: { "user-agent": "outgrow", "accept-encoding": "identity", ...authorization(url), ...headers },
      signal: AbortSignal.any([patience.signal, ...(signal ? [signal] : [])]),
    });
    // The connection ends with the answer.
    void agent.close();
    return response;
  } catch (failure) {
    void agent.destroy();
    throw signal?.aborted ? new Interrupted() : unreachable(url, failure);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The whole body.
 *
 * @throws {ConnectionError} E_DOWNLOAD
 * @throws {Interrupted}
 */
export async function readText(response: Response, signal?: AbortSignal): Promise<string> {
  try {
    return await response.text();
  } catch (failure) {
    throw signal?.aborted ? new Interrupted() : unreachable(new URL(response.url), failure);
  }
}

function agentOfPip(): EnvHttpProxyAgent {
  const tls = certificates();
  return new EnvHttpProxyAgent({
    httpProxy: proxyFor("http:"),
    httpsProxy: proxyFor("https:"),
    proxyTunnel: false,
    bodyTimeout: SILENCE_MS,
    ...(tls ? { connect: tls, requestTls: tls, proxyTls: tls } : {}),
  });
}

/** The address of a proxy, or no text. */
function proxyFor(protocol: string): string {
  const { env } = process;
  const named =
    env.PIP_PROXY ||
    (protocol === "https:" ? env.HTTPS_PROXY || env.https_proxy : env.HTTP_PROXY || env.http_proxy) ||
    "";
  return named === "" || named.includes("://") ? named : `http://${named}`;
}

function certificates(): { readonly ca: string[] } | undefined {
  const file = process.env.PIP_CERT ?? process.env.SSL_CERT_FILE ?? process.env.REQUESTS_CA_BUNDLE;
  return file && existsSync(file) ? { ca: [...rootCertificates, readFileSync(file, "utf8")] } : undefined;
}

/** `fetch` refuses addresses with a password in them. */
function bare(url: URL): URL {
  const plain = new URL(url);
  plain.username = plain.password = "";
  return plain;
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(words).toString("base64")}` };
}

function unreachable({ host, protocol }: URL, failure: unknown): ConnectionError {
  const reason = reasonOf(failure);
  const refusal = /^Proxy response \((\d+)\)/.exec(reason)?.[1];
  const why = refusal === undefined ? reason : `the proxy ${new URL(proxyFor(protocol)).host} answered ${refusal}`;
  return new ConnectionError("E_DOWNLOAD", `${host} cannot be reached: ${why}`, {
    hint: "check the network; behind a proxy set HTTPS_PROXY, behind a mirror PIP_INDEX_URL; then run it again, it goes on where it was",
    cause: failure,
  });
}

/** `fetch` says only that it failed; why is the last of the causes. */
function reasonOf(failure: unknown): string {
  if (failure instanceof AggregateError && failure.message === "") return reasonOf(failure.errors[0]);
  if (failure instanceof Error && failure.cause !== undefined) return reasonOf(failure.cause);
  return failure instanceof Error ? failure.message : String(failure);
}
