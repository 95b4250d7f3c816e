/** Inputs and outputs of the `cart` router. */
import { z } from 'zod';
import { amount, count, currency, objectId, quantity } from './fields.ts';
import { MAX_CART_LINES } from './limits.ts';
import { CART_PROBLEMS } from './statuses.ts';

export const cartItemInput = z.strictObject({ variantId: objectId, quantity });

export const removeItemInput = z.strictObject({ variantId: objectId });

const line = z.strictObject({
  variantId: objectId,
  sku: z.string(),
  productTitle: z.string(),
  variantTitle: z.string(),
  slug: z.string(),
  quantity,
  /** The current price. */
  unitPrice: amount,
  lineTotal: amount,
  /** Units of the line that are in stock: 0 to `quantity`. */
  available: count,
  /** True if `available` is below `quantity`: checkout would refuse with INSUFFICIENT_STOCK. */
  shortage: z.boolean(),
});

/** Amounts are in subunits of `currency`. */
export const cartView = z.strictObject({
  lines: z.array(line).max(MAX_CART_LINES),
  /** Units of all lines. */
  itemCount: count,
  subtotal: amount,
  /** Flat, 0 for an empty cart. */
  shippingFee: amount,
  total: amount,
  currency,
  problems: z.array(z.strictObject({ variantId: objectId, kind: z.enum(CART_PROBLEMS), message: z.string() })),
});

export type CartView = z.infer<typeof cartView>;
export type CartLine = CartView['lines'][number];
export type CartProblem = CartView['problems'][number];
