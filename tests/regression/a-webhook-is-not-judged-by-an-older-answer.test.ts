/** A bug once: a webhook made us ask Paystack, and was told an answer from the second before, when nothing was paid yet. */
import { expect, test } from '@jest/globals';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import {
  checkOut,
  expectBooksInOrder,
  finishRefunds,
  orderOf,
  pay,
  returnFromPaystack,
  startTestShop,
} from '../support/shopping.ts';
import { fakeClock } from '../support/test-app.ts';

test('money that arrives right after somebody asked in vain is given back', async () => {
  const shop = await startTestShop();
  try {
    shop.ctx.verifications = new SingleFlight(60_000, shop.clock);
    const checkout = await checkOut(shop);
    await returnFromPaystack(shop, checkout.txRef);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
    await pay(shop, checkout.txRef);

    const { refunds } = await orderOf(shop, checkout);
    expect(refunds).toHaveLength(1);
    await finishRefunds(shop);
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});

test('of many who have heard something new, those who wait share one question', async () => {
  const coalescer = new SingleFlight<number>(60_000, fakeClock());
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let asked = 0;
  const ask = async () => {
    asked += 1;
    const answer = asked;
    await gate;
    return answer;
  };
  const first = coalescer.get('a', ask);
  const later = [coalescer.getFresh('a', ask), coalescer.getFresh('a', ask)];
  open();
  expect(await first).toBe(1);
  expect(await Promise.all(later)).toEqual([2, 2]);
  expect(await coalescer.get('a', ask)).toBe(2);
  expect(await coalescer.getFresh('a', ask)).toBe(3);
});
