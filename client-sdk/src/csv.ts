/** The contract's cells of CSV files, declared here so that this package's declarations stand by themselves. */
import * as contract from '../../models/contract/typed/csv.ts';

/** A cell of a CSV file as spreadsheets read it: quoted where needed, and never computed as a formula. */
export function toCsvCell(text: string): string {
  return contract.toCsvCell(text);
}

/** The text of a cell that toCsvCell wrote, after a parser has taken it out of its quotes. */
export function fromCsvCell(cell: string): string {
  return contract.fromCsvCell(cell);
}
