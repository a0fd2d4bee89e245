const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** A size as Spark writes it, whole gibibytes where it is one. */
export function sparkSize(bytes: number): string {
  return bytes % GIB === 0 ? `${bytes / GIB}g` : `${Math.floor(bytes / MIB)}m`;
}
