import type { SourceFile } from "../../source/source.ts";

/** A stretch of a file that one thread reads at a time. */
export interface Piece {
  /** Index of its file. */
  readonly file: number;
  readonly start: number;
  /** The piece has the rows that begin before it; Infinity for the last piece of a file. */
  readonly stop: number;
}

/** What a piece turned out to be: rows from one byte to another; both -1 when no row begins in it. */
export interface PieceReport {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly rows: number;
  /** Rows with another number of fields than there are columns, and which of the piece's rows the first of them is; -1 for none. */
  readonly ragged: number;
  readonly skipped: number;
  readonly firstRagged: number;
}

/** Enough work to be worth a hand-over, and pieces enough that all threads end at about the same time. */
const LEAST_BYTES = 4 * 2 ** 20;
const MOST_BYTES = 32 * 2 ** 20;
const PIECES_PER_THREAD = 16;

/** The bytes of a piece when `bytes` are shared by `threads`. */
export function pieceBytesOf(bytes: number, threads: number): number {
  return Math.min(MOST_BYTES, Math.max(LEAST_BYTES, Math.ceil(bytes / (threads * PIECES_PER_THREAD))));
}

/** All files cut into pieces, in the order of their bytes. A piece that does not begin a file begins anywhere in a row. */
export function cutPieces(files: readonly SourceFile[], pieceBytes: number): Piece[] {
  return files.flatMap(({ bytes }, file) => {
    const count = Math.max(1, Math.floor(bytes / pieceBytes));
    return Array.from({ length: count }, (_, i) => ({
      file,
      start: i === 0 ? 0 : i * pieceBytes,
      stop: i === count - 1 ? Number.POSITIVE_INFINITY : (i + 1) * pieceBytes,
    }));
  });
}

/**
 * The first of the first `count` pieces that does not begin where the one before it in its file ended: its start was guessed
 * wrong, and nothing of that scan holds. Undefined when all of them fit.
 */
export function firstBreak(
  pieces: readonly Piece[],
  report: (piece: number) => PieceReport,
  count = pieces.length,
): number | undefined {
  let end = 0;
  for (const [i, { file, stop }] of pieces.slice(0, count).entries()) {
    const { startedAt, endedAt } = report(i);
    const isFirst = file !== pieces[i - 1]?.file;
    // No row begins in this piece: then the row that goes on through it began in one before.
    if (startedAt < 0 && (isFirst || end < stop)) return i;
    if (startedAt < 0) continue;
    if (!isFirst && startedAt !== end) return i;
    end = endedAt;
  }
  return undefined;
}

/** Rows of a piece's file that lie before it. */
export function rowsBefore(pieces: readonly Piece[], report: (piece: number) => PieceReport, piece: number): number {
  let rows = 0;
  for (let i = piece - 1; i >= 0 && pieces[i]?.file === pieces[piece]?.file; i--)
    rows += report(i).rows + report(i).skipped;
  return rows;
}
