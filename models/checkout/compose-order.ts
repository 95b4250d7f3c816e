import type { Types } from 'mongoose';
import { unpricedText } from '../cart/cart-currency.ts';
import type { Cart } from '../cart/cart-document.ts';
import { unitsAvailable } from '../catalogue/availability.ts';
import type { VariantsById } from '../catalogue/find-variants.ts';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import type { Shortage } from '../contract/errors.ts';
import { type Currency, formatMoney, type Money } from '../contract/money.ts';
import { priceIn } from '../contract/pricing/price-in.ts';
import { AppError, invalidInput } from '../errors.ts';
import { newOrderId } from '../order/ids/order-id.ts';
import { referenceOf } from '../order/ids/reference.ts';
import type { Address, Order, OrderItem } from '../order/order-document.ts';
import { ORDER_SHAPE } from '../order/shape.ts';
import { hashOf, moneyHash, personHash } from '../order/snapshot/order-hashes.ts';
import { verifyDueAt } from '../payment/verify-schedule.ts';
import { STANDARD_DELIVERY } from '../pricing/delivery.ts';
import { assertChargeable, priceOrder } from '../pricing/price-order.ts';
import { noFeeIn, type ShippingFees } from '../pricing/shipping-fee.ts';
import type { Claimant } from './attempt-claim.ts';

/** How long an order without a reservation may be paid. */
const EXPIRY_WITHOUT_HOLD_MS = 24 * 3600_000;

export interface ComposeOrderInput {
  userId: Types.ObjectId;
  contact: { email: string; name: string };
  shippingAddress: Address;
  /** The idempotency key of the checkout. */
  checkoutKey: string;
  /** The checkout's whole input but the expected total and currency: a repeat with this checkoutKey must send the same. */
  sent: object;
  /** The total that the shopper saw, in subunits of `expectedCurrency`; without it, of the cart's. */
  expectedTotal?: number;
  expectedCurrency?: Currency;
  shippingFees: ShippingFees;
  /** 0: without a reservation. */
  reservationMinutes: number;
  /** The code of the new order, if one is created. */
  code: string;
  now: Date;
}

export interface PlaceOrderInput extends ComposeOrderInput {
  /** Has the claim of a new order's first attempt. */
  claimant: Claimant;
  /** As this call has read it; saves a read where no stock is reserved. */
  cart?: Cart;
}

/**
 * The new order; its first attempt is unclaimed. Pure. Throws INSUFFICIENT_STOCK, PRICE_CHANGED, INVALID_INPUT (a line
 * without a price in the cart's currency, one without a shipping fee, or a total that cannot be charged).
 */
export function composeOrder(
  input: ComposeOrderInput,
  cart: Pick<Cart, 'items' | 'currency'>,
  variants: VariantsById,
): Order {
  assertInStock(cart, variants);
  const { currency } = cart;
  if (currency === null) throw invalidInput('cart', 'it has no items');
  const unpriced = unpricedText(cart, currency, variants, input.shippingFees);
  if (unpriced !== null) throw invalidInput('cart', unpriced);
  const lines = cart.items.map(({ variantId, quantity }) => toLine(variantId, quantity, currency, variants));
  const { lineTotals, subtotal, shippingFee, total } = priceOrder(lines, currency, input.shippingFees);
  if (shippingFee === null) throw noFeeIn(input.shippingFees, currency, 'cart');
  assertExpected(input, { amount: total, currency });
  assertChargeable({ amount: total, currency });
  const items = lines.map((line, index): OrderItem => ({ ...line, lineTotal: lineTotals[index] ?? 0 }));
  const { now, reservationMinutes, code } = input;
  const expiresAt = new Date(
    now.getTime() + (reservationMinutes > 0 ? reservationMinutes * 60_000 : EXPIRY_WITHOUT_HOLD_MS),
  );
  const firstVerify = verifyDueAt(now, 0);
  const reference = referenceOf(code, 1);
  const frozen = {
    items,
    contactSnapshot: input.contact,
    shippingAddressSnapshot: input.shippingAddress,
    currency,
    subtotal,
    shippingFee,
    delivery: STANDARD_DELIVERY,
    total,
  };
  return {
    _id: newOrderId(now),
    shape: ORDER_SHAPE,
    code,
    userId: input.userId,
    ...frozen,
    moneyHash: moneyHash(frozen),
    personHash: personHash(frozen),
    status: 'pending',
    version: 1,
    checkoutKey: input.checkoutKey,
    checkoutInputHash: hashOf(input.sent),
    txRef: reference,
    payments: [{ reference, status: 'created', createdAt: now }],
    refunds: [],
    disputes: [],
    paymentStatus: 'unpaid',
    reservation: reservationMinutes > 0 ? 'reserved' : 'none',
    createdAt: now,
    expiresAt,
    history: [
      {
        seq: 1,
        at: now,
        actor: 'customer',
        type: 'order_placed',
        from: null,
        to: { status: 'pending', paymentStatus: 'unpaid' },
      },
    ],
    settlement: { attempts: 0 },
    verifyDueAt: firstVerify < expiresAt ? firstVerify : expiresAt,
    verifyStep: 0,
  };
}

function assertInStock(cart: Pick<Cart, 'items'>, variants: VariantsById): void {
  const shortages: Shortage[] = quantitiesByVariant(cart.items)
    .map(({ variantId, quantity }) => {
      const variant = variants.get(String(variantId));
      const available = unitsAvailable(variant, variant?.product);
      return { variantId: String(variantId), sku: variant?.sku ?? '', requested: quantity, available };
    })
    .filter(({ requested, available }) => available < requested);
  if (shortages.length === 0) return;
  throw new AppError('INSUFFICIENT_STOCK', 'Some of these items are no longer available in that quantity.', {
    details: { shortages },
  });
}

function toLine(
  variantId: Types.ObjectId,
  quantity: number,
  currency: Currency,
  variants: VariantsById,
): Omit<OrderItem, 'lineTotal'> {
  const variant = variants.get(String(variantId));
  const product = variant?.product;
  if (!variant || !product) throw new Error(`Variant ${variantId} passed the stock check and is missing.`);
  const unitPrice = priceIn(variant, currency);
  if (unitPrice === null) throw new Error(`Variant ${variantId} passed the price check and has no price.`);
  return {
    variantId,
    quantity,
    unitPrice,
    productSnapshot: {
      productId: variant.productId,
      slug: product.slug,
      title: product.title,
      ...(product.picture ? { pictureId: product.picture.pictureId } : {}),
    },
    variantSnapshot: { sku: variant.sku, title: variant.title },
  };
}

function assertExpected(
  { expectedTotal, expectedCurrency }: ComposeOrderInput,
  { amount: total, currency }: Money,
): void {
  const isSeen = expectedCurrency === undefined || expectedCurrency === currency;
  if (expectedTotal === undefined || (isSeen && expectedTotal === total)) return;
  throw new AppError(
    'PRICE_CHANGED',
    `The total is now ${formatMoney({ amount: total, currency })}; look at the cart and check out again.`,
    { details: { expectedTotal, total, currency } },
  );
}
