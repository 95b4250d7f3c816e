/** The rows of a file of products, as the shop reads them: grouped by product, and in parts of one call each. */
import { FormError } from '../../../../parts/data/errors.ts';
import { fromCsv } from '../../data/csv.ts';

/** The columns of the file that the shop gives out; others are left out. */
const COLUMNS = [
  'product',
  'title',
  'category',
  'description',
  'sku',
  'variant',
  'price',
  'currency',
  'otherPrices',
  'stock',
] as const;

export type ImportRow = Record<(typeof COLUMNS)[number], string> & { row: number };

const NEEDED = ['product', 'sku'] as const;
const MAX_ROWS = 100_000;
/** The server's limit for one call, which a product with so many rows needs. */
const ROWS_PER_CALL = 200;
/** Of several products: each is a transaction, and a busy shop answers within the time of a call all the same. */
const ROWS_PER_PART = 50;
/** Of the texts in one call, in bytes; the server takes 100 kB. */
const BYTES_PER_CALL = 60_000;

export interface Fault {
  row: number;
  message: string;
}

export interface ImportFile {
  rows: number;
  /** Each holds whole products. */
  parts: ImportRow[][];
  /** Of products that are not sent, because the file names one of their SKUs elsewhere as well; by product. */
  faults: Map<string, { rows: number[]; faults: Fault[] }>;
}

/** Throws FormError for a file that is no table of products. */
export function readProductRows(text: string): ImportFile {
  const [names = [], ...lines] = fromCsv(text);
  const places = new Map(names.map((name, at) => [name.trim().toLowerCase(), at]));
  const missing = NEEDED.filter((name) => !places.has(name));
  if (missing.length > 0)
    throw new FormError(
      `The first line must name the columns ${NEEDED.join(' and ')}; ${missing.join(' and ')} is missing. The file that “Download CSV” gives shows them all.`,
    );
  if (lines.length === 0) throw new FormError('There is no product in this file.');
  if (lines.length > MAX_ROWS)
    throw new FormError(`This file has ${lines.length.toLocaleString('en')} rows; at most 100,000 are taken at once.`);
  const rows = lines.map((line, index): ImportRow => {
    const cells = COLUMNS.map((name) => [name, line[places.get(name.toLowerCase()) ?? -1] ?? '']);
    return { ...(Object.fromEntries(cells) as Omit<ImportRow, 'row'>), row: index + 1 };
  });
  return toFile(rows);
}

function toFile(rows: readonly ImportRow[]): ImportFile {
  const products = new Map<string, ImportRow[]>();
  for (const row of rows) {
    const own = products.get(row.product.trim());
    if (own === undefined) products.set(row.product.trim(), [row]);
    else own.push(withoutRepeats(row, own[0]));
  }
  const faults = repeatedSkus(products);
  for (const [product, own] of products)
    if (own.length > ROWS_PER_CALL)
      faults.set(product, {
        rows: own.map(({ row }) => row),
        faults: [
          { row: own[0]?.row ?? 1, message: `a product has at most ${ROWS_PER_CALL} rows, this one ${own.length}` },
        ],
      });
  const sent = [...products].filter(([product]) => !faults.has(product)).map(([, own]) => own);
  return { rows: rows.length, parts: inParts(sent), faults };
}

/** The texts of a product are sent once. */
function withoutRepeats(row: ImportRow, first: ImportRow | undefined): ImportRow {
  const kept = (name: 'title' | 'category' | 'description') => (row[name] === first?.[name] ? '' : row[name]);
  return { ...row, title: kept('title'), category: kept('category'), description: kept('description') };
}

/** The shop sees one part of the file at a time, and finds those of one part itself. */
function repeatedSkus(products: ReadonlyMap<string, readonly ImportRow[]>): ImportFile['faults'] {
  const firstOf = new Map<string, { product: string; row: number }>();
  const faults: ImportFile['faults'] = new Map();
  for (const [product, own] of products)
    for (const { sku, row } of own) {
      const first = firstOf.get(sku.trim());
      if (first === undefined) firstOf.set(sku.trim(), { product, row });
      else if (first.product !== product) {
        const known = faults.get(product) ?? { rows: own.map((one) => one.row), faults: [] };
        known.faults.push({
          row,
          message: `sku: ${sku.trim()} stands in row ${first.row} as well, of ${first.product}`,
        });
        faults.set(product, known);
      }
    }
  return faults;
}

function inParts(products: readonly ImportRow[][]): ImportRow[][] {
  const parts: ImportRow[][] = [];
  let bytes = 0;
  for (const own of products) {
    const size = new TextEncoder().encode(JSON.stringify(own)).length;
    const part = parts.at(-1);
    if (part !== undefined && part.length + own.length <= ROWS_PER_PART && bytes + size <= BYTES_PER_CALL) {
      part.push(...own);
      bytes += size;
    } else {
      parts.push([...own]);
      bytes = size;
    }
  }
  return parts;
}

/** SHA-256 in hexadecimal digits. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Not in every context of a browser: pages over plain http have none. The same file again is then another one.
  const digest =
    crypto.subtle === undefined
      ? crypto.getRandomValues(new Uint8Array(32))
      : new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
