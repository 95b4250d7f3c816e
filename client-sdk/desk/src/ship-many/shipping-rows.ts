/** The rows of "Ship many": from a CSV, pasted text or chosen orders. */
import { newActionKey, type ShipManyInput } from '@orders-module/client';
import { parse } from 'csv-parse/browser/esm/sync';
import { FormError } from '../../../parts/data/errors.ts';

export interface ShippingRow {
  /** Of the action: the same file again does only what is left. */
  key: string;
  code: string;
  carrier: string;
  trackingNumber: string;
}

/** The server's limit for one call. */
export const ROWS_PER_CALL = 25;
/** A file of a larger day is sent in parts. */
const MAX_ROWS = 1_000;

export const toRow = (code: string): ShippingRow => ({ key: newActionKey(), code, carrier: '', trackingNumber: '' });

/**
 * Columns in the order code, carrier, tracking; a first line of names may order them otherwise. Separated by commas,
 * semicolons or tabs, as spreadsheets write and copy them. Throws FormError for what is no table.
 */
export async function readShippingRows(text: string): Promise<ShippingRow[]> {
  const lines = parseTable(text);
  const [first = [], ...others] = lines;
  const columns = columnsOf(first);
  const rows = columns === null ? lines : others;
  if (rows.length > MAX_ROWS) throw new FormError('This has more than 1,000 rows. Send it in parts.');
  const { code, carrier, tracking } = columns ?? { code: 0, carrier: 1, tracking: 2 };
  const digest = await digestOf(text);
  const cell = (row: readonly string[], at: number) => (row[at] ?? '').trim();
  return rows
    .map((row, index) => ({
      key: `${digest}.${index + 1}`,
      code: cell(row, code),
      carrier: cell(row, carrier),
      trackingNumber: cell(row, tracking),
    }))
    .filter((row) => row.code !== '');
}

function parseTable(text: string): string[][] {
  try {
    return parse(text, { bom: true, delimiter: [',', ';', '\t'], relaxColumnCount: true, skipEmptyLines: true });
  } catch {
    throw new FormError('This is no table with the columns code, carrier and tracking.');
  }
}

/** Null where the first line is a row. */
function columnsOf(line: readonly string[]): { code: number; carrier: number; tracking: number } | null {
  const at = (...names: string[]) =>
    line.findIndex((cell) => names.some((name) => cell.trim().toLowerCase().startsWith(name)));
  const code = at('code', 'order');
  return code === -1 ? null : { code, carrier: at('carrier', 'courier'), tracking: at('tracking') };
}

async function digestOf(text: string): Promise<string> {
  // Not in every context of a browser: pages over plain http have none, except on this machine.
  if (crypto.subtle === undefined) return newActionKey();
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 40);
}

export function inputOf({ code, carrier, trackingNumber }: ShippingRow) {
  return {
    code,
    ...(carrier === '' ? {} : { carrier }),
    ...(trackingNumber === '' ? {} : { trackingNumber }),
  } satisfies Omit<ShipManyInput['rows'][number], 'key'>;
}

export function inParts<T>(rows: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_PER_CALL) parts.push(rows.slice(at, at + ROWS_PER_CALL));
  return parts;
}
