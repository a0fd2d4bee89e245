/** Row labels; undefined stands for 0, 1, 2 … */
export type Labels = ArrayLike<string | number> | undefined;

export function labelsOf(labels: Labels, length: number): (string | number)[] {
  return labels ? Array.from(labels) : Array.from({ length }, (_, i) => i);
}

export function sliceLabels(labels: Labels, from: number, to: number): Labels {
  if (labels) return Array.prototype.slice.call(labels, from, to);
  return from === 0 ? undefined : Uint32Array.from({ length: to - from }, (_, i) => from + i);
}
