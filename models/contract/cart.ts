/** Inputs and outputs of the `cart` router. */
import { z } from 'zod';
import { picture } from './catalogue.ts';
import { amount, count, currency, objectId, optional, price, quantity } from './fields.ts';
import { MAX_CART_LINES } from './limits.ts';
import { CART_PROBLEMS, MISSED_LINE_KINDS } from './statuses.ts';

export const cartItemInput = z.strictObject({ variantId: objectId, quantity });

/** `currency`: of the cart, if it is empty and its first line has a price in it. */
export const addItemInput = cartItemInput.extend({ currency: optional(currency) });

/**
 * `seenPrice`: the price that the visitor last saw, in subunits of `currency`; another one now is reported as price_changed.
 */
const visitorLines = z
  .array(cartItemInput.extend({ seenPrice: optional(price) }))
  .min(1)
  .max(MAX_CART_LINES);

/** `currency`: the one that the visitor chose; without it, the variants' own. */
export const ensureInput = z.strictObject({ lines: visitorLines, currency: optional(currency) });

export const quoteInput = z.strictObject({ lines: visitorLines, currency: optional(currency) });

export const setCurrencyInput = z.strictObject({ currency });

/** The prices that were shown, in subunits of `currency`; without it, of the cart's. */
export const seenPricesInput = z.strictObject({
  currency: optional(currency),
  prices: z
    .array(z.strictObject({ variantId: objectId, unitPrice: price }))
    .min(1)
    .max(MAX_CART_LINES),
});

export const removeItemInput = z.strictObject({ variantId: objectId });

const line = z.strictObject({
  variantId: objectId,
  /** null when the variant no longer exists. */
  productId: objectId.nullable(),
  sku: z.string(),
  productTitle: z.string(),
  variantTitle: z.string(),
  slug: z.string(),
  /** The product's first picture. */
  picture: picture.nullable(),
  quantity,
  /** The current price; the last one that was seen, or 0, where it has none in the cart's currency. */
  unitPrice: amount,
  /** Of the units that are available; 0 without a price in the cart's currency. */
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
  /** Of the units that are available, as the total. */
  subtotal: amount,
  /** Flat, 0 when nothing in the cart can be had; null when the shop has no fee in this currency, and `refusal` then says so. */
  shippingFee: amount.nullable(),
  /** With the fee, if there is one. */
  total: amount,
  currency,
  /** Those that the whole cart can be paid in, its own one first; see cart.setCurrency. */
  currencies: z.array(currency),
  /** Why checkout would refuse the cart as a whole, whatever its lines are, in a sentence; null when nothing does. */
  refusal: z.string().nullable(),
  problems: z.array(z.strictObject({ variantId: objectId, kind: z.enum(CART_PROBLEMS), message: z.string() })),
});

/** The cart after cart.ensure, with the lines that it could not put in. */
export const ensuredCart = z.strictObject({
  cart: cartView,
  missed: z.array(z.strictObject({ variantId: objectId, kind: z.enum(MISSED_LINE_KINDS), message: z.string() })),
});

export type CartView = z.infer<typeof cartView>;
export type EnsuredCart = z.infer<typeof ensuredCart>;
export type MissedLine = EnsuredCart['missed'][number];
export type CartLine = CartView['lines'][number];
export type CartProblem = CartView['problems'][number];
