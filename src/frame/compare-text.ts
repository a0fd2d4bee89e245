/** Order by code point, as engines have it, and not by UTF-16 units: those of astral characters start lower than the last of the basic plane. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    const [high, low] = [x >= 0xd800 && x < 0xe000, y >= 0xd800 && y < 0xe000];
    return high === low ? x - y : Number(high) - Number(low) || x - y;
  }
  return a.length - b.length;
}
