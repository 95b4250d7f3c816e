/**
 * What the owner sees of an order: an allow-list, made from the document and checked by a strict output schema. Staff see
 * more (server/trpc/views/staff-order-view). Amounts are subunits of the
 * order's currency where none stands beside them, instants ISO 8601 in UTC.
 */
import { z } from 'zod';
import { CANCEL_REASONS, type Order } from '../../../models/order/order-document.ts';
import { currencyOfCharge } from '../../../models/order/payment-status.ts';
import { ORDER_STATUSES, PAYMENT_STATUSES, REFUND_STATES } from '../../../models/order/status.ts';
import { amount, count, currency, instant, objectId, quantity, text } from '../schemas.ts';

const optionalLine = (max: number) => text(max).optional();

/** As an input: the customer's own words, bounded. Country is ISO 3166-1 alpha-2. */
export const address = z.strictObject({
  name: text(100),
  line1: text(200),
  line2: optionalLine(200),
  city: text(100),
  state: text(100),
  postalCode: optionalLine(20),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be a country code of two capital letters, like NG'),
  phone: z
    .string()
    .trim()
    .regex(/^\+?[0-9 ()-]{5,25}$/, 'must be a phone number'),
});

const addressView = z.strictObject({
  name: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
  city: z.string(),
  state: z.string(),
  postalCode: z.string().optional(),
  country: z.string(),
  phone: z.string(),
});

const orderLine = z.strictObject({
  variantId: objectId,
  sku: z.string(),
  slug: z.string(),
  productTitle: z.string(),
  variantTitle: z.string(),
  quantity,
  unitPrice: amount,
  lineTotal: amount,
});

const refundView = z.strictObject({
  id: z.string(),
  amount,
  /** The charge's: money in review may have come in another currency than the order's. */
  currency,
  state: z.enum(REFUND_STATES),
  requestedAt: instant,
  endedAt: instant.nullable(),
});

export const orderSummary = z.strictObject({
  id: objectId,
  code: z.string(),
  status: z.enum(ORDER_STATUSES),
  paymentStatus: z.enum(PAYMENT_STATUSES),
  itemCount: count,
  total: amount,
  currency,
  createdAt: instant,
});

export const orderView = orderSummary.extend({
  /** Rises with every change; a client keeps the highest it has seen. */
  version: count,
  items: z.array(orderLine),
  shippingAddress: addressView,
  subtotal: amount,
  shippingFee: amount,
  txRef: z.string(),
  /** With it and the same address, initializePayment resumes this order. */
  checkoutKey: z.string(),
  /** False while a payment may be under way or none is wanted any more. */
  payable: z.boolean(),
  /** The last attempt failed at Paystack: paying again makes a new one. */
  lastAttemptFailed: z.boolean(),
  expiresAt: instant,
  cancelReason: z.enum(CANCEL_REASONS).nullable(),
  shipment: z
    .strictObject({
      carrier: z.string(),
      trackingNumber: z.string(),
      shippedAt: instant,
      deliveredAt: instant.nullable(),
    })
    .nullable(),
  refunds: z.array(refundView),
  /** Each change of status, oldest first. */
  timeline: z.array(
    z.strictObject({ status: z.enum(ORDER_STATUSES), paymentStatus: z.enum(PAYMENT_STATUSES), at: instant }),
  ),
});

export type OrderView = z.infer<typeof orderView>;
export type OrderSummary = z.infer<typeof orderSummary>;

const iso = (at: Date | undefined) => at?.toISOString() ?? null;

/** The fields that a summary reads, for lists. */
export const SUMMARY_FIELDS = {
  code: 1,
  status: 1,
  paymentStatus: 1,
  'items.quantity': 1,
  total: 1,
  currency: 1,
  createdAt: 1,
} as const;

export type SummarySource = Pick<
  Order,
  '_id' | 'code' | 'status' | 'paymentStatus' | 'total' | 'currency' | 'createdAt'
> & {
  items: { quantity: number }[];
};

export function toOrderSummary(order: SummarySource): OrderSummary {
  const { code, status, paymentStatus, total, currency, createdAt } = order;
  const itemCount = order.items.reduce((sum, item) => sum + item.quantity, 0);
  return {
    id: String(order._id),
    code,
    status,
    paymentStatus,
    itemCount,
    total,
    currency,
    createdAt: createdAt.toISOString(),
  };
}

/** The order as its owner sees it at `now`. */
export function toOrderView(order: Order, now: Date): OrderView {
  const current = order.payments.find(({ reference }) => reference === order.txRef);
  const { line2, postalCode, ...required } = order.shippingAddressSnapshot;
  return {
    ...toOrderSummary(order),
    version: order.version,
    items: order.items.map(toLine),
    shippingAddress: { ...required, ...(line2 ? { line2 } : {}), ...(postalCode ? { postalCode } : {}) },
    subtotal: order.subtotal,
    shippingFee: order.shippingFee,
    txRef: order.txRef,
    checkoutKey: order.checkoutKey,
    payable: order.status === 'pending' && order.paymentStatus === 'unpaid' && order.expiresAt > now,
    lastAttemptFailed: current?.status === 'failed',
    expiresAt: order.expiresAt.toISOString(),
    cancelReason: order.cancelReason ?? null,
    shipment: toShipment(order),
    refunds: order.refunds
      .filter(({ replacedBy }) => replacedBy === undefined)
      .map((refund) => toRefund(order, refund)),
    timeline: order.history.filter(isChange).map(({ to, at }) => ({ ...to, at: at.toISOString() })),
  };
}

/** Other entries, such as a parked settlement or an email sent again, are staff's affair. */
function isChange({ from, to }: Order['history'][number]): boolean {
  return from === null || from.status !== to.status || from.paymentStatus !== to.paymentStatus;
}

function toLine({
  variantId,
  quantity,
  unitPrice,
  lineTotal,
  productSnapshot,
  variantSnapshot,
}: Order['items'][number]) {
  return {
    variantId: String(variantId),
    sku: variantSnapshot.sku,
    slug: productSnapshot.slug,
    productTitle: productSnapshot.title,
    variantTitle: variantSnapshot.title,
    quantity,
    unitPrice,
    lineTotal,
  };
}

function toShipment({ shipment }: Order): OrderView['shipment'] {
  if (!shipment) return null;
  const { carrier, trackingNumber, shippedAt, deliveredAt } = shipment;
  return { carrier, trackingNumber, shippedAt: shippedAt.toISOString(), deliveredAt: iso(deliveredAt) };
}

function toRefund(order: Order, refund: Order['refunds'][number]): OrderView['refunds'][number] {
  const { refundId, reference, amount, state, requestedAt, endedAt } = refund;
  return {
    id: refundId,
    amount,
    currency: currencyOfCharge(order, reference),
    state,
    requestedAt: requestedAt.toISOString(),
    endedAt: iso(endedAt),
  };
}
