import { createHash, type Hash } from "node:crypto";
import { createReadStream, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { ConnectionError, Interrupted } from "../../errors.ts";
import type { RunOptions } from "../../progress.ts";
import { formatBytes } from "../../units.ts";
import { openUrl } from "./http.ts";
import type { IndexFile } from "./package-index.ts";

/** A connection may be cut this often without having brought anything. */
const VAIN_TRIES = 5;

/**
 * Downloads a file whole and checks it, or leaves what came beside it, from where the next try goes on.
 *
 * @throws {ConnectionError} E_DOWNLOAD, E_CHECKSUM
 * @throws {Interrupted}
 */
export async function download(
  file: IndexFile,
  to: string,
  options: RunOptions & { retryMs?: number } = {},
): Promise<void> {
  const partial = `${to}.partial`;
  for (let vain = 0; ; ) {
    const before = sizeOf(partial);
    try {
      await fetchRest(file, partial, options);
      break;
    } catch (error) {
      if (options.signal?.aborted) throw new Interrupted();
      vain = sizeOf(partial) > before ? 0 : vain + 1;
      if (vain === VAIN_TRIES || (error instanceof ConnectionError && error.code === "E_REFUSED")) throw error;
      await new Promise((resolve) => setTimeout(resolve, (options.retryMs ?? 500) * 2 ** vain));
    }
  }
  const sha256 = await hashOf(partial, options);
  if (sha256 !== file.sha256) {
    rmSync(partial, { force: true });
    throw new ConnectionError(
      "E_CHECKSUM",
      `${file.name} came with other bytes than the index promises (SHA-256 ${sha256})`,
      {
        hint: "run it again; when it happens twice, a mirror or proxy on the way changes the file",
      },
    );
  }
  renameSync(partial, to);
}

async function fetchRest(file: IndexFile, partial: string, { signal, onProgress }: RunOptions): Promise<void> {
  const have = sizeOf(partial);
  const response = await openUrl(new URL(file.url), have > 0 ? { range: `bytes=${have}-` } : {}, signal);
  const { status, body } = response;
  // Nothing is missing: what is there may be whole.
  if (status === 416) return void (await body?.cancel());
  if ((status !== 200 && status !== 206) || body === null) {
    await body?.cancel();
    throw new ConnectionError(
      status < 500 ? "E_REFUSED" : "E_DOWNLOAD",
      `${new URL(file.url).host} answered ${status} for ${file.name}`,
      { hint: "check PIP_INDEX_URL; then run it again, it goes on where it was" },
    );
  }
  // A server that knows no ranges sends all of it again.
  const from = status === 206 ? have : 0;
  const total = from + Number(response.headers.get("content-length") ?? Number.NaN);
  let done = from;
  const out = await open(partial, status === 206 ? "a" : "w");
  try {
    for await (const part of body) {
      await out.write(part);
      done += part.length;
      onProgress?.({
        operation: `download ${file.name}`,
        fraction: Number.isNaN(total) ? undefined : done / total,
        note: Number.isNaN(total) ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`,
      });
    }
  } finally {
    await out.close();
  }
  if (done < total) throw cut(file);
}

function cut({ name }: IndexFile): ConnectionError {
  return new ConnectionError("E_DOWNLOAD", `the download of ${name} was cut`, {
    hint: "run it again, it goes on where it was",
  });
}

async function hashOf(file: string, { signal, onProgress }: RunOptions): Promise<string> {
  const hash: Hash = createHash("sha256");
  const total = sizeOf(file);
  let done = 0;
  for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) {
    if (signal?.aborted) throw new Interrupted();
    hash.update(part);
    done += part.length;
    onProgress?.({ operation: "check the download", fraction: done / total });
  }
  return hash.digest("hex");
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}
