import { type Column, type ColumnOrName, lit } from "../column.ts";
import { invoke } from "./invoke.ts";

/** A vector of machine learning as an array of `float64` or `float32`. */
export function vector_to_array(col: ColumnOrName, dtype = "float64"): Column {
  return invoke("vector_to_array", col, lit(dtype));
}

/** An array of numbers as a dense vector of machine learning. */
export function array_to_vector(col: ColumnOrName): Column {
  return invoke("array_to_vector", col);
}

/** A value of a user-defined type as what it is stored as. */
export function unwrap_udt(col: ColumnOrName): Column {
  return invoke("unwrap_udt", col);
}

/** The cosine of the angle between two arrays of floats. */
export function vector_cosine_similarity(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("vector_cosine_similarity", left, right);
}

/** The inner product of two arrays of floats. */
export function vector_inner_product(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("vector_inner_product", left, right);
}

/** The Euclidean distance of two arrays of floats. */
export function vector_l2_distance(left: ColumnOrName, right: ColumnOrName): Column {
  return invoke("vector_l2_distance", left, right);
}

/** The norm of an array of floats, of degree 2 unless another is given. */
export function vector_norm(vector: ColumnOrName, degree?: ColumnOrName): Column {
  return invoke("vector_norm", vector, degree);
}

/** The array of floats scaled to norm 1. */
export function vector_normalize(vector: ColumnOrName, degree?: ColumnOrName): Column {
  return invoke("vector_normalize", vector, degree);
}

/** Of a group: the mean of arrays of floats, element by element. */
export function vector_avg(col: ColumnOrName): Column {
  return invoke("vector_avg", col);
}

/** Of a group: the sum of arrays of floats, element by element. */
export function vector_sum(col: ColumnOrName): Column {
  return invoke("vector_sum", col);
}
