/** Inputs and outputs of the `catalog` router. */
import { z } from 'zod';
import { amount, count, currency, cursor, objectId, pageLimit, pageOf, slug, text } from './fields.ts';
import { MAX_LENGTH, MAX_STOCK_SHOWN } from './limits.ts';

export const productsInput = z.strictObject({
  cursor: cursor.optional(),
  limit: pageLimit,
  search: text(MAX_LENGTH.search).optional(),
  category: text(MAX_LENGTH.category).optional(),
});

export type ProductQuery = z.output<typeof productsInput>;

export const productInput = z.strictObject({ slug });

export const productSummary = z.strictObject({
  id: objectId,
  slug: z.string(),
  title: z.string(),
  category: z.string(),
  /** The cheapest variant's, in subunits. */
  fromPrice: amount,
  currency,
  inStock: z.boolean(),
});

export const productPage = pageOf(productSummary);

export type ProductPage = z.infer<typeof productPage>;

const variant = z.strictObject({
  id: objectId,
  sku: z.string(),
  title: z.string(),
  /** In subunits. */
  price: amount,
  currency,
  inStock: z.boolean(),
  /** Units in stock, at most 10: exact stock beyond that is not public. */
  available: count.max(MAX_STOCK_SHOWN),
});

export const productView = z.strictObject({
  id: objectId,
  slug: z.string(),
  title: z.string(),
  category: z.string(),
  description: z.string(),
  /** Not archived, in the order of creation. */
  variants: z.array(variant),
});

export type ProductView = z.infer<typeof productView>;
