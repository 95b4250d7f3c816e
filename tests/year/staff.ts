/** Staff: they ship, refund, cancel, answer disputes, resolve reviews and send bank details, through the API. */
import { randomUUID } from 'node:crypto';
import { Types } from 'mongoose';
import { driverCollection } from '../../models/db/connection.ts';
import type { Order } from '../../models/order/order-document.ts';
import { ATTENTION_INDEX } from '../../models/order/order-schema.ts';
import { isInReview } from '../../models/order/payment-status.ts';
import { returnedMoney } from '../../models/payment/returned-money.ts';
import { errorCodeOf, HOUR_MS } from '../support/shopping.ts';
import type { YearShop } from './year-shop.ts';

/** Orders that staff look at in one day, besides disputes and what needs attention. */
const SHIPPED_A_DAY = 3;
/** Another person, a webhook or a job may have been faster. */
const MAY_REFUSE =
  /^(ORDER_STATE_CONFLICT|REFUND_NOT_ALLOWED|REFUND_EXCEEDS|INVALID_INPUT|GATEWAY_|NOT_FOUND|DISPUTE|CONFLICT)/;

export interface StaffWork {
  shipped: number;
  refunds: number;
  cancelled: number;
  answers: number;
  reviews: number;
  accounts: number;
  refused: Map<string, number>;
}

export const newStaffWork = (): StaffWork => ({
  ...{ shipped: 0, refunds: 0, cancelled: 0, answers: 0, reviews: 0, accounts: 0 },
  refused: new Map(),
});

type Count = Exclude<keyof StaffWork, 'refused'>;

/** Counts the act, or the API's reason for refusing it. */
async function act(work: StaffWork, count: Count, call: () => Promise<unknown>): Promise<void> {
  const refused = Symbol('done');
  const outcome = await errorCodeOf(call()).catch((error: unknown) => {
    if (error instanceof Error && error.message === 'the call succeeded') return refused;
    throw error;
  });
  if (outcome === refused) work[count] += 1;
  else if (typeof outcome === 'string' && MAY_REFUSE.test(outcome))
    work.refused.set(`${count} ${outcome}`, (work.refused.get(`${count} ${outcome}`) ?? 0) + 1);
  else throw new Error(`staff were refused ${count}: ${String(outcome)}`);
}

/** A day's work on the orders that were paid within the last days. */
export async function workADay(shop: YearShop, work: StaffWork): Promise<void> {
  const since = new Date(shop.clock.now().getTime() - 48 * HOUR_MS);
  const orders = await driverCollection(shop.db.orders)
    .find({ status: 'confirmed', _id: { $gte: Types.ObjectId.createFromTime(since.getTime() / 1_000) } })
    .sort({ _id: -1 })
    .limit(100)
    .toArray();
  const acts = [ship(shop, work, orders.slice(0, SHIPPED_A_DAY))];
  for (const order of orders.slice(SHIPPED_A_DAY)) {
    if (shop.random.chance(0.03)) acts.push(refundSome(shop, work, order));
    else if (shop.random.chance(0.01)) acts.push(cancel(shop, work, order));
  }
  // By several people, each with an order of their own.
  await Promise.all(acts);
}

async function ship({ staff, random }: YearShop, work: StaffWork, orders: Order[]): Promise<void> {
  for (const { _id } of orders) {
    const id = String(_id);
    await act(work, 'shipped', async () => {
      await staff.client.admin.ship.mutate({ id, key: randomUUID() });
      if (random.chance(0.5)) await staff.client.admin.deliver.mutate({ id });
    });
  }
}

async function refundSome({ staff, random }: YearShop, work: StaffWork, order: Order): Promise<void> {
  const charge = order.payments.find(({ reference }) => reference === order.paidReference);
  if (charge === undefined) return;
  const { left } = returnedMoney(order, charge);
  if (left === 0) return;
  const amount = random.chance(0.3) ? left : random.integer(1, left);
  const note = 'as agreed';
  await act(work, 'refunds', () =>
    staff.client.admin.refund.mutate({ id: String(order._id), key: randomUUID(), amount, note }),
  );
}

async function cancel({ staff }: YearShop, work: StaffWork, { _id }: Order): Promise<void> {
  await act(work, 'cancelled', () => staff.client.admin.cancel.mutate({ id: String(_id) }));
}

/** Answers most of the disputes that wait for one; the others are forgotten. */
export async function answerDisputes(shop: YearShop, work: StaffWork, share = 0.7): Promise<void> {
  const { db, random, staff } = shop;
  const orders = await driverCollection(db.orders)
    .find({ disputeAnswerBy: { $exists: true } })
    .hint(ATTENTION_INDEX)
    .toArray();
  for (const { _id, disputes } of orders)
    for (const { disputeId, state, answer, bankDeciding } of disputes) {
      if (state !== 'open' || answer || bankDeciding || !random.chance(share)) continue;
      const resolution = random.chance(0.3) ? 'accept' : 'decline';
      const given = {
        id: String(_id),
        disputeId,
        resolution,
        message: 'The parcel was delivered.',
        key: randomUUID(),
      } as const;
      await act(work, 'answers', () => staff.client.admin.answerDispute.mutate(given));
    }
}

/** Refunds the payments in review, and sends the bank details that refunds wait for. */
export async function attend(shop: YearShop, work: StaffWork): Promise<void> {
  const { db, staff } = shop;
  const reviews = await driverCollection(db.orders)
    .find({ reviewSince: { $exists: true } })
    .hint(ATTENTION_INDEX)
    .toArray();
  for (const { _id, payments } of reviews)
    for (const { reference, review } of payments.filter(isInReview)) {
      const answer =
        review?.cause === 'reversed_unexplained'
          ? ({ resolution: 'returned', returned: 0 } as const)
          : ({ resolution: 'refund' } as const);
      await act(work, 'reviews', () =>
        staff.client.admin.resolveReview.mutate({ id: String(_id), reference, ...answer }),
      );
    }
  const waiting = await driverCollection(db.orders)
    .find({ refundAttentionSince: { $exists: true } })
    .hint(ATTENTION_INDEX)
    .toArray();
  for (const { _id, refunds } of waiting)
    for (const { refundId, state } of refunds) {
      if (state !== 'needs_attention') continue;
      const account = { accountNumber: '0123456789', bankId: '9' };
      await act(work, 'accounts', () =>
        staff.client.admin.sendRefundAccount.mutate({ id: String(_id), refundId, ...account }),
      );
    }
}
