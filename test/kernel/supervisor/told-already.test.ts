import { expect, test } from "vitest";
import { withoutTold } from "../../../kernel/supervisor/told-already.ts";

const finding = (message: string) => ({ severity: "error", code: "", message, line: 1, column: 1, text: "" }) as const;
const failure = (ename: string, evalue: string) => ({ ename, evalue, traceback: [] });

const ABSENT = failure("ReferenceError", "df is not defined");
const NO_FILE = failure("Error", "Cannot find module '/data/lib/own.ts' imported from /data/notebook.ts");
const NO_PACKAGE = failure("Error", "Cannot find package '@a/b' imported from /data/notebook.ts");
const NO_EXPORT = failure("SyntaxError", "The requested module './own.ts' does not provide an export named 'wrong'");
const SUFFIX = "or its corresponding type declarations.";

test.each([
  ["Cannot find name 'df'.", ABSENT],
  [`Cannot find module './lib/own.ts' ${SUFFIX}`, NO_FILE],
  [`Cannot find module '/data/lib/own.ts' ${SUFFIX}`, NO_FILE],
  [`Cannot find module 'file:///data/lib/own.ts' ${SUFFIX}`, NO_FILE],
  [`Module '"./own.ts"' has no exported member 'wrong'.`, NO_EXPORT],
  ["Cannot find module or type declarations for side-effect import of './lib/own.ts'.", NO_FILE],
  [`Cannot find module '@a/b' ${SUFFIX}`, NO_PACKAGE],
  [`Cannot find module '@a/b/c.js' ${SUFFIX}`, NO_PACKAGE],
])("the error tells it: %s", (message, error) => {
  expect(withoutTold([finding(message)], error)).toEqual([]);
});

test.each([
  ["Cannot find name 'other'.", ABSENT],
  ["Cannot find name 'df'. Did you mean 'dg'?", ABSENT],
  ["Cannot find name 'df'.", failure("Error", "df is not defined")],
  ["Type 'string' is not assignable to type 'number'.", ABSENT],
  [`Cannot find module './own.ts' ${SUFFIX}`, NO_FILE],
  [`Cannot find module 'file:///data/own.ts' ${SUFFIX}`, NO_FILE],
  [`Cannot find module 'file://%' ${SUFFIX}`, NO_FILE],
  [`Module '"./own.ts"' has no exported member 'other'.`, NO_EXPORT],
  [`Module '"./own.ts"' has no exported member 'wrong'. Did you mean 'wring'?`, NO_EXPORT],
  [`Cannot find module '@a/bc' ${SUFFIX}`, NO_PACKAGE],
  [`Cannot find module '@a/b' ${SUFFIX}`, ABSENT],
])("the error does not tell it: %s", (message, error) => {
  expect(withoutTold([finding(message)], error)).toHaveLength(1);
});
