/** Reminders of unpaid orders, the ways to pay that a page offers, and bank transfers of a wrong amount. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buy,
  type Checkout,
  checkOut,
  expectAllConsistent,
  MINUTE_MS,
  mailKinds,
  orderOf,
  pay,
  returnFromPaystack,
  type Shop,
  startTestShop,
  sweep,
  sweepAfter,
  theMail,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const kindsOf = ({ shopper }: Checkout) => mailKinds(shop, shopper);

describe('the reminder of an unpaid order', () => {
  test('leaves once, an hour after the order was placed, with the link to it', async () => {
    const checkout = await checkOut(shop);
    await sweepAfter(shop, 59 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual([]);
    await sweepAfter(shop, MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['payment_reminder']);
    expect(theMail(shop, checkout.shopper, 'payment_reminder').text).toContain(`/orders/${checkout.orderId}`);
    for (let hours = 0; hours < 3; hours += 1) await sweepAfter(shop, 60 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['payment_reminder']);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });

  test('waits while Paystack processes a payment, and for as long as Paystack does not answer', async () => {
    const checkout = await checkOut(shop);
    shop.sandbox.setStatus(checkout.txRef, 'ongoing');
    await sweepAfter(shop, 60 * MINUTE_MS);
    shop.sandbox.script({ route: 'verify', reference: checkout.txRef, fault: { kind: 'status', status: 500 } });
    shop.sandbox.setStatus(checkout.txRef, 'abandoned');
    await sweepAfter(shop, 60 * MINUTE_MS);
    shop.sandbox.clearScript();
    expect(kindsOf(checkout)).toEqual([]);
    await sweepAfter(shop, 60 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['payment_reminder']);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });

  test('counts from the last attempt, and asks about every reference of the order', async () => {
    const checkout = await checkOut(shop);
    await sweepAfter(shop, 50 * MINUTE_MS);
    await pay(shop, checkout.txRef, { card: 'declined' });
    await returnFromPaystack(shop, checkout.txRef);
    await checkout.again();
    await sweepAfter(shop, 59 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual([]);
    await sweepAfter(shop, MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['payment_reminder']);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });

  test('is not written about an order that is paid, has ended, or expires before', async () => {
    const paid = await buy(shop);
    const cancelled = await checkOut(shop);
    await cancelled.shopper.client.orders.cancel.mutate({ id: cancelled.orderId });
    await sweepAfter(shop, 61 * MINUTE_MS);
    expect([kindsOf(paid), kindsOf(cancelled)]).toEqual([['order_confirmed'], ['order_cancelled']]);
  });

  test('is withdrawn when the order was paid before it could leave', async () => {
    const checkout = await checkOut(shop);
    const up = shop.mailbox.script({ fault: { kind: 'status', status: 503 } });
    await sweepAfter(shop, 60 * MINUTE_MS);
    up();
    await pay(shop, checkout.txRef);
    await work(shop);
    await sweepAfter(shop, 5 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['order_confirmed']);
    const { emails } = await shop.staff.client.admin.order.query({ id: checkout.orderId });
    expect(emails).toContainEqual(expect.objectContaining({ kind: 'payment_reminder', state: 'withdrawn' }));
  });

  test('is withdrawn when it is late, because a payment may be under way by then', async () => {
    const checkout = await checkOut(shop);
    const up = shop.mailbox.script({ fault: { kind: 'status', status: 503 } });
    await sweepAfter(shop, 60 * MINUTE_MS);
    up();
    await sweepAfter(shop, 16 * MINUTE_MS);
    await sweep(shop);
    expect(kindsOf(checkout)).toEqual([]);
    expect((await orderOf(shop, checkout)).status).toBe('pending');
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });
});
