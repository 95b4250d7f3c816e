/** Reads the rows of an import: products with their variants, and the faults of each row. Pure. */
import { z } from 'zod';
import type { ImportFault, ImportRow } from '../../contract/desk/product-import.ts';
import { currency, otherPrices as fieldsOfPrices } from '../../contract/fields.ts';
import type { Currency } from '../../contract/money.ts';
import type { OtherPrice } from '../../contract/pricing/price-in.ts';
import { firstStock, productFields, sku, variantFields } from '../../contract/staff-catalogue.ts';
import { parseAmounts } from '../../pricing/parse-amounts.ts';

type Text = 'title' | 'category' | 'description';

export interface ReadVariant {
  row: number;
  sku: string;
  title?: string;
  /** As it was written: its currency may be the stored one. */
  price?: string;
  currency?: Currency;
  /** Empty where the cell takes them all out. */
  otherPrices?: readonly OtherPrice[];
  stock?: number;
}

export interface ReadProduct {
  slug: string;
  rows: number[];
  texts: Partial<Record<Text, string>>;
  variants: ReadVariant[];
  faults: ImportFault[];
}

/** By product, in the order of their first rows. */
export function readImport(rows: readonly ImportRow[]): ReadProduct[] {
  const groups = new Map<string, ImportRow[]>();
  for (const row of rows) groups.set(row.product.trim(), [...(groups.get(row.product.trim()) ?? []), row]);
  const firstOfSku = new Map<string, number>();
  return [...groups].map(([slug, own]) => readProduct(slug, own, firstOfSku));
}

function readProduct(slug: string, rows: readonly ImportRow[], firstOfSku: Map<string, number>): ReadProduct {
  const faults: ImportFault[] = [];
  const read = <T>(row: number, column: string, schema: z.ZodType<T>, value: unknown): T | undefined => {
    const { success, data, error } = schema.safeParse(value);
    if (success) return data;
    faults.push({ row, message: `${column}: ${error.issues[0]?.message ?? 'cannot be read'}` });
    return undefined;
  };
  const [first] = rows;
  if (first !== undefined) read(first.row, 'product', productFields.slug, slug);
  const texts: ReadProduct['texts'] = {};
  for (const row of rows)
    for (const column of ['title', 'category', 'description'] as const) {
      if (row[column].trim() === '') continue;
      const text = read(row.row, column, productFields[column], row[column]);
      texts[column] ??= text ?? '';
      if (text !== undefined && text !== texts[column] && texts[column] !== '')
        faults.push({ row: row.row, message: `${column}: differs from the one in row ${first?.row}` });
    }
  const variants = rows.map((row) => readVariant(row, read));
  for (const one of variants) {
    const earlier = firstOfSku.get(one.sku);
    if (earlier !== undefined)
      faults.push({ row: one.row, message: `sku: ${one.sku} stands in row ${earlier} as well` });
    else firstOfSku.set(one.sku, one.row);
  }
  return { slug, rows: rows.map(({ row }) => row), texts, variants, faults };
}

type ReadCell = <T>(row: number, column: string, schema: z.ZodType<T>, value: unknown) => T | undefined;

function readVariant(cells: ImportRow, read: ReadCell): ReadVariant {
  const { row } = cells;
  const given = <T>(
    column: 'variant' | 'currency' | 'stock',
    schema: z.ZodType<T>,
    toValue = (text: string): unknown => text,
  ) => (cells[column].trim() === '' ? undefined : read(row, column, schema, toValue(cells[column].trim())));
  const title = given('variant', variantFields.title);
  const known = given('currency', currency, (text) => text.toUpperCase());
  const stock = given('stock', firstStock, (text) => (/^\d{1,12}$/.test(text) ? Number(text) : text));
  const price = cells.price.trim();
  const otherPrices = readOtherPrices(cells, read);
  return {
    row,
    sku: read(row, 'sku', sku, cells.sku.trim()) ?? cells.sku.trim(),
    ...(title === undefined ? {} : { title }),
    ...(price === '' ? {} : { price }),
    ...(known === undefined ? {} : { currency: known }),
    ...(otherPrices === undefined ? {} : { otherPrices }),
    ...(stock === undefined ? {} : { stock }),
  };
}

/** The text of a cell that takes all other prices out: an empty one keeps them. */
const NONE = 'none';
const FORM = 'must be prices with their currencies, like USD 20.00, GHS 300.00';

function readOtherPrices({ row, otherPrices }: ImportRow, read: ReadCell): OtherPrice[] | undefined {
  const text = otherPrices.trim();
  if (text === '') return undefined;
  if (text.toLowerCase() === NONE) return [];
  const problems: string[] = [];
  const amounts = parseAmounts(text, { currency: null, form: FORM, report: (problem) => problems.push(problem) });
  const prices = amounts?.map(({ amount, currency: code }) => ({ currency: code, price: amount })) ?? [];
  const [problem] = problems;
  const schema = problem === undefined ? fieldsOfPrices : z.custom<OtherPrice[]>(() => false, problem);
  return read(row, 'otherPrices', schema, prices);
}
