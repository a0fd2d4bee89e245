import { open } from "node:fs/promises";
import path from "node:path";
import { createGunzip } from "node:zlib";
import { DataError, UsageError } from "../errors.ts";
import type { Compression, FileFormat } from "./source.ts";
import { unpacked } from "./unpacked.ts";

/** Enough for the first rows of any sane file, and read in under a millisecond. */
export const HEAD_BYTES = 64 * 1024;

const EXTENSIONS: Readonly<Record<string, FileFormat>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".tab": "csv",
  ".psv": "csv",
  ".txt": "csv",
  ".parquet": "parquet",
  ".pq": "parquet",
  ".json": "json",
  ".jsonl": "json",
  ".ndjson": "json",
  ".arrow": "arrow",
  ".arrows": "arrow",
  ".feather": "arrow",
  ".ipc": "arrow",
};

const COMPRESSIONS: Readonly<Record<string, Compression>> = {
  ".gz": "gzip",
  ".gzip": "gzip",
  ".zst": "zstd",
  ".zstd": "zstd",
};

/** What a file of a format says it is in its first bytes. */
const SIGNATURES: readonly { readonly bytes: string; readonly what: string; readonly as?: FileFormat | Compression }[] =
  [
    { bytes: "PAR1", what: "a Parquet file", as: "parquet" },
    { bytes: "ARROW1", what: "an Arrow file", as: "arrow" },
    { bytes: "\x1f\x8b", what: "a gzip file", as: "gzip" },
    { bytes: "\x28\xb5\x2f\xfd", what: "a Zstandard file", as: "zstd" },
    { bytes: "PK\x03\x04", what: "a zip archive or an Excel workbook" },
    { bytes: "\xd0\xcf\x11\xe0", what: "an old Excel workbook" },
    { bytes: "BZh", what: "a bzip2 file" },
    { bytes: "\xfd7zXZ", what: "an xz file" },
    { bytes: "%PDF", what: "a PDF document" },
    { bytes: "\x89PNG", what: "a PNG image" },
    { bytes: "\xff\xd8\xff", what: "a JPEG image" },
    { bytes: "SQLite format 3", what: "an SQLite database" },
    { bytes: "\x89HDF", what: "an HDF5 file" },
    { bytes: "Obj\x01", what: "an Avro file" },
    { bytes: "\x93NUMPY", what: "an array of NumPy's" },
    { bytes: "\x80\x04\x95", what: "a pickle of Python's" },
    { bytes: "\x80\x05\x95", what: "a pickle of Python's" },
  ];

/** The first bytes of a file, decompressed, and what they show it to be. */
export interface Inspection {
  readonly format: FileFormat;
  readonly compression?: Compression | undefined;
  /** Undefined for Zstandard, which Node 20 cannot open: there the name alone says the format. */
  readonly head: Buffer | undefined;
}

/** The format that a file name promises, undefined when it promises none. */
export function formatOfName(file: string): FileFormat | undefined {
  return EXTENSIONS[path.extname(withoutCompression(file)).toLowerCase()];
}

/**
 * Looks at the first bytes of a file, and refuses one that is empty, or not what its name says.
 *
 * @throws {DataError} E_EMPTY_FILE, E_NOT_TEXT, E_WRONG_FORMAT
 * @throws {UsageError} E_UNREADABLE
 */
export async function inspectFile(file: string): Promise<Inspection> {
  const raw = await readHead(file);
  const name = path.basename(file);
  if (raw.length === 0)
    throw new DataError("E_EMPTY_FILE", `${name} is empty: 0 bytes`, {
      hint:
        formatOfName(file) === "json"
          ? "check how the file was written"
          : "a table without rows still needs its line of names; check how the file was written",
    });
  const compression = COMPRESSIONS[path.extname(file).toLowerCase()];
  const promised = formatOfName(file);
  const wrapped = signatureOf(raw);
  if (compression === undefined) return { format: formatOf(name, promised, raw, wrapped), head: raw };
  if (wrapped?.as !== compression) throw wrongFormat(name, wrapped?.what ?? "not compressed", `a ${compression} file`);
  if (compression === "zstd") return { format: promised ?? "csv", compression, head: undefined };
  const start = await gunzipHead(raw, name);
  const head = start.length === 0 && raw.length === HEAD_BYTES ? await firstUnpacked(file) : start;
  if (head.length === 0)
    throw new DataError("E_EMPTY_FILE", `${name} holds nothing: 0 bytes after decompression`, {
      hint: "check how it was written",
    });
  return { format: formatOf(name, promised, head, signatureOf(head)), compression, head };
}

function formatOf(
  name: string,
  promised: FileFormat | undefined,
  head: Buffer,
  signature: (typeof SIGNATURES)[number] | undefined,
): FileFormat {
  const isBinary = promised === "parquet" || promised === "arrow";
  if (isBinary && signature?.as === promised) return promised;
  // An Arrow stream has no signature but a continuation marker.
  if (promised === "arrow" && head.readInt32LE(0) === -1) return promised;
  if (promised === undefined && (signature?.as === "parquet" || signature?.as === "arrow")) return signature.as;
  if (isBinary)
    throw wrongFormat(
      name,
      signature?.what ?? describe(head),
      `${promised === "arrow" ? "an Arrow" : "a Parquet"} file`,
    );
  if (signature) throw wrongFormat(name, signature.what, promised && "text");
  if (MARKUP.test(head.subarray(0, 256).toString("utf8")))
    throw wrongFormat(name, "a page of HTML or XML", promised && "text");
  refuseBigEndian(head, name);
  // Three letters that a name of a column may begin with.
  if (!isText(head) && head.toString("latin1", 0, 3) === "ORC")
    throw wrongFormat(name, "an ORC file", promised && "text");
  if (!isText(head))
    throw new DataError("E_NOT_TEXT", `${name} is not text: it holds NUL bytes`, {
      hint: "if it is UTF-16 without a byte order mark, say --encoding utf-16; otherwise check what wrote it",
    });
  return promised ?? (/^[\s\uFEFF]*[{[]/.test(head.subarray(0, 256).toString("utf8")) ? "json" : "csv");
}

/** What a server sends in place of a file, as to log in. */
const MARKUP = /^[\s\uFEFF]*<(?:!doctype\s|html[\s>]|\?xml\s)/i;

/** Without an expectation the name promises nothing. */
function wrongFormat(name: string, what: string, expected: string | undefined): DataError {
  const cures: Readonly<Record<string, string>> = {
    "a Parquet file": "rename it to end in .parquet",
    "an Arrow file": "rename it to end in .arrow",
    "a gzip file": "rename it to end in .gz, as in data.csv.gz",
    "a Zstandard file": "rename it to end in .zst, as in data.csv.zst",
    "not compressed": "take the ending .gz or .zst off its name",
    "a zip archive or an Excel workbook": "unzip it, or save the sheet as CSV",
    "a bzip2 file": `unpack it first: !bunzip2 -k "${name}"`,
    "an xz file": `unpack it first: !unxz -k "${name}"`,
    "an old Excel workbook": "save the sheet as CSV",
    "an SQLite database": `write a table of it as CSV: !sqlite3 -header -csv "${name}" "SELECT * FROM …" > table.csv`,
    "an Avro file": 'Spark reads it, with its package: await spark.read.format("avro").load(…)',
    "an ORC file": "Spark reads it: await spark.read.orc(…)",
    "an array of NumPy's": "save it as Parquet or CSV where it comes from",
    "a pickle of Python's": "save it as Parquet or CSV where it comes from",
    "an HDF5 file": "save it as Parquet or CSV where it comes from",
    "a page of HTML or XML": `if it was fetched, see what the server sent: !head -c 500 "${name}"; otherwise convert it to CSV or JSON Lines`,
  };
  const fault = expected === undefined ? "which cannot be read" : `its name promises ${expected}`;
  return new DataError("E_WRONG_FORMAT", `${name} is ${what}, ${fault}`, {
    hint: cures[what] ?? "give the file the name that fits it, or convert it to CSV or Parquet",
  });
}

function describe(head: Buffer): string {
  return isText(head) ? "text" : "in no format known here";
}

function signatureOf(head: Buffer) {
  const start = head.subarray(0, 16).toString("latin1");
  return SIGNATURES.find(({ bytes }) => start.startsWith(bytes));
}

/** The engine reads UTF-16 with the low byte first, and takes the other order for Chinese without a word. */
function refuseBigEndian(head: Buffer, name: string): void {
  if (head[0] !== 0xfe || head[1] !== 0xff) return;
  throw new DataError("E_ENCODING", `${name} is UTF-16 with the high byte first, which cannot be read`, {
    hint: `convert it first: !iconv -f utf-16 -t utf-8 "${name}" > "utf8-${name}"`,
  });
}

/** NUL bytes do not occur in text, except as half of UTF-16, which announces itself. */
function isText(head: Buffer): boolean {
  return isUtf16(head) || !head.includes(0);
}

/** Whether the bytes start with the mark of UTF-16. */
export function isUtf16(head: Buffer): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError("E_UNREADABLE", `cannot read ${path.basename(file)}: ${cause.code ?? cause.message}`, {
      cause,
      hint: cause.code === "EACCES" ? `allow it with chmod u+r "${file}"` : "check that it is a file that you may read",
    });
  });
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** As much as the compressed head gives: its end is cut off, which is no fault of the file. */
function gunzipHead(raw: Buffer, name: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = createGunzip({ chunkSize: 4 * HEAD_BYTES });
    const pieces: Buffer[] = [];
    const done = () => resolve(Buffer.concat(pieces).subarray(0, 4 * HEAD_BYTES));
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.once("end", done);
    stream.once("error", (cause: NodeJS.ErrnoException) => {
      const isCutOff = cause.code === "Z_BUF_ERROR" && raw.length === HEAD_BYTES;
      if (isCutOff) return done();
      const hint = "fetch or write it again";
      reject(new DataError("E_DAMAGED_FILE", `${name} is damaged: ${cause.message}`, { cause, hint }));
    });
    stream.end(raw);
  });
}

/** Behind a head that unpacks to nothing: members without content, or a long name in the head of one. */
async function firstUnpacked(file: string): Promise<Buffer> {
  for await (const { piece } of unpacked(file, 4 * HEAD_BYTES)) return piece;
  return Buffer.alloc(0);
}

function withoutCompression(file: string): string {
  const extension = path.extname(file);
  return extension.toLowerCase() in COMPRESSIONS ? file.slice(0, -extension.length) : file;
}
