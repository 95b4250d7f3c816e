import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buy,
  checkOut,
  expectAllConsistent,
  MINUTE_MS,
  orderOf,
  pay,
  returnFromPaystack,
  type Shop,
  startTestShop,
  sweepAfter,
  theMail,
  work,
} from '../support/shopping.ts';

describe('the email about a cancellation after the money was returned', () => {
  // The email said that the shopper had not been charged, although a reversal or a dispute had returned the charge.

  let shop: Shop;
  beforeAll(async () => {
    shop = await startTestShop();
  });
  afterAll(() => shop.stop());

  const admin = () => shop.staff.client.admin;

  test('a cancellation after the charge was reversed says that the money has been returned', async () => {
    const { orderId, txRef, shopper } = await checkOut(shop);
    shop.sandbox.scriptWebhooks({ mode: 'lose' });
    await pay(shop, txRef);
    shop.sandbox.clearWebhookRules();
    shop.sandbox.setStatus(txRef, 'reversed');
    await returnFromPaystack(shop, txRef);
    await sweepAfter(shop, 3 * MINUTE_MS);
    const { total: returned } = await orderOf(shop, { orderId });
    await admin().resolveReview.mutate({ id: orderId, reference: txRef, resolution: 'returned', returned });
    await work(shop);
    const { text } = theMail(shop, shopper, 'order_cancelled');
    expect(text).toContain('already been returned');
    expect(text).not.toContain('not been charged');
    await expectAllConsistent(shop);
  });

  test('a lost dispute says that the bank returned it, and a cancellation of an unpaid order that nothing was charged', async () => {
    const bought = await buy(shop);
    const { id } = shop.sandbox.openDispute(bought.txRef);
    shop.sandbox.resolveDispute(id, 'merchant-accepted');
    await shop.sandbox.webhooksIdle();
    const unpaid = await checkOut(shop);
    await admin().cancel.mutate({ id: unpaid.orderId });
    await work(shop);
    expect(theMail(shop, bought.shopper, 'refund_done').text).toContain('Your bank has decided');
    expect(theMail(shop, unpaid.shopper, 'order_cancelled').text).toContain('not been charged');
    await expectAllConsistent(shop);
  });
});
