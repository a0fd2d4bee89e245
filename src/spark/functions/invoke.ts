import { Column, type ColumnOrName, call, lit, namedColumn } from "../column.ts";
import { type Options, optionTexts } from "../options.ts";

/** What a function of the server takes: text is the name of a column, every other value that is no column a literal. */
export type Argument = ColumnOrName | number | bigint | boolean | undefined;

/** Percentages from 0 to 1: one for a number, an array for several. */
export type Percentage = Column | number | readonly number[];

/** The start of a function of chance; without one it is random, and stays the same within the plan. */
export type Seed = Column | number | bigint;

/** A function of the server; arguments that are missing at the end are left to the server's defaults. */
export function invoke(functionName: string, ...args: readonly Argument[]): Column {
  return call(functionName, ...columnsOf(args));
}

/** An aggregate of the server over the different values. */
export function invokeDistinct(functionName: string, ...args: readonly Argument[]): Column {
  const value = { functionName, arguments: columnsOf(args).map(({ expression }) => expression), isDistinct: true };
  return new Column({ exprType: { case: "unresolvedFunction", value } });
}

/** A value where text is text; missing when it is not given. */
export function value(given: unknown): Column | undefined {
  return given === undefined || given === null ? undefined : lit(given);
}

/** Options as the map of texts that the server expects; missing when there are none. */
export function optionMap(options: Options | undefined): Column | undefined {
  return (
    options &&
    call(
      "map",
      ...Object.entries(optionTexts(options))
        .flat()
        .map((value) => lit(value)),
    )
  );
}

/** Arguments as the server takes them. */
export function columnsOf(args: readonly Argument[]): Column[] {
  const end = args.findLastIndex((argument) => argument !== undefined) + 1;
  return args.slice(0, end).map((argument) => (typeof argument === "string" ? namedColumn(argument) : lit(argument)));
}
