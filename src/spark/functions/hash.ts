import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** The 32-bit Murmur hash of the values. */
export function hash(...cols: readonly ColumnOrName[]): Column {
  return invoke("hash", ...cols);
}

/** The 64-bit xxHash of the values. */
export function xxhash64(...cols: readonly ColumnOrName[]): Column {
  return invoke("xxhash64", ...cols);
}

/** The checksum CRC-32. */
export function crc32(col: ColumnOrName): Column {
  return invoke("crc32", col);
}

/** The MD5 digest in hexadecimal digits. */
export function md5(col: ColumnOrName): Column {
  return invoke("md5", col);
}

/** The SHA-1 digest in hexadecimal digits. */
export function sha(col: ColumnOrName): Column {
  return invoke("sha", col);
}

/** The SHA-1 digest in hexadecimal digits. */
export function sha1(col: ColumnOrName): Column {
  return invoke("sha1", col);
}

/** A digest of the SHA-2 family in hexadecimal digits; 0 bits mean 256. */
export function sha2(col: ColumnOrName, numBits: 0 | 224 | 256 | 384 | 512): Column {
  return invoke("sha2", col, numBits);
}

/** The keyed digest of a message, by SHA-256 unless another algorithm is named. */
export function hmac(key: ColumnOrName, message: ColumnOrName, algorithm?: ColumnOrName): Column {
  return invoke("hmac", key, message, algorithm);
}

/** How AES works; the defaults are GCM with its own padding. */
export interface AesOptions {
  readonly mode?: ColumnOrName | undefined;
  readonly padding?: ColumnOrName | undefined;
  /** Additional data that is authenticated, in mode GCM. */
  readonly aad?: ColumnOrName | undefined;
}

/** The bytes encrypted by AES with a key of 16, 24 or 32 bytes; a random initialisation vector unless one is given. */
export function aes_encrypt(
  input: ColumnOrName,
  key: ColumnOrName,
  options: AesOptions & { readonly iv?: ColumnOrName | undefined } = {},
): Column {
  const { mode = lit("GCM"), padding = lit("DEFAULT"), iv = lit(""), aad = lit("") } = options;
  return invoke("aes_encrypt", input, key, mode, padding, iv, aad);
}

/** The bytes that AES encrypted. */
export function aes_decrypt(input: ColumnOrName, key: ColumnOrName, options: AesOptions = {}): Column {
  const { mode = lit("GCM"), padding = lit("DEFAULT"), aad = lit("") } = options;
  return invoke("aes_decrypt", input, key, mode, padding, aad);
}

/** The bytes that AES encrypted, null where that fails. */
export function try_aes_decrypt(input: ColumnOrName, key: ColumnOrName, options: AesOptions = {}): Column {
  const { mode = lit("GCM"), padding = lit("DEFAULT"), aad = lit("") } = options;
  return invoke("try_aes_decrypt", input, key, mode, padding, aad);
}
