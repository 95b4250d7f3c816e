/** CSV for spreadsheets: streamed, in UTF-8 with a byte order mark, and without a cell that a spreadsheet computes. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { toCsvCell } from '../../models/contract/typed/csv.ts';

/** Without it Excel reads another encoding. */
const BYTE_ORDER_MARK = '\uFEFF';
/** One line, by RFC 4180. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(toCsvCell).join(',')}\r\n`;
}

/** Sends the rows as they come, no faster than the client reads. A failure after the first byte cuts the reply off. */
export async function sendCsv(
  res: Response,
  fileName: string,
  header: readonly string[],
  rows: AsyncIterable<readonly string[]>,
): Promise<void> {
  async function* lines() {
    yield BYTE_ORDER_MARK + csvLine(header);
    for await (const row of rows) yield csvLine(row);
  }
  res.setHeader('content-type', 'text/csv; charset=utf-8');
  res.setHeader('content-disposition', `attachment; filename="${fileName}"`);
  await pipeline(Readable.from(lines()), res);
}
