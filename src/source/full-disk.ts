/** By the code that Node gives, and by the words of engines. */
const FULL = [
  { code: /ENOSPC/, words: /No space left/i, says: "the disk is full" },
  { code: /EDQUOT/, words: /quota exceeded/i, says: "this user's quota of the disk is used up" },
  { code: /EFBIG/, words: /File too large/i, says: "no file may become as large here" },
] as const;

/**
 * That there is no room, in words, where an error or its cause says so: by Node's codes, or, naming `file`, by an engine's words.
 *
 * @example
 * fullDisk(new Error("ENOSPC: no space left on device, write")); // "the disk is full"
 */
export function fullDisk(failure: unknown, file?: string): string | undefined {
  const messages = [failure, (failure as Error | undefined)?.cause].map((one) =>
    one instanceof Error ? one.message : "",
  );
  return FULL.find(({ code, words }) =>
    messages.some(
      (message) => code.test(message) || (file !== undefined && words.test(message) && message.includes(file)),
    ),
  )?.says;
}
