/** Inputs and outputs of the `catalog` router. */
import { z } from 'zod';
import { amount, count, currency, cursor, objectId, optional, pageLimit, pageOf, slug, text } from './fields.ts';
import { MAX_LENGTH, MAX_STOCK_SHOWN } from './limits.ts';

export const productsInput = z.strictObject({
  cursor: optional(cursor),
  limit: pageLimit,
  /** Words of titles, options, SKUs, categories and descriptions, or their beginnings, in any writing. */
  search: optional(text(MAX_LENGTH.search)),
  /** In any writing. */
  category: optional(text(MAX_LENGTH.category)),
});

export type ProductQuery = z.output<typeof productsInput>;

/** Also by a slug that the product had before. */
export const productInput = z.strictObject({ slug });

/** The lowest price in one currency, in its subunit. `isOnly`: all variants in this currency cost the same. */
export const fromPrice = z.strictObject({ amount, currency, isOnly: z.boolean() });

/** Served below the API's address as `/pictures/<pictureId>/<320, 640 or 1280>.webp`. */
export const picture = z.strictObject({
  pictureId: z.string(),
  /** Of the largest size, in pixels. */
  width: count,
  height: count,
  /** Describes it to those who cannot see it. */
  text: z.string(),
});

export const productSummary = z.strictObject({
  id: objectId,
  slug: z.string(),
  title: z.string(),
  category: z.string(),
  /** One for each currency that its variants are priced in, by the currency's code. */
  fromPrices: z.array(fromPrice).min(1),
  inStock: z.boolean(),
  /** The first picture; null for a product without one. */
  picture: picture.nullable(),
});

export const productPage = pageOf(productSummary).extend({
  /** How the products agree with the search. `similar`: with a typing error in it; `some`: no product has all its words. */
  matches: z.enum(['all', 'similar', 'some']),
});

export type ProductPage = z.infer<typeof productPage>;

/** In subunits of `currency`. */
export const otherPrice = z.strictObject({ currency, price: amount });

const variant = z.strictObject({
  id: objectId,
  sku: z.string(),
  title: z.string(),
  /** In subunits. */
  price: amount,
  currency,
  /** Its prices in other currencies. */
  otherPrices: z.array(otherPrice),
  inStock: z.boolean(),
  /** Units in stock, at most 10: exact stock beyond that is not public. */
  available: count.max(MAX_STOCK_SHOWN),
});

export const productView = z.strictObject({
  id: objectId,
  /** The current one, which may differ from the one in the input. */
  slug: z.string(),
  title: z.string(),
  category: z.string(),
  description: z.string(),
  /** In their order. */
  pictures: z.array(picture),
  /** Not archived, in the order of creation. */
  variants: z.array(variant),
});

export type ProductView = z.infer<typeof productView>;
