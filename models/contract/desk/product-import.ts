/** Inputs and outputs of the import of products from a CSV. Each row is a variant with the texts of its product. */
import { z } from 'zod';
import { optional } from '../fields.ts';
import { expectInput } from '../staff/action-preview.ts';

/** Rows of one call. A product's rows stand in one call. */
export const MAX_IMPORT_ROWS = 200;
const MAX_FILE_ROWS = 1_000_000;

const cell = z.string().max(10_000, 'must be at most 10,000 characters').default('');

/** An empty cell keeps the stored value. Of several rows of a product, the first one has its texts. */
const importRow = z.strictObject({
  /** Its place in the file, from 1; the line of names does not count. */
  row: z.int('must be a whole number').min(1, 'must be at least 1').max(MAX_FILE_ROWS, 'must be a row of the file'),
  /** The product's slug. */
  product: cell,
  title: cell,
  category: cell,
  description: cell,
  sku: cell,
  variant: cell,
  /** In major units, like 1500 or 1500.50. */
  price: cell,
  currency: cell,
  /** Like USD 20.00, GHS 300.00; `none` takes them all out. */
  otherPrices: cell,
  /** Units free to sell. */
  stock: cell,
});

export type ImportRow = z.output<typeof importRow>;

export const previewImportInput = z.strictObject({
  /** SHA-256 of the file, in hexadecimal digits: the same file again changes no stock twice. */
  file: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the file in hexadecimal digits'),
  /** Also changes the stock of variants that exist. False when missing: a file is soon older than the last sale. */
  withStock: optional(z.boolean()),
  rows: z.array(importRow).min(1, 'must hold a row').max(MAX_IMPORT_ROWS, `must be at most ${MAX_IMPORT_ROWS}`),
});

export type ImportInput = z.output<typeof previewImportInput>;

/** `expect`: the digests of the preview that staff act on, by the product's slug. */
export const importInput = previewImportInput.extend({
  expect: optional(z.array(z.strictObject({ product: cell, digest: expectInput })).max(MAX_IMPORT_ROWS)),
});

const fault = z.strictObject({
  row: z.int().min(1),
  /** A sentence for staff. */
  message: z.string(),
});

const importedProduct = z.strictObject({
  /** The slug as the file has it. */
  product: z.string(),
  rows: z.array(z.int().min(1)),
  /** `fault`: nothing of the product changes, because of one of its rows. */
  change: z.enum(['new', 'changed', 'same', 'fault']),
  /** The changes, in sentences for staff. */
  effects: z.array(z.string()),
  faults: z.array(fault),
  digest: z.string(),
});

export const importPreview = z.strictObject({ products: z.array(importedProduct) });

/** `outdated`: it is not as `expect` has it any more, and nothing of it was changed. */
export const importOutcome = z.strictObject({
  products: z.array(importedProduct.extend({ outcome: z.enum(['done', 'same', 'fault', 'outdated']) })),
});

export type ImportedProduct = z.infer<typeof importedProduct>;
export type ImportFault = z.infer<typeof fault>;
