/** Cells of CSV files that spreadsheets open. A text that goes out by one function comes in unchanged by the other. */

/** Spreadsheets take a cell that begins with one of these for a formula. Source: OWASP, "CSV Injection". */
const FORMULA = /^[=+\-@\t\r]/;
/** Also a text that an apostrophe before a formula begins, so that its own apostrophe is not taken for ours. */
const DEFUSED = /^'+[=+\-@\t\r]/;

/** As it stands in the file, by RFC 4180. An apostrophe keeps a spreadsheet from computing it. */
export function toCsvCell(text: string): string {
  const plain = FORMULA.test(text) || DEFUSED.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The text of a cell that a parser has taken out of its quotes: without the apostrophe that kept it from being computed. */
export function fromCsvCell(cell: string): string {
  return DEFUSED.test(cell) ? cell.slice(1) : cell;
}
