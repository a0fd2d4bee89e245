/** The most digits of a decimal in 64 bits. */
export const MOST_DIGITS = 18;

export interface WholeRange {
  readonly min: bigint;
  readonly max: bigint;
}

/** The least and the largest whole number of a type; undefined for what 64 bits with a sign hold, which is every whole number here. */
export function wholeRange(bits: number, isSigned: boolean): WholeRange | undefined {
  if (isSigned && bits === 64) return undefined;
  const [min, count] = [isSigned ? -(2n ** BigInt(bits - 1)) : 0n, 2n ** BigInt(bits)];
  return { min, max: min + count - 1n };
}
