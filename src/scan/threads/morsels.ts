import { type SourceFile, totalBytes } from "../../source/source.ts";
import type { ScanPlace } from "../request.ts";

/** A stretch of a file that one thread reads at a time. */
export interface Piece {
  /** Index of its file. */
  readonly file: number;
  readonly start: number;
  /** The piece has the rows that begin before it; Infinity for the last piece of a file. */
  readonly stop: number;
  /** The number in the file of the row that is known to begin at `start`; undefined where a row begins somewhere in the piece. */
  readonly firstRow?: number | undefined;
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

/** Says how large the next piece is when so many bytes are left. */
export type PieceBytes = (left: number) => number;

/** Enough work to be worth a hand-over; all threads end within what so much takes. */
const LEAST_BYTES = 2 ** 20;
const MOST_BYTES = 32 * 2 ** 20;
/** A thread takes one part in so many of what would be its share of the rest, so that others which are slower still end with it. */
const PARTS = 3;

/** The bytes of pieces for so many threads: the less is left, the smaller. */
export function pieceBytesFor(threads: number): PieceBytes {
  return (left) => Math.min(MOST_BYTES, Math.max(LEAST_BYTES, Math.ceil(left / (threads * PARTS))));
}

/** Each file is one piece. */
export const WHOLE: PieceBytes = () => Number.POSITIVE_INFINITY;

/** All files cut into pieces, in the order of their bytes. A piece that does not begin a file begins anywhere in a row. */
export function cutPieces(files: readonly SourceFile[], pieceBytes: PieceBytes): Piece[] {
  const pieces: Piece[] = [];
  let left = totalBytes(files);
  for (const [file, { bytes }] of files.entries()) {
    let start = 0;
    for (let size = pieceBytes(left); bytes - start >= 2 * size; size = pieceBytes(left)) {
      pieces.push({ file, start, stop: start + size });
      start += size;
      left -= size;
    }
    pieces.push({ file, start, stop: Number.POSITIVE_INFINITY });
    left -= bytes - start;
  }
  return pieces;
}

/** The files from a place on, each as one piece. */
export function piecesFrom(files: readonly SourceFile[], { file, offset, row }: ScanPlace): Piece[] {
  return cutPieces(files, WHOLE)
    .slice(file)
    .map((piece, i) => (i > 0 || offset === 0 ? piece : { ...piece, start: offset, firstRow: row }));
}

/**
 * Those of the first `count` pieces that do not begin where the one before in their file ended: a start was guessed wrong, and nothing of
 * that scan holds. None when all of them fit.
 */
export function brokenPieces(
  pieces: readonly Piece[],
  report: (piece: number) => PieceReport,
  count = pieces.length,
): number[] {
  const broken: number[] = [];
  let end = 0;
  for (const [i, { file, stop }] of pieces.slice(0, count).entries()) {
    const { startedAt, endedAt } = report(i);
    const isFirst = file !== pieces[i - 1]?.file;
    // No row begins in this piece: then the row that goes on through it began in one before.
    if (startedAt < 0 ? isFirst || end < stop : !isFirst && startedAt !== end) broken.push(i);
    if (startedAt >= 0) end = endedAt;
  }
  return broken;
}

/** The pieces without the starts that were guessed wrong: what lies behind them belongs to the piece before. */
export function joinPieces(pieces: readonly Piece[], broken: readonly number[]): Piece[] {
  const isBroken = new Set(broken);
  const joined: Piece[] = [];
  for (const [i, piece] of pieces.entries()) {
    const before = joined.at(-1);
    if (isBroken.has(i) && before?.file === piece.file) joined[joined.length - 1] = { ...before, stop: piece.stop };
    else joined.push(piece);
  }
  return joined;
}

/** Rows of a piece's file that lie before it. */
export function rowsBefore(pieces: readonly Piece[], report: (piece: number) => PieceReport, piece: number): number {
  let rows = 0;
  let first = piece;
  for (; first > 0 && pieces[first - 1]?.file === pieces[piece]?.file; first--)
    rows += report(first - 1).rows + report(first - 1).skipped;
  return rows + (pieces[first]?.firstRow ?? 0);
}
