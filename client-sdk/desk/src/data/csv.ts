/** CSV files that Excel and LibreOffice open: UTF-8 with a byte order mark, and no cell that they would run as a formula. */
import { fromCsvCell, toCsvCell } from '@orders-module/client';
import { parse } from 'csv-parse/browser/esm/sync';
import { FormError } from '../../../parts/data/errors.ts';

export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  const cellOf = (value: string | number) => (typeof value === 'number' ? String(value) : toCsvCell(value));
  return `\uFEFF${rows.map((row) => row.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

/** The rows of a file, as toCsv wrote them or as a spreadsheet saved them. Throws FormError for what is no table. */
export function fromCsv(text: string): string[][] {
  const [firstLine = ''] = text.split('\n', 1);
  try {
    const rows: string[][] = parse(text, {
      bom: true,
      delimiter: delimiterOf(firstLine),
      relaxColumnCount: true,
      skipEmptyLines: true,
    });
    return rows.map((row) => row.map(fromCsvCell));
  } catch (error) {
    const line = typeof error === 'object' && error !== null && 'lines' in error ? ` Look at line ${error.lines}.` : '';
    throw new FormError(`This is no CSV file: its quotes do not fit together.${line}`);
  }
}

/** Spreadsheets of some countries write semicolons; those of a copied table are tabs. By the line of names. */
function delimiterOf(names: string): string {
  const counts = [',', ';', '\t'].map((delimiter) => [names.split(delimiter).length, delimiter] as const);
  return counts.reduce((most, next) => (next[0] > most[0] ? next : most))[1];
}

/** Throws FormError for bytes in another encoding than UTF-8, or UTF-16 with its mark. */
export function decodeText(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = isUtf16 ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw new FormError('This file is not in UTF-8. Save it in the spreadsheet as “CSV UTF-8”, then choose it again.');
}
