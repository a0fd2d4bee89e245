import type { Moved } from "../../threads/serve.ts";
import type { ScanControl } from "./control.ts";
import { brokenPieces, type Piece, rowsBefore } from "./morsels.ts";
import type { PieceFault } from "./scan-pieces.ts";

/** How a scan of all pieces ended. */
export type Outcome =
  /** `file` is the index of the faulty piece's file, `before` the rows of that file before the piece. */
  | { readonly kind: "fault"; readonly fault: PieceFault; readonly file: number; readonly before: number }
  /** A start was guessed wrong: nothing that was found holds, be it values or faults. */
  | { readonly kind: "broken"; readonly pieces: readonly number[] }
  | { readonly kind: "done"; readonly value: unknown; readonly rows: number; readonly ragged: RaggedRow | undefined };

/** Rows that were filled or left out, with the place of the first. */
export interface RaggedRow {
  readonly rows: number;
  readonly skipped: number;
  readonly file: number;
  /** Row of that file, from 0. */
  readonly row: number;
}

/** Judges how all threads ended: only when all pieces fit together does any of what they have found hold, and comes to a result. */
export function judge(
  pieces: readonly Piece[],
  control: ScanControl,
  faults: readonly PieceFault[],
  resultOf: () => Moved,
): { readonly outcome: Outcome; readonly buffers: readonly ArrayBuffer[] } {
  const fault = firstFault(faults);
  // A failure to read a piece says nothing of where it starts.
  const count = fault === undefined ? pieces.length : fault.piece + (fault.kind === "failure" ? 0 : 1);
  const broken = brokenPieces(pieces, control.pieceReport, count);
  if (broken.length > 0) return { outcome: { kind: "broken", pieces: broken }, buffers: [] };
  if (fault) {
    const { file } = pieces[fault.piece] as Piece;
    const before = rowsBefore(pieces, control.pieceReport, fault.piece);
    return { outcome: { kind: "fault", fault, file, before }, buffers: [] };
  }
  const { value, buffers } = resultOf();
  const rows = pieces.reduce((sum, _, piece) => sum + control.pieceReport(piece).rows, 0);
  return { outcome: { kind: "done", value, rows, ragged: raggedRows(pieces, control) }, buffers };
}

function raggedRows(pieces: readonly Piece[], control: ScanControl): RaggedRow | undefined {
  const reports = pieces.map((_, piece) => control.pieceReport(piece));
  const first = reports.findIndex(({ ragged }) => ragged > 0);
  if (first < 0) return undefined;
  return {
    rows: reports.reduce((sum, { ragged }) => sum + ragged, 0),
    skipped: reports.reduce((sum, { skipped }) => sum + skipped, 0),
    file: (pieces[first] as Piece).file,
    row: rowsBefore(pieces, control.pieceReport, first) + (reports[first]?.firstRagged ?? 0),
  };
}

/** The first of the file, whichever thread was first to come upon one; threads that take turns may each have one in the same piece. */
function firstFault(faults: readonly PieceFault[]): PieceFault | undefined {
  return faults.toSorted((a, b) => a.piece - b.piece || rowOf(a) - rowOf(b))[0];
}

/** What is no fault of a row comes first: what is wrong in the rows may be for that reason. */
function rowOf(fault: PieceFault): number {
  if (fault.kind === "failure") return -1;
  return fault.kind === "row" ? fault.fault.row : Math.min(...fault.misfits.map(({ row }) => row));
}
