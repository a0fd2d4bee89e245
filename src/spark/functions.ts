// The functions of Spark under one roof: `F` is this file. Beside src/index.ts it is the only file that only hands on, because
// PySpark gives all of them as one namespace, and no file should hold five hundred.

export * from "./functions/aggregate.ts";
export * from "./functions/array.ts";
export * from "./functions/bit.ts";
export * from "./functions/conditional.ts";
export * from "./functions/csv.ts";
export * from "./functions/date.ts";
export * from "./functions/encoding.ts";
export * from "./functions/generator.ts";
export * from "./functions/geospatial.ts";
export * from "./functions/hash.ts";
export * from "./functions/higher-order.ts";
export * from "./functions/json.ts";
export * from "./functions/make-datetime.ts";
export * from "./functions/map.ts";
export * from "./functions/math.ts";
export * from "./functions/normal.ts";
export { partitioning } from "./functions/partitioning.ts";
export * from "./functions/random.ts";
export * from "./functions/regexp.ts";
export * from "./functions/sketch.ts";
export * from "./functions/sketch-kll.ts";
export * from "./functions/sketch-tuple.ts";
export * from "./functions/sort.ts";
export * from "./functions/statistics.ts";
export * from "./functions/string.ts";
export * from "./functions/string-search.ts";
export * from "./functions/struct.ts";
export * from "./functions/system.ts";
export * from "./functions/time.ts";
export * from "./functions/timestamp.ts";
export * from "./functions/trigonometry.ts";
export * from "./functions/variant.ts";
export * from "./functions/vector.ts";
export * from "./functions/window.ts";
export * from "./functions/xml.ts";
