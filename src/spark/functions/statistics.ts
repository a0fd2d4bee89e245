import type { Column, ColumnOrName } from "../column.ts";
import { invoke } from "./invoke.ts";

/** The standard deviation of a sample. */
export function stddev(col: ColumnOrName): Column {
  return invoke("stddev", col);
}

/** The standard deviation of a sample. */
export function stddev_samp(col: ColumnOrName): Column {
  return invoke("stddev_samp", col);
}

/** The standard deviation of a sample. */
export function std(col: ColumnOrName): Column {
  return invoke("std", col);
}

/** The standard deviation of a population. */
export function stddev_pop(col: ColumnOrName): Column {
  return invoke("stddev_pop", col);
}

/** The variance of a sample. */
export function variance(col: ColumnOrName): Column {
  return invoke("variance", col);
}

/** The variance of a sample. */
export function var_samp(col: ColumnOrName): Column {
  return invoke("var_samp", col);
}

/** The variance of a population. */
export function var_pop(col: ColumnOrName): Column {
  return invoke("var_pop", col);
}

/** The skewness: the third standardised moment. */
export function skewness(col: ColumnOrName): Column {
  return invoke("skewness", col);
}

/** The excess kurtosis: the fourth standardised moment less three. */
export function kurtosis(col: ColumnOrName): Column {
  return invoke("kurtosis", col);
}

/** Pearson's correlation. */
export function corr(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("corr", col1, col2);
}

/** The covariance of a population. */
export function covar_pop(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("covar_pop", col1, col2);
}

/** The covariance of a sample. */
export function covar_samp(col1: ColumnOrName, col2: ColumnOrName): Column {
  return invoke("covar_samp", col1, col2);
}

/** The number of pairs of which neither is null. */
export function regr_count(y: ColumnOrName, x: ColumnOrName): Column {
  return invoke("regr_count", y, x);
}

/** The mean of `x` over the pairs. */
export function regr_avgx(y: ColumnOrName, x: ColumnOrName): Column {
  return invoke("regr_avgx", y, x);
}

/** The mean of `y` over the pairs. */
export function regr_avgy(y: ColumnOrName, x: ColumnOrName): Column {
  return invoke("regr_avgy", y, x);
}

/** The slope of the line of least squares. */
export function regr_slope(y: ColumnOrName, x: ColumnOrName): Column {
  return invoke("regr_slope", y, x);
}

/** Where the line of least squares meets the y axis. */
export function regr_intercept(y: ColumnOrName, x: ColumnOrName): Column {
  return invoke("regr_intercept", y, x);
}

/** The coefficient of determination of the line of least squares. */
export function regr_r2(y: ColumnOrName, x: ColumnOrName): Column {
  return invoke("regr_r2", y, x);
}

/** The sum of the squared deviations of `x`. */
export function regr_sxx(y: ColumnOrName, x: ColumnOrName): Column {
  return invoke("regr_sxx", y, x);
}

/** The sum of the products of both deviations. */
export function regr_sxy(y: ColumnOrName, x: ColumnOrName): Column {
  return invoke("regr_sxy", y, x);
}

/** The sum of the squared deviations of `y`. */
export function regr_syy(y: ColumnOrName, x: ColumnOrName): Column {
  return invoke("regr_syy", y, x);
}

/** About `nBins` bins of unequal width, as an array of centre and height. */
export function histogram_numeric(col: ColumnOrName, nBins: Column): Column {
  return invoke("histogram_numeric", col, nBins);
}
