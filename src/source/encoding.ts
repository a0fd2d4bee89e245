/** Encodings of text, under the names that options have. */
export const ENCODINGS = ["utf-8", "utf-16", "latin-1", "windows-1252"] as const;

export type Encoding = (typeof ENCODINGS)[number];

const OTHER_NAMES: Readonly<Record<string, Encoding>> = {
  utf8: "utf-8",
  ascii: "utf-8",
  "us-ascii": "utf-8",
  utf16: "utf-16",
  "utf-16le": "utf-16",
  latin1: "latin-1",
  "iso-8859-1": "latin-1",
  cp1252: "windows-1252",
  "cp-1252": "windows-1252",
  "windows 1252": "windows-1252",
};

/** All spellings that are known, for what is like them. */
export const ENCODING_NAMES: readonly string[] = [...ENCODINGS, ...Object.keys(OTHER_NAMES)];

/**
 * The encoding that is meant, whatever its case and spelling.
 *
 * @example
 * encodingNamed("CP1252"); // "windows-1252"
 */
export function encodingNamed(name: string): Encoding | undefined {
  const lower = name.toLowerCase();
  return ENCODINGS.find((encoding) => encoding === lower) ?? OTHER_NAMES[lower];
}

/** What the program that converts text calls it. */
export function nameForIconv(encoding: string): string {
  return encoding === "latin-1" ? "iso-8859-1" : encoding;
}

/**
 * Text of bytes that begin and end with a whole character. Latin-1 is ISO 8859-1, where every byte is the character of its number;
 * Windows-1252 has quotes, dashes and the euro sign where that has controls.
 */
export function decode(bytes: Buffer, encoding: string | undefined): string {
  if (encoding === "utf-16") return new TextDecoder("utf-16le").decode(bytes.subarray(0, bytes.length & ~1));
  if (encoding === "latin-1") return bytes.toString("latin1");
  if (encoding === "windows-1252") return bytes.toString("latin1").replace(CONTROLS, windowsCharacter);
  return bytes.toString("utf8");
}

/** Whether bytes that are not UTF-8 look like Windows-1252: in Latin-1 they would be controls, which nobody writes. */
export function isLikeWindows(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte >= 0x80 && byte < 0xa0);
}

const CONTROLS = /[\x80-\x9f]/g;
/** From 0x80 on. A blank stands for what the code page leaves out, which stays the control that it is. Node's own decoder takes it for Latin-1 in some versions. */
const WINDOWS = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

function windowsCharacter(control: string): string {
  const character = WINDOWS[control.charCodeAt(0) - 0x80] as string;
  return character === " " ? control : character;
}
