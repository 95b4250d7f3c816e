/**
 * Inputs and outputs of the `orders` router. Amounts are in subunits of the order's currency unless another is beside
 * them. Instants are in ISO 8601 in UTC. Outputs are strict, so that only the listed fields reach the owner.
 */
import { z } from 'zod';
import {
  amount,
  count,
  currency,
  cursor,
  instant,
  objectId,
  optional,
  pageLimit,
  pageOf,
  quantity,
  text,
} from './fields.ts';
import { MAX_LENGTH } from './limits.ts';
import {
  CANCEL_REASONS,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
  REFUND_STATES,
  SHIPMENT_KINDS,
  TRANSFER_REJECTIONS,
} from './statuses.ts';

/** `country` is an ISO 3166-1 alpha-2 code. */
export const addressInput = z.strictObject({
  name: text(MAX_LENGTH.name),
  line1: text(MAX_LENGTH.addressLine),
  line2: optional(text(MAX_LENGTH.addressLine)),
  city: text(MAX_LENGTH.city),
  /** Needed where the country's addresses have one (`needsState`); in Nigeria one of `statesOf('NG')`. */
  state: optional(text(MAX_LENGTH.state)),
  postalCode: optional(text(MAX_LENGTH.postalCode)),
  /** Longer texts are read as well, so that the answer can name the code that is meant. */
  country: text(MAX_LENGTH.state).toUpperCase(),
  /** With a possible number in it, of the address's country where it names no other. */
  phone: text(MAX_LENGTH.phone),
});

export const initializePaymentInput = z
  .strictObject({
    shippingAddress: addressInput,
    /** The client's idempotency key of one checkout: a repeat resumes the same order. */
    checkoutKey: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/, 'must be 16 to 64 letters, digits, hyphens or underscores'),
    /** The total that the shopper saw, in subunits of `expectedCurrency`; without that, of the cart's currency. */
    expectedTotal: optional(z.int().min(1).max(Number.MAX_SAFE_INTEGER)),
    /** With `expectedTotal` alone. */
    expectedCurrency: optional(currency),
  })
  .refine(({ expectedTotal, expectedCurrency }) => expectedCurrency === undefined || expectedTotal !== undefined, {
    path: ['expectedCurrency'],
    error: 'must come with the expected total',
  });

export const initializePaymentOutput = z.strictObject({
  orderId: objectId,
  code: z.string(),
  txRef: z.string(),
  authorizationUrl: z.url(),
  /** Opens the same page in Paystack's pop-up, and in its libraries for phones. */
  accessCode: z.string(),
  amount,
  currency,
  expiresAt: instant,
});

export const ordersInput = z.strictObject({
  cursor: optional(cursor),
  limit: pageLimit,
  status: optional(z.enum(ORDER_STATUSES)),
});

export const addressView = z.strictObject({
  name: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
  city: z.string(),
  state: z.string().optional(),
  postalCode: z.string().optional(),
  country: z.string(),
  phone: z.string(),
});

const orderLine = z.strictObject({
  /** The line's place in the order, from 1. */
  lineId: count,
  variantId: objectId,
  /** Links from orders go by it, because a slug may change. */
  productId: objectId,
  sku: z.string(),
  slug: z.string(),
  /** Of the picture that stood for the product at checkout; null when there was none. */
  pictureId: z.string().nullable(),
  productTitle: z.string(),
  variantTitle: z.string(),
  quantity,
  unitPrice: amount,
  lineTotal: amount,
  /** Units that have left, those that came back included. */
  shipped: count,
  /** Units that are still to be shipped. */
  toShip: count,
  /** Units that were taken out of the order before they were shipped. */
  withdrawn: count,
  /** Units that came back after they were shipped. */
  givenBack: count,
});

/** Units that left together. A pick-up is ready at `shippedAt` and collected at `deliveredAt`. */
export const shipmentView = z.strictObject({
  id: z.string(),
  kind: z.enum(SHIPMENT_KINDS),
  lines: z.array(z.strictObject({ lineId: count, quantity })),
  /** null: the shop's own rider, or a pick-up. */
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  /** The carrier's page about the parcel. */
  trackingUrl: z.string().nullable(),
  shippedAt: instant,
  deliveredAt: instant.nullable(),
});

const refundView = z.strictObject({
  id: z.string(),
  amount,
  /** The charge's currency: money in review may have another one than the order. */
  currency,
  state: z.enum(REFUND_STATES),
  requestedAt: instant,
  endedAt: instant.nullable(),
  /** The units that left the order with it; empty when it is of money alone. */
  lines: z.array(z.strictObject({ lineId: z.int().min(1), quantity })),
  /** The delivery fee went back with it. */
  delivery: z.boolean(),
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

/** The payment of the order and what became of it, in the payment's currency; null before it is paid. */
const orderMoney = z
  .strictObject({
    paid: amount,
    /** Has gone back to the customer. */
    returned: amount,
    /** Is on its way back. */
    returning: amount,
    currency,
  })
  .nullable();

export const ownOrderSummary = orderSummary.extend({ money: orderMoney });

export const orderPage = pageOf(ownOrderSummary);

export const orderView = orderSummary.extend({
  /** Increases with every change, so that clients can drop outdated copies. */
  version: count,
  items: z.array(orderLine),
  shippingAddress: addressView,
  subtotal: amount,
  shippingFee: amount,
  txRef: z.string(),
  /** initializePayment with this key and the same address resumes this order. */
  checkoutKey: z.string(),
  /** False while a payment may be in progress, and once the order needs none. */
  payable: z.boolean(),
  /** The last attempt failed at Paystack; the next payment creates a new attempt. */
  lastAttemptFailed: z.boolean(),
  /** When it failed, and the bank's own words; null unless the last attempt failed. */
  lastDecline: z.strictObject({ at: instant, bankSays: z.string().nullable() }).nullable(),
  expiresAt: instant,
  cancelReason: z.enum(CANCEL_REASONS).nullable(),
  /** The first of `shipments`. */
  shipment: shipmentView.nullable(),
  /** In the order of their creation, without voided ones. */
  shipments: z.array(shipmentView),
  /** Some units have left, and others are still to be shipped. */
  partial: z.boolean(),
  /** Without those that failed and of which nothing is owed any more. */
  refunds: z.array(refundView),
  /** Bank transfers that Paystack did not accept and sends back, oldest first; null for an amount that it did not name. */
  rejectedTransfers: z.array(
    z.strictObject({ at: instant, amount: amount.nullable(), cause: z.enum(TRANSFER_REJECTIONS) }),
  ),
  money: orderMoney,
  /** Each change of status, oldest first. */
  timeline: z.array(
    z.strictObject({ status: z.enum(ORDER_STATUSES), paymentStatus: z.enum(PAYMENT_STATUSES), at: instant }),
  ),
});

export type OrderView = z.infer<typeof orderView>;
export type OrderSummary = z.infer<typeof orderSummary>;
export type OwnOrderSummary = z.infer<typeof ownOrderSummary>;
