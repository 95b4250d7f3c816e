/** No email, wake-up or partial change before the commit (I6, I7). */

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { newEmail } from '../../models/messaging/email-document.ts';
import { orderEmailId } from '../../models/messaging/outbox-id.ts';
import type { Order } from '../../models/order/order-document.ts';
import {
  type Checkout,
  checkOut,
  expectAllConsistent,
  MINUTE_MS,
  mailKinds,
  orderOf,
  pay,
  paySilently,
  returnFromPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweepAfter,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

/** Inserts an email with the key that settlement would use, so that the transaction fails at its last write. */
async function takeEmailKey(checkout: Checkout, kind: 'order_confirmed' | 'order_cancelled'): Promise<string> {
  const { _id, version } = await orderOf(shop, checkout);
  const { dueAt: _, ...taken } = newEmail(_id, kind, version + 1, {}, shop.clock.now());
  await shop.db.emails.create(taken);
  return orderEmailId(_id, kind, version + 1);
}

const stateOf = ({ status, paymentStatus, reservation: hold, refunds, history }: Order) => ({
  status,
  paymentStatus,
  hold,
  refunds,
  history,
});
const cartOf = ({ shopper }: Checkout) => shop.db.carts.findById(shopper.id).lean();

test.each(['order_confirmed', 'order_cancelled'] as const)(
  'a settlement that fails at its very last write, for %s, has changed, moved and told nothing',
  async (kind) => {
    const short = kind === 'order_cancelled';
    const checkout = await checkOut(shop, { stock: 3, quantity: 3 });
    const { item } = checkout;
    await pay(shop, checkout.txRef);
    if (short)
      await shop.staff.client.admin.adjustStock.mutate({
        key: newActionKey(),
        variantId: item.variantId,
        delta: -1,
        reason: 'broken',
      });
    const before = { order: await orderOf(shop, checkout), stock: await stockOf(shop, item) };
    const [cart, moved] = [await cartOf(checkout), await shop.db.stockMovements.countDocuments()];
    const key = await takeEmailKey(checkout, kind);

    const run = await runSettlementOnce(shop.ctx, {}, { budgetMs: 2_000 });
    expect(run).toMatchObject({ confirmed: 0, cancelled: 0, ended: 'drained' });
    const after = await orderOf(shop, checkout);
    expect(stateOf(after)).toEqual(stateOf(before.order));
    // The failure counts once, because it belongs to this order and is not retried in the same run.
    expect(after.settlement).toMatchObject({ attempts: 1, lastError: expect.stringContaining('E11000') });
    expect(await stockOf(shop, item)).toEqual(before.stock);
    expect(await cartOf(checkout)).toEqual(cart);
    expect(await shop.db.stockMovements.countDocuments()).toBe(moved);
    expect(mailKinds(shop, checkout.shopper)).toEqual([]);

    await shop.db.emails.deleteOne({ _id: key });
    await sweepAfter(shop, MINUTE_MS);
    expect(mailKinds(shop, checkout.shopper)).toEqual([kind]);
    expect((await stockOf(shop, item)).stock).toBe(short ? 2 : 0);
  },
);

test.each(['webhook', 'return'])(
  'the settlement is woken only when the charge, heard of by %s, is committed',
  async (way) => {
    const checkout = await checkOut(shop);
    const { enqueueSettlement } = shop.ctx.jobs;
    const seen: string[] = [];
    shop.ctx.jobs.enqueueSettlement = async () => {
      seen.push((await orderOf(shop, checkout)).paymentStatus);
    };
    try {
      if (way === 'webhook') await pay(shop, checkout.txRef);
      else {
        await paySilently(shop, checkout.txRef);
        await returnFromPaystack(shop, checkout.txRef);
      }
    } finally {
      shop.ctx.jobs.enqueueSettlement = enqueueSettlement;
    }
    expect(seen).toEqual(['paid']);
    await work(shop);
  },
);
