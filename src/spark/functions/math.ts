import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** The absolute value. */
export function abs(col: ColumnOrName): Column {
  return invoke("abs", col);
}

/** The value with the other sign. */
export function negative(col: ColumnOrName): Column {
  return invoke("negative", col);
}

export { negative as negate };

/** The value itself. */
export function positive(col: ColumnOrName): Column {
  return invoke("positive", col);
}

/** The sign as -1, 0 or 1. */
export function sign(col: ColumnOrName): Column {
  return invoke("sign", col);
}

/** The sign as -1, 0 or 1. */
export function signum(col: ColumnOrName): Column {
  return invoke("signum", col);
}

/** Rounded to `scale` decimals, halves away from zero. */
export function round(col: ColumnOrName, scale?: Column | number): Column {
  return invoke("round", col, scale);
}

/** Rounded to `scale` decimals, halves to the even neighbour. */
export function bround(col: ColumnOrName, scale?: Column | number): Column {
  return invoke("bround", col, scale);
}

/** The nearest whole number as a double, halves to the even neighbour. */
export function rint(col: ColumnOrName): Column {
  return invoke("rint", col);
}

/** The least number of `scale` decimals that is not smaller. */
export function ceil(col: ColumnOrName, scale?: Column | number): Column {
  return invoke("ceil", col, scale);
}

/** The least number of `scale` decimals that is not smaller. */
export function ceiling(col: ColumnOrName, scale?: Column | number): Column {
  return invoke("ceiling", col, scale);
}

/** The greatest number of `scale` decimals that is not greater. */
export function floor(col: ColumnOrName, scale?: Column | number): Column {
  return invoke("floor", col, scale);
}

/** The square root. */
export function sqrt(col: ColumnOrName): Column {
  return invoke("sqrt", col);
}

/** The cube root. */
export function cbrt(col: ColumnOrName): Column {
  return invoke("cbrt", col);
}

/** Euler's number to the power of the value. */
export function exp(col: ColumnOrName): Column {
  return invoke("exp", col);
}

/** `exp` less one, exact near zero. */
export function expm1(col: ColumnOrName): Column {
  return invoke("expm1", col);
}

/** The natural logarithm. */
export function ln(col: ColumnOrName): Column {
  return invoke("ln", col);
}

/** The natural logarithm of the value plus one, exact near zero. */
export function log1p(col: ColumnOrName): Column {
  return invoke("log1p", col);
}

/** The logarithm to the base 2. */
export function log2(col: ColumnOrName): Column {
  return invoke("log2", col);
}

/** The logarithm to the base 10. */
export function log10(col: ColumnOrName): Column {
  return invoke("log10", col);
}

/** The natural logarithm; with two arguments, the logarithm of the second to the base of the first. */
export function log(col: ColumnOrName): Column;
export function log(base: number, col: ColumnOrName): Column;
export function log(arg1: ColumnOrName | number, arg2?: ColumnOrName): Column {
  return arg2 === undefined ? invoke("ln", arg1) : invoke("log", lit(arg1), arg2);
}

/** The first to the power of the second. */
export function pow(col1: ColumnOrName | number, col2: ColumnOrName | number): Column {
  return invoke("power", col1, col2);
}

export { pow as power };

/** The length of the hypotenuse over two sides. */
export function hypot(col1: ColumnOrName | number, col2: ColumnOrName | number): Column {
  return invoke("hypot", col1, col2);
}

/** The remainder that is never negative for a positive divisor. */
export function pmod(dividend: ColumnOrName | number, divisor: ColumnOrName | number): Column {
  return invoke("pmod", dividend, divisor);
}

/** The factorial of 0 to 20. */
export function factorial(col: ColumnOrName): Column {
  return invoke("factorial", col);
}

/** The number of the bucket, from 1, of `numBucket` equal ones between `min` and `max`. */
export function width_bucket(
  v: ColumnOrName,
  min: ColumnOrName,
  max: ColumnOrName,
  numBucket: ColumnOrName | number,
): Column {
  return invoke("width_bucket", v, min, max, numBucket);
}

/** A whole number in binary digits. */
export function bin(col: ColumnOrName): Column {
  return invoke("bin", col);
}

/** A whole number, text or bytes in hexadecimal digits. */
export function hex(col: ColumnOrName): Column {
  return invoke("hex", col);
}

/** The bytes of hexadecimal digits. */
export function unhex(col: ColumnOrName): Column {
  return invoke("unhex", col);
}

/** The digits of a number from one base in another. */
export function conv(col: ColumnOrName, fromBase: number, toBase: number): Column {
  return invoke("conv", col, fromBase, toBase);
}

/** The sum, null where it would overflow. */
export function try_add(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("try_add", left, right);
}

/** The difference, null where it would overflow. */
export function try_subtract(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("try_subtract", left, right);
}

/** The product, null where it would overflow. */
export function try_multiply(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("try_multiply", left, right);
}

/** The quotient, null for a division by zero. */
export function try_divide(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("try_divide", left, right);
}

/** The remainder, null for a division by zero. */
export function try_mod(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("try_mod", left, right);
}
