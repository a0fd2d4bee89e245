import type { Column, ColumnOrName } from "../column.ts";
import { invoke } from "./invoke.ts";

/** Euler's number. */
export function e(): Column {
  return invoke("e");
}

/** The ratio of a circle's circumference to its diameter. */
export function pi(): Column {
  return invoke("pi");
}

/** The sine of radians. */
export function sin(col: ColumnOrName): Column {
  return invoke("sin", col);
}

/** The cosine of radians. */
export function cos(col: ColumnOrName): Column {
  return invoke("cos", col);
}

/** The tangent of radians. */
export function tan(col: ColumnOrName): Column {
  return invoke("tan", col);
}

/** The cotangent of radians. */
export function cot(col: ColumnOrName): Column {
  return invoke("cot", col);
}

/** The secant of radians. */
export function sec(col: ColumnOrName): Column {
  return invoke("sec", col);
}

/** The cosecant of radians. */
export function csc(col: ColumnOrName): Column {
  return invoke("csc", col);
}

/** The arc sine, in radians. */
export function asin(col: ColumnOrName): Column {
  return invoke("asin", col);
}

/** The arc cosine, in radians. */
export function acos(col: ColumnOrName): Column {
  return invoke("acos", col);
}

/** The arc tangent, in radians. */
export function atan(col: ColumnOrName): Column {
  return invoke("atan", col);
}

/** The angle of the point with y `col1` and x `col2`, in radians. */
export function atan2(col1: ColumnOrName | number, col2: ColumnOrName | number): Column {
  return invoke("atan2", col1, col2);
}

/** The hyperbolic sine. */
export function sinh(col: ColumnOrName): Column {
  return invoke("sinh", col);
}

/** The hyperbolic cosine. */
export function cosh(col: ColumnOrName): Column {
  return invoke("cosh", col);
}

/** The hyperbolic tangent. */
export function tanh(col: ColumnOrName): Column {
  return invoke("tanh", col);
}

/** The inverse hyperbolic sine. */
export function asinh(col: ColumnOrName): Column {
  return invoke("asinh", col);
}

/** The inverse hyperbolic cosine. */
export function acosh(col: ColumnOrName): Column {
  return invoke("acosh", col);
}

/** The inverse hyperbolic tangent. */
export function atanh(col: ColumnOrName): Column {
  return invoke("atanh", col);
}

/** Radians in degrees. */
export function degrees(col: ColumnOrName): Column {
  return invoke("degrees", col);
}

/** Degrees in radians. */
export function radians(col: ColumnOrName): Column {
  return invoke("radians", col);
}
