import type { SourceFile } from "../../source/source.ts";
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

/** The files from a place on, each as one piece. */
export function piecesFrom(files: readonly SourceFile[], { file, offset, row }: ScanPlace): Piece[] {
  return cutPieces(files, Number.POSITIVE_INFINITY)
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
