/** What is wrong with a row, said by code that does not know in which file it is, nor how many rows come before it. */
export interface RowFaultDetails {
  readonly code: `E_${string}`;
  /** Rows before it in what this reader was given, which may be a piece of a file. */
  readonly row: number;
  /** Where it is wrong, in bytes of the file as UTF-8 and unpacked. */
  readonly offset: number;
  /** Goes on from `data.csv row 17`: `has 4 fields, the line of names has 3`, or `, column "x": "abc" is not an int64`. */
  readonly problem: string;
  readonly hint: string;
}

/** A fault of the data in one row. The driver knows the file and the rows before, and makes the error that people see of it. */
export class RowFault extends Error {
  override readonly name = "RowFault";
  readonly details: RowFaultDetails;

  constructor(details: RowFaultDetails) {
    super(`row ${details.row}: ${details.problem}`);
    this.details = details;
  }
}

/** A text as messages show it. */
export function clipText(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
