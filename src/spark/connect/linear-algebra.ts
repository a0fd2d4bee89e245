/** Rows of numbers: how a matrix of Spark's is given. */
export type Matrix = readonly (readonly number[])[];

/** A vector as Spark packs it: sparse with indices, dense without. */
export interface PackedVector {
  readonly size: number | null;
  readonly indices: readonly number[] | null;
  readonly values: readonly number[];
}

/** A matrix as Spark packs it: column by column, or row by row when transposed; a sparse one says for each where it starts. */
export interface PackedMatrix {
  readonly numRows: number;
  readonly numCols: number;
  readonly colPtrs: readonly number[] | null;
  readonly rowIndices: readonly number[] | null;
  readonly values: readonly number[];
  readonly isTransposed: boolean;
}

/** All numbers of a vector, dense or sparse alike. */
export function unpackVector({ size, indices, values }: PackedVector): number[] {
  if (!indices) return [...values];
  const dense = new Array<number>(size ?? 0).fill(0);
  for (const [i, index] of indices.entries()) dense[index] = values[i] ?? 0;
  return dense;
}

export function unpackMatrix({ numRows, numCols, colPtrs, rowIndices, values, isTransposed }: PackedMatrix): Matrix {
  const matrix = Array.from({ length: numRows }, () => new Array<number>(numCols).fill(0));
  const [lines, length] = isTransposed ? [numRows, numCols] : [numCols, numRows];
  for (let line = 0; line < lines; line++) {
    const from = colPtrs?.[line] ?? line * length;
    const to = colPtrs?.[line + 1] ?? from + length;
    for (let i = from; i < to; i++) {
      const place = rowIndices?.[i] ?? i - from;
      const [row, column] = isTransposed ? [line, place] : [place, line];
      (matrix[row] as number[])[column] = values[i] ?? 0;
    }
  }
  return matrix;
}
