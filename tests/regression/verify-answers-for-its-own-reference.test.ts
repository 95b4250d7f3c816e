/** A bug once: a verify that answered about another of our references paid that one, which nobody had paid. */
import { expect, test } from '@jest/globals';
import {
  checkOut,
  expectBooksInOrder,
  orderOf,
  paySilently,
  returnFromPaystack,
  startTestShop,
} from '../support/shopping.ts';

test('an answer about another reference pays neither order', async () => {
  const shop = await startTestShop();
  try {
    const [asked, named] = [await checkOut(shop), await checkOut(shop)];
    await paySilently(shop, asked.txRef);
    const fault = { kind: 'override' as const, data: { reference: named.txRef } };
    shop.sandbox.script({ route: 'verify', reference: asked.txRef, fault });
    expect((await returnFromPaystack(shop, asked.txRef)).status).toBe('pending');
    for (const checkout of [asked, named])
      expect(await orderOf(shop, checkout)).toMatchObject({ status: 'pending', paymentStatus: 'unpaid' });

    shop.sandbox.clearScript();
    await returnFromPaystack(shop, asked.txRef);
    expect(await orderOf(shop, asked)).toMatchObject({ paymentStatus: 'paid' });
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});
