import { describe, expect, test } from "vitest";
import { ScanControl } from "../../../src/scan/threads/control.ts";
import {
  brokenPieces,
  cutPieces,
  joinPieces,
  type Piece,
  type PieceReport,
  pieceBytesFor,
  rowsBefore,
  WHOLE,
} from "../../../src/scan/threads/morsels.ts";
import { judge } from "../../../src/scan/threads/outcome.ts";
import type { PieceFault } from "../../../src/scan/threads/scan-pieces.ts";

const END = Number.POSITIVE_INFINITY;
const ten = () => 10;
const file = (bytes: number) => ({ path: "x", bytes, mtimeMs: 0 });
const report = (startedAt: number, endedAt: number, rows = 1, skipped = 0): PieceReport => ({
  startedAt,
  endedAt,
  rows,
  ragged: skipped,
  skipped,
  firstRagged: -1,
});

describe("pieces", () => {
  test("cover every byte of every file once, and the last of a file is open", () => {
    expect(cutPieces([file(25), file(0), file(10)], ten)).toEqual([
      { file: 0, start: 0, stop: 10 },
      { file: 0, start: 10, stop: END },
      { file: 1, start: 0, stop: END },
      { file: 2, start: 0, stop: END },
    ]);
    expect(cutPieces([file(25)], WHOLE)).toEqual([{ file: 0, start: 0, stop: END }]);
  });

  test("are large enough to be worth it and small enough to share", () => {
    const bytes = pieceBytesFor(4);
    expect(bytes(1e12)).toBe(32 * 2 ** 20);
    expect(bytes(120e6)).toBe(10e6);
    expect(bytes(1e6)).toBe(2 ** 20);
  });

  test("become smaller to the end of the last file, so that no thread waits long for another", () => {
    const files = [file(300e6), file(700e6)];
    const pieces = cutPieces(files, pieceBytesFor(2));
    const sizes = pieces.map(({ start, stop, file: of }) => Math.min(stop, files[of]?.bytes ?? 0) - start);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1e9);
    expect(sizes.at(-1)).toBeLessThan(2 ** 21);
    expect(pieces.length).toBeLessThan(80);
    for (const [i, { start, file: of }] of pieces.entries())
      expect(start).toBe(pieces[i - 1]?.file === of ? pieces[i - 1]?.stop : 0);
  });

  test("fit when each begins where the one before ended", () => {
    const pieces = cutPieces([file(40), file(10)], ten);
    const good = [report(3, 12), report(12, 20), report(20, 31), report(31, 40), report(3, 10)];
    expect(brokenPieces(pieces, (i) => good[i] as PieceReport)).toEqual([]);
    const bad = good.with(2, report(21, 31));
    expect(brokenPieces(pieces, (i) => bad[i] as PieceReport)).toEqual([2]);
    expect(brokenPieces(pieces, (i) => bad[i] as PieceReport, 2)).toEqual([]);
  });

  test("without a row fit when a row of one before goes on through them", () => {
    const pieces = cutPieces([file(40)], ten);
    const through = [report(0, 35), report(-1, -1, 0), report(-1, -1, 0), report(35, 40)];
    expect(brokenPieces(pieces, (i) => through[i] as PieceReport)).toEqual([]);
    const lost = through.with(0, report(0, 15));
    expect(brokenPieces(pieces, (i) => lost[i] as PieceReport)).toEqual([1, 2, 3]);
  });

  test("are joined to the one before where they do not fit", () => {
    const pieces = cutPieces([file(40), file(20)], ten);
    expect(joinPieces(pieces, [1, 2, 5])).toEqual([
      { file: 0, start: 0, stop: 30 },
      { file: 0, start: 30, stop: END },
      { file: 1, start: 0, stop: END },
    ]);
    // The first of a file has none before it.
    expect(joinPieces(pieces, [4])).toEqual(pieces);
  });

  test("know the rows of their file before them", () => {
    const pieces = cutPieces([file(20), file(30)], ten);
    const reports = [report(0, 10, 5), report(10, 20, 6), report(0, 10, 7, 2), report(10, 20, 8), report(20, 30, 9)];
    expect(pieces.map((_, i) => rowsBefore(pieces, (one) => reports[one] as PieceReport, i))).toEqual([0, 5, 0, 9, 17]);
  });
});

describe("what threads share", () => {
  test("hands out each piece once, and none behind a fault", () => {
    const control = ScanControl.create(2, 4);
    expect([control.takePiece(), control.takePiece()]).toEqual([0, 1]);
    control.stopBehind(2);
    control.stopBehind(3);
    expect([control.takePiece(), control.takePiece(), control.takePiece()]).toEqual([2, undefined, undefined]);
    expect([1, 2, 3].map((piece) => control.isNeedless(piece))).toEqual([false, false, true]);
  });

  test("adds up what all threads have read, and keeps what each piece was", () => {
    const control = ScanControl.create(2, 3);
    const other = new ScanControl(2, control.buffer);
    control.addProgress(0, 10, 1);
    other.addProgress(1, 5e9, 2);
    expect(control.progress).toEqual({ bytes: 5e9 + 10, rows: 3, memory: 0 });
    other.setMemory(1, 3e9);
    control.setMemory(0, 1);
    control.setMemory(0, 2e9);
    expect(control.progress.memory).toBe(5e9);
    const last: Piece & PieceReport = { file: 0, start: 0, stop: 1, ...report(2 ** 40, 2 ** 40 + 1, 7, 3) };
    other.reportPiece(2, last);
    expect(control.pieceReport(2)).toEqual(report(2 ** 40, 2 ** 40 + 1, 7, 3));
    expect(control.progress.rows).toBe(3);
  });

  test("wakes nobody into work that is not wanted", () => {
    const control = ScanControl.create(2, 4);
    control.cancel();
    expect(control.takePiece()).toBeUndefined();
    expect(control.waitForMore(0)).toBe(false);
    expect(control.waitForReader(9, 4)).toBe(false);
  });
});

test("of the faults that threads find in one piece the first of the text is told", () => {
  const pieces = cutPieces([file(40), file(20)], WHOLE);
  const control = ScanControl.create(2, pieces.length);
  const misfits = (piece: number, ...rows: number[]): PieceFault => ({
    piece,
    kind: "misfits",
    misfits: rows.map((row) => ({ column: 0, row, reason: 0, offset: 0, text: "" })),
  });
  const ragged: PieceFault = {
    piece: 0,
    kind: "row",
    fault: { code: "E_RAGGED_ROW", row: 5, offset: 0, problem: "", hint: "" },
  };
  const failure: PieceFault = { piece: 0, kind: "failure", failure: { name: "DataError", message: "changed" } };
  const told = (...faults: PieceFault[]) =>
    judge(pieces, control, faults, () => expect.fail("there is a fault")).outcome;
  for (const [first, second] of [
    [misfits(0, 9, 4), ragged],
    [ragged, misfits(0, 6)],
    [ragged, misfits(1, 2)],
    [failure, ragged],
  ] as const) {
    expect(told(first, second)).toMatchObject({ kind: "fault", fault: first });
    expect(told(second, first)).toMatchObject({ kind: "fault", fault: first });
  }
});
