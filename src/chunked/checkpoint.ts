import { createHash } from "node:crypto";
import { access, constants, open, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import { DataError, UsageError } from "../errors.ts";
import { packageVersion } from "../paths.ts";
import { textOptionsIn } from "../source/text.ts";
import { isTableSource } from "../tables/table-source.ts";
import type { Taken } from "./chunks/reading.ts";
import { throughDraft } from "./draft.ts";
import type { CallbackOptions, CheckpointOptions } from "./options.ts";
import type { LocalSource } from "./source.ts";

/** A run as far as it is in its result. */
export interface SavedRun {
  readonly taken: Taken;
  /** What the functions gave so far, as plain data. */
  readonly state: unknown;
}

/** What must be the same for a run to go on: word by word, so that a difference can be named. */
type Fingerprint = Readonly<Record<string, string>>;

interface Kept {
  readonly fingerprint: Fingerprint;
  /** Of the bytes about the place where reading goes on. */
  readonly proof: string;
  readonly run: SavedRun;
}

const HEAD = Buffer.from("outgrow checkpoint 2\n");
/** Bytes before and behind the place from which a run goes on that must be the same. */
const PROOF_BYTES = 4096;
const DIGEST_BYTES = 32;
const EVERY_SECONDS = 10;
/** Keeping what was gathered takes at most a twentieth of the time. */
export const LEAST_RATIO = 20;

/** The file from which a run that was stopped goes on. It is there as a whole or not at all, and for its owner alone. */
export class Checkpoint {
  readonly #file: string;
  readonly #source: LocalSource;
  readonly #fingerprint: Fingerprint;
  readonly #everyMs: number;
  #dueAt: number;

  private constructor(file: string, source: LocalSource, fingerprint: Fingerprint, everyMs: number) {
    this.#file = file;
    this.#source = source;
    this.#fingerprint = fingerprint;
    this.#everyMs = everyMs;
    this.#dueAt = performance.now() + everyMs;
  }

  /**
   * The checkpoint of a run, and what an earlier one left in its file.
   *
   * @throws {UsageError} E_CHECKPOINT where the file is of another run, or of none
   * @throws {DataError} E_CHECKPOINT where it is damaged
   */
  static async open(
    given: string | CheckpointOptions,
    source: LocalSource,
    code: string,
    options: CallbackOptions,
  ): Promise<{ readonly checkpoint: Checkpoint; readonly saved: SavedRun | undefined }> {
    const {
      file,
      code: own = code,
      every = EVERY_SECONDS,
    }: CheckpointOptions = typeof given === "string" ? { file: given } : given;
    if (source.files.length === 0)
      throw new UsageError("E_CHECKPOINT", `${source.label} is in memory: a later run could not find it again`, {
        hint: "leave the checkpoint out, or write the data to a file first",
      });
    const full = path.resolve(options.cwd ?? process.cwd(), file.replace(/^~(?=[\\/])/, homedir()));
    const fingerprint = fingerprintOf(source, own, options);
    const left = await readFile(full).catch((failure: NodeJS.ErrnoException) => {
      if (failure.code === "ENOENT") return undefined;
      throw new UsageError(
        "E_CHECKPOINT",
        `the checkpoint "${file}" cannot be read: ${failure.message.split(",")[0]}`,
        {
          cause: failure,
          hint: "name a file that you may read and write",
        },
      );
    });
    await requireFolder(path.dirname(full));
    const checkpoint = new Checkpoint(full, source, fingerprint, every * 1000);
    const saved = left && savedIn(left, file, fingerprint);
    if (saved && saved.proof !== (await proofOf(source, saved.run.taken))) throw ofAnotherRun(file, ["the files"]);
    return { checkpoint, saved: saved?.run };
  }

  get isDue(): boolean {
    return performance.now() >= this.#dueAt;
  }

  /** @throws {EngineError} E_NO_SPACE; {UsageError} E_BAD_TARGET */
  async write(run: SavedRun): Promise<void> {
    const begun = performance.now();
    const kept: Kept = { fingerprint: this.#fingerprint, proof: await proofOf(this.#source, run.taken), run };
    const body = serialize(kept);
    await throughDraft({ path: this.#file }, undefined, async (draft) => {
      await using file = await open(draft, "wx", 0o600);
      await file.writeFile(Buffer.concat([HEAD, digest(body), body]));
      await file.sync();
    });
    const now = performance.now();
    this.#dueAt = now + Math.max(this.#everyMs, LEAST_RATIO * (now - begun));
  }

  /** The run is over. */
  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

/** Told before the work, and not after its first minutes. */
async function requireFolder(folder: string): Promise<void> {
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw new UsageError("E_CHECKPOINT", `a checkpoint cannot be written in ${folder}`, {
      cause,
      hint: "name a file in a folder that is there and that you may write to",
    });
  });
}

function fingerprintOf(source: LocalSource, code: string, options: CallbackOptions): Fingerprint {
  const { where, dtype, usecols, chunksize, memoryLimit, merge } = options;
  return {
    "the version of Outgrow": packageVersion(),
    "the files": JSON.stringify(source.files.map(({ path: file, bytes, mtimeMs }) => [file, bytes, mtimeMs])),
    "the way text is read": JSON.stringify([
      isTableSource(source) ? source.what : [source.format, source.text],
      textOptionsIn(options),
    ]),
    "the choice of rows and columns": JSON.stringify([where ?? null, dtype ?? null, usecols ?? null]),
    "the size of chunks": JSON.stringify([chunksize ?? null, memoryLimit ?? null]),
    "the function": createHash("sha256").update(code).digest("hex"),
    "the way to merge": typeof merge === "function" ? String(merge) : (merge ?? "auto"),
  };
}

function savedIn(bytes: Buffer, file: string, wanted: Fingerprint): Kept {
  if (!bytes.subarray(0, HEAD.length).equals(HEAD))
    throw new UsageError("E_CHECKPOINT", `"${file}" is there, and no checkpoint`, {
      hint: "name a file that is not there yet: it is made, and removed when the run is over",
    });
  const body = bytes.subarray(HEAD.length + DIGEST_BYTES);
  if (!digest(body).equals(bytes.subarray(HEAD.length, HEAD.length + DIGEST_BYTES)))
    throw new DataError("E_CHECKPOINT", `the checkpoint "${file}" is damaged`, {
      hint: "remove it: the run then begins at the first row",
    });
  const kept = deserialize(body) as Kept;
  const changed = Object.keys(wanted).filter((name) => kept.fingerprint[name] !== wanted[name]);
  if (changed.length > 0) throw ofAnotherRun(file, changed);
  return kept;
}

/** A file may keep its size and its time and be another one all the same. */
async function proofOf({ files }: LocalSource, { resume }: Taken): Promise<string> {
  const at = resume?.place?.at;
  const name = files[at?.file ?? 0]?.path;
  if (!at || name === undefined) return "";
  await using file = await open(name);
  const start = Math.max(0, at.offset - PROOF_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2 * PROOF_BYTES), 0, 2 * PROOF_BYTES, start);
  return digest(buffer.subarray(0, bytesRead)).toString("hex");
}

function ofAnotherRun(file: string, changed: readonly string[]): UsageError {
  return new UsageError("E_CHECKPOINT", `the checkpoint "${file}" is of another run: ${changed.join(", ")} changed`, {
    hint: "put back what changed to go on from it, or remove it to begin at the first row",
  });
}

function digest(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest();
}
