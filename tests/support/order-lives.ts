/**
 * One order of each kind of life, by name, in one database, for tests that must hold for all of them. The models create
 * them, so all invariants hold. All timestamps are `now`.
 */
import type { Types } from 'mongoose';
import type { Variant } from '../../models/catalogue/variant.ts';
import { claimPaymentAttempt } from '../../models/checkout/payment-attempt.ts';
import type { Database } from '../../models/db/database.ts';
import { recordDispute } from '../../models/dispute/record-dispute.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import { createShipment } from '../../models/fulfilment/create-shipment.ts';
import { deliverShipment } from '../../models/fulfilment/deliver-shipment.ts';
import type { Order } from '../../models/order/order-document.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { resolveReview } from '../../models/payment/review/review.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { claimRefund } from '../../models/refund/refund-queue.ts';
import { aLostDispute } from './an-order.ts';
import {
  aShipmentRequest,
  askForRefund,
  changeStock,
  claimantAt,
  makeCatalogue,
  makeConfirmedOrder,
  makePaidOrder,
  makePendingOrder,
  type OrderOptions,
  payOrder,
  settleAll,
} from './orders.ts';

const STAFF = 'staff:65f000000000000000000001';

type Make = (options: OrderOptions, db: Database, now: Date) => Promise<Order>;

const ship = (db: Database, { _id }: Order, now: Date) => createShipment(db, _id, aShipmentRequest(now));

/** Requests a refund and lets Paystack process it. */
export async function refundFully(db: Database, order: Order, now: Date, amount?: number): Promise<Order> {
  const request = { note: 'wrong size', actor: STAFF, refundId: `r-${order.code}`, now } as const;
  await askForRefund(db, order._id, amount === undefined ? request : { ...request, amount });
  return processRefund(db, order._id, now);
}

async function processRefund(db: Database, orderId: Types.ObjectId, now: Date): Promise<Order> {
  const claim = await claimRefund(db, orderId, now);
  if (!claim) throw new Error(`Order ${orderId} has no refund that is due.`);
  const { refundId, amount } = claim.refund;
  const report = {
    gatewayRefundId: String(Number.parseInt(String(orderId).slice(-6), 16)),
    status: 'processed',
    amount,
    currency: 'NGN',
  };
  return recordRefund(db, orderId, refundId, { ...report, merchantNote: `rf:${refundId}`, disputeId: null }, now);
}

const decide = (db: Database, order: Order, resolution: 'accept' | 'refund', now: Date) =>
  resolveReview(db, order._id, {
    reference: order.txRef,
    resolution,
    domain: 'test',
    refundId: `v-${order.code}`,
    actor: STAFF,
    now,
  });

const underpaid: Make = async (options, db, now) => {
  const order = await makePendingOrder(db, options);
  return payOrder(db, order, { amount: order.total - 1 }, now);
};

const cancelled = (restock: boolean): Make => {
  return async (options, db, now) => {
    const order = await makeConfirmedOrder(db, options);
    return cancelOrder(db, order._id, {
      reason: 'by_staff',
      restockRest: restock,
      refundId: `c-${order.code}`,
      actor: STAFF,
      now,
    });
  };
};

const LIVES = {
  unpaid: (options, db) => makePendingOrder(db, options),
  held: (options, db) => makePendingOrder(db, { ...options, reservationMinutes: 15 }),
  expiredHold: async (options, db, now) => {
    const order = await makePendingOrder(db, { ...options, reservationMinutes: 15 });
    return cancelOrder(db, order._id, { reason: 'expired', refundId: '', actor: 'system', now });
  },
  confirmed: (options, db) => makeConfirmedOrder(db, options),
  confirmedFromHold: (options, db) => makeConfirmedOrder(db, { ...options, reservationMinutes: 15 }),
  delivered: async (options, db, now) => {
    const { order } = await ship(db, await makeConfirmedOrder(db, options), now);
    return deliverShipment(db, order._id, { actor: STAFF, now });
  },
  refunded: async (options, db, now) => refundFully(db, await makeConfirmedOrder(db, options), now),
  /** One of two units was withdrawn before shipping and went back into stock. */
  unitRefunded: async (options, db, now) => {
    const order = await makeConfirmedOrder(db, options);
    const lines = [{ lineId: 1, unshipped: 1, shipped: 0, restock: 1 }];
    await askForRefund(db, order._id, { lines, actor: STAFF, refundId: `u-${order.code}`, now });
    return processRefund(db, order._id, now);
  },
  partlyRefunded: async (options, db, now) => refundFully(db, await makeConfirmedOrder(db, options), now, 100),
  restocked: cancelled(true),
  writtenOff: cancelled(false),
  short: async (options, db, now) => {
    const [scarce] = await makeCatalogue(db, { stock: 1, now });
    if (!scarce) throw new Error('no variant was made');
    const late = await makePaidOrder(db, { ...options, lines: [{ variant: scarce, quantity: 1 }] });
    await changeStock(db, scarce._id, -1, { actor: STAFF, now });
    await settleAll(db, now);
    return getOrder(db, late._id);
  },
  paidTwice: async (options, db, now) => {
    const order = await makePendingOrder(db, options);
    await payOrder(db, order, { status: 'failed' }, now);
    await claimPaymentAttempt(db, order._id, claimantAt(now));
    await payOrder(db, await getOrder(db, order._id), {}, now);
    await settleAll(db, now);
    return payOrder(db, order, {}, now);
  },
  inReview: underpaid,
  reviewAccepted: async (options, db, now) => {
    const order = await decide(db, await underpaid(options, db, now), 'accept', now);
    await settleAll(db, now);
    return getOrder(db, order._id);
  },
  reviewRefunded: async (options, db, now) => decide(db, await underpaid(options, db, now), 'refund', now),
  reversed: async (options, db, now) => {
    const order = await makeConfirmedOrder(db, options);
    return payOrder(db, order, { status: 'reversed' }, now);
  },
  disputeLost: async (options, db, now) => {
    const order = await makeConfirmedOrder(db, options);
    return (await recordDispute(db, order._id, aLostDispute(order.txRef, now))).order;
  },
  paid: (options, db) => makePaidOrder(db, options),
} satisfies Record<string, Make>;

export type LifeName = keyof typeof LIVES;

/** Creates all orders, one after the other. The last is paid and not yet settled. */
export async function makeEveryLife(db: Database, variant: Variant, now: Date): Promise<Record<LifeName, Order>> {
  const lines = [{ variant, quantity: 2 }];
  const made: Partial<Record<LifeName, Order>> = {};
  for (const [name, make] of Object.entries(LIVES) as [LifeName, Make][])
    made[name] = await make({ lines, now }, db, now);
  return made as Record<LifeName, Order>;
}
