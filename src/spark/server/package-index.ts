import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ConnectionError } from "../../errors.ts";
import { openUrl, readText } from "./http.ts";

const PYPI = "https://pypi.org/simple";
const SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";

export interface IndexFile {
  readonly name: string;
  readonly url: string;
  readonly sha256: string;
}

/**
 * The files of a package in the Python index that this machine's pip is set up with, by its settings in the environment or its
 * configuration, else PyPI. Files without a SHA-256 are left out: they could not be checked.
 *
 * @throws {ConnectionError} when the index does not answer or does not have the package
 */
export async function filesOf(name: string, signal?: AbortSignal): Promise<readonly IndexFile[]> {
  const index = await indexUrl();
  const url = new URL(`${index.replace(/\/+$/, "")}/${name}/`);
  const response = await openUrl(url, { accept: `${SIMPLE_JSON}, text/html;q=0.5` }, signal);
  const text = await readText(response, signal);
  if (response.status !== 200)
    throw new ConnectionError("E_INDEX", `the Python index ${shown(url)} answered ${response.status} for ${name}`, {
      hint: "check PIP_INDEX_URL, or pip config list",
    });
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return isJson ? fromJson(text, url) : fromHtml(text, url);
}

async function indexUrl(): Promise<string> {
  const { PIP_INDEX_URL, UV_DEFAULT_INDEX, UV_INDEX_URL } = process.env;
  return PIP_INDEX_URL || UV_DEFAULT_INDEX || UV_INDEX_URL || (await pipConfig()) || PYPI;
}

/** No Python is fine: then there is no configuration of pip either. */
async function pipConfig(): Promise<string | undefined> {
  const asked = promisify(execFile)("python3", ["-m", "pip", "config", "list"], { timeout: 20_000 });
  const { stdout } = await asked.catch(() => ({ stdout: "" }));
  return /^[\w:.]*index-url='([^']+)'/m.exec(stdout)?.[1];
}

function fromJson(text: string, base: URL): IndexFile[] {
  const { files } = JSON.parse(text) as {
    readonly files: readonly {
      readonly filename: string;
      readonly url: string;
      readonly hashes: { readonly sha256?: string };
    }[];
  };
  return files.flatMap(({ filename, url, hashes: { sha256 } }) =>
    sha256 ? [{ name: filename, url: new URL(url, base).href, sha256 }] : [],
  );
}

/** The older form of the same answer, which many mirrors speak. */
function fromHtml(text: string, base: URL): IndexFile[] {
  const links = [...text.matchAll(/<a\s[^>]*href="([^"#]+)#sha256=([0-9a-f]{64})"[^>]*>\s*([^<]+?)\s*</gi)];
  return links.map(([, url = "", sha256 = "", name = ""]) => ({
    name,
    url: new URL(url.replaceAll("&amp;", "&"), base).href,
    sha256,
  }));
}

/** An address without the password that it may hold. */
function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
