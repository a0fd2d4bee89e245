// How numbers are written in the text that is read.

export let decimalMark: i32 = 46;
/** 007 and +49 are no numbers, for such digits are names and lose their zeros or their plus as numbers. */
export let keepsZeros: bool = false;
/** 5.0 and 1e3 are whole numbers too, as a declared type asks for. */
export let takesWholeDecimals: bool = false;

/** The code of the point or the comma. */
export function setDecimalMark(mark: i32): void {
  decimalMark = mark;
}

export function setKeepsZeros(keeps: i32): void {
  keepsZeros = keeps != 0;
}

export function setTakesWholeDecimals(takes: i32): void {
  takesWholeDecimals = takes != 0;
}
