/** The staff of a year: they ship, deliver, cancel, refund, and decide what is in review. */
import { afterChange } from '../../jobs/payments/after-change.ts';
import { toActionKey } from '../../models/action-key.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { AppError } from '../../models/errors.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import { createShipment } from '../../models/fulfilment/create-shipment.ts';
import { deliverShipment } from '../../models/fulfilment/deliver-shipment.ts';
import { firstIdOf } from '../../models/order/ids/order-id.ts';
import type { Order } from '../../models/order/order-document.ts';
import { isInReview } from '../../models/order/payment-status.ts';
import { unitsByLine } from '../../models/order/units.ts';
import { resolveReview } from '../../models/payment/review.ts';
import { requestRefund } from '../../models/refund/request-refund.ts';
import type { SeededRandom } from '../faults/chaos/random.ts';
import { DAY_MS, newKey, type YearShop } from './shop.ts';

const ACTOR = 'staff:0123456789abcdef01234567';
const CONCURRENCY = 12;

/** The work of one morning. */
/** `calm`: they refund and cancel nothing of their own accord. */
export async function workAsStaff(shop: YearShop, random: SeededRandom, calm: boolean): Promise<void> {
  await each(await find(shop, { status: 'confirmed', ...since(shop) }), (order) =>
    calm ? ship(shop, order) : handle(shop, random, order),
  );
  await each(await find(shop, { status: 'shipped', ...since(shop) }), (order) => follow(shop, random, order, calm));
  await each(await find(shop, { reviewSince: { $exists: true } }), (order) => decide(shop, random, order));
}

async function handle(shop: YearShop, random: SeededRandom, order: Order): Promise<void> {
  if (random.chance(0.02)) return cancel(shop, order);
  if (random.chance(0.02)) return refundUnit(shop, order);
  if (random.chance(0.5)) await ship(shop, order);
}

async function follow(shop: YearShop, random: SeededRandom, order: Order, calm: boolean): Promise<void> {
  if (random.chance(0.4)) return;
  const after = await deliverShipment(shop.ctx.db, order._id, { actor: ACTOR, now: shop.ctx.clock.now() });
  if (!calm && random.chance(0.03)) await refundUnit(shop, after);
}

async function ship({ ctx }: YearShop, { _id }: Order): Promise<void> {
  const now = ctx.clock.now();
  const key = toActionKey(newKey(), {});
  const request = {
    key,
    kind: 'parcel',
    carrier: 'GIG',
    trackingNumber: '1',
    domain: 'test',
    otherDomain: false,
  } as const;
  await createShipment(ctx.db, _id, { ...request, actor: ACTOR, now });
}

async function cancel({ ctx }: YearShop, { _id }: Order): Promise<void> {
  const refundId = ctx.random.id();
  const order = await cancelOrder(ctx.db, _id, { reason: 'by_staff', actor: ACTOR, refundId, now: ctx.clock.now() });
  await afterChange(ctx, order, { kind: 'requested', refundId });
}

/** One unit of the first line that has one to give back. */
async function refundUnit({ ctx }: YearShop, order: Order): Promise<void> {
  const line = unitsByLine(order).find(({ toShip, shipped, givenBack }) => toShip > 0 || shipped > givenBack);
  if (line === undefined) return;
  const isShipped = line.toShip === 0;
  const units = { lineId: line.lineId, unshipped: isShipped ? 0 : 1, shipped: isShipped ? 1 : 0, restock: 1 };
  const refundId = newKey();
  const request = { lines: [units], delivery: false, actor: ACTOR, refundId, now: ctx.clock.now() } as const;
  const { order: after } = await requestRefund(ctx.db, order._id, request, { key: toActionKey(refundId, {}) });
  await afterChange(ctx, after, { kind: 'requested', refundId });
}

async function decide({ ctx }: YearShop, random: SeededRandom, order: Order): Promise<void> {
  for (const { reference, review } of order.payments.filter(isInReview)) {
    const by = { reference, actor: ACTOR, domain: 'test', refundId: ctx.random.id(), now: ctx.clock.now() } as const;
    if (review?.cause === 'reversed_unexplained')
      await resolveReview(ctx.db, order._id, { ...by, resolution: 'returned', returned: 0 });
    else await resolveReview(ctx.db, order._id, { ...by, resolution: random.chance(0.5) ? 'accept' : 'refund' });
  }
}

/** An order that staff did not touch in three days stays as it is. */
function since({ ctx }: YearShop): object {
  return { _id: { $gte: firstIdOf(Math.floor((ctx.clock.now().getTime() - 3 * DAY_MS) / 1000)) } };
}

function find({ ctx }: YearShop, filter: object): Promise<Order[]> {
  return driverCollection(ctx.db.orders)
    .find(filter, { sort: { _id: 1 } })
    .toArray();
}

/** An order that is disputed, was refunded at Paystack or has too few units left refuses the action, and staff leave it. */
async function each(orders: readonly Order[], act: (order: Order) => Promise<void>): Promise<void> {
  const queue = [...orders];
  const work = async () => {
    for (let order = queue.shift(); order !== undefined; order = queue.shift())
      await act(order).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}
