/** Inputs and outputs of staff's lists of products and of stock. */
import { z } from 'zod';
import { fromPrice, picture } from '../catalogue.ts';
import { actionKey, amount, count, cursor, instant, objectId, optional, pageLimit, pageOf, text } from '../fields.ts';
import { MAX_LENGTH, MAX_STOCK } from '../limits.ts';
import { expectInput } from '../staff/action-preview.ts';
import { actorView } from '../staff/actor.ts';
import { staffProduct, staffVariant, stockChange } from '../staff-catalogue.ts';

export const staffProductsInput = z.strictObject({
  cursor: optional(cursor),
  limit: pageLimit,
  /** Words of titles and options, or the beginning of a SKU. */
  search: optional(text(MAX_LENGTH.search)),
  /** Those that are sold when missing. */
  archived: optional(z.enum(['no', 'only', 'all'])),
  /** Only products with a variant of which few units are left, the scarcest first. */
  lowStock: optional(z.boolean()),
});

export type StaffProductQuery = z.output<typeof staffProductsInput>;

export const staffProductRow = z.strictObject({
  id: objectId,
  slug: z.string(),
  title: z.string(),
  category: z.string(),
  archived: z.boolean(),
  picture: picture.nullable(),
  /** One for each currency; empty for a product without variants. */
  fromPrices: z.array(fromPrice),
  /** Variants that are sold; of an archived product, all of them. The other numbers are theirs. */
  variants: count,
  /** Units free to sell. */
  stock: count,
  /** Units reserved by pending orders. */
  reserved: count,
  /** Variants of which few units are left. */
  lowStock: count,
});

export const staffProductPage = pageOf(staffProductRow);

export type StaffProductRow = z.infer<typeof staffProductRow>;

export const byProduct = z.strictObject({ productId: objectId });

/** The changes of staff, the newest first. */
const changes = z.array(z.strictObject({ at: instant, what: z.string(), by: actorView }));

export const staffProductDetail = staffProduct.extend({
  createdAt: instant,
  /** In the order of their creation, with archived ones. */
  variants: z.array(staffVariant.extend({ lowStock: z.boolean(), changes })),
  changes,
});

export const stockRowsInput = z.strictObject({ variantId: objectId, cursor: optional(cursor), limit: pageLimit });

/** A row of the stock ledger. */
export const stockRow = z.strictObject({
  id: z.string(),
  at: instant,
  /**
   * - initial: the first stock
   * - sale: an order was settled
   * - restock: the rest of an order that ended
   * - return: units of a refund
   * - adjust: staff added or removed units
   * - count: staff counted the shelf
   */
  reason: z.enum(['initial', 'sale', 'restock', 'return', 'adjust', 'count']),
  /** Units added to stock and reserved units together; negative for a sale. */
  delta: z.int(),
  by: actorView,
  /** Staff's words. */
  note: z.string().nullable(),
  order: z.strictObject({ id: objectId, code: z.string() }).nullable(),
});

export const stockPage = pageOf(stockRow);

const counted = z
  .int('must be a whole number of units')
  .min(0, 'must be 0 or more')
  .max(MAX_STOCK, `must be at most ${MAX_STOCK}`);

/** `counted`: the units on the shelf; `shown`: the free stock on the page of those who counted. */
export const previewCountInput = z.strictObject({ variantId: objectId, counted, shown: counted });

export const countStockInput = previewCountInput.extend({
  note: optional(text(MAX_LENGTH.note)),
  key: actionKey,
  expect: optional(expectInput),
});

export const previewAdjustInput = z.strictObject({ variantId: objectId, delta: stockChange });

/** The effects of a change of stock that was not made. Equal effects have equal digests. */
export const stockPreview = z.strictObject({
  digest: z.string(),
  /** Why it is refused, in words; null when it is not. */
  why: z.string().nullable(),
  variantId: objectId,
  sku: z.string(),
  /** Units free to sell. */
  stock: z.strictObject({ from: count, to: count }),
  /** Units that lie on the shelf for pending orders, and for confirmed ones that have not left. */
  reserved: count,
  toShip: count,
  /** The sum that should lie on the shelf before and after. */
  shelf: z.strictObject({ from: amount, to: amount }),
});

export type StockPreview = z.infer<typeof stockPreview>;
