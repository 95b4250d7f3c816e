/**
 * The sweep asked Paystack first: while that hung, up to a minute and a half, a paid order whose job was lost waited.
 */
import { expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { eventually } from '../support/eventually.ts';
import {
  checkOut,
  expectBooksInOrder,
  MINUTE_MS,
  orderOf,
  pay,
  paySilently,
  startTestShop,
} from '../support/shopping.ts';

test('the sweep settles what is paid before it waits for Paystack, and afterwards what it heard there', async () => {
  const shop = await startTestShop();
  try {
    const [paid, unheard] = [await checkOut(shop), await checkOut(shop)];
    await pay(shop, paid.txRef);
    await paySilently(shop, unheard.txRef);
    await shop.db.connection.collection(JOBS_COLLECTION).deleteMany({});
    shop.clock.advance(2 * MINUTE_MS);

    const { paystack } = shop.ctx;
    let letAnswer: () => void = () => undefined;
    const answers = new Promise<void>((resolve) => {
      letAnswer = resolve;
    });
    let asked = 0;
    const verify = async (reference: string) => {
      asked += 1;
      await answers;
      return paystack.verify(reference);
    };
    const round = runSweepOnce({ ...shop.ctx, paystack: { ...paystack, verify } });
    await eventually('the question to Paystack', () => asked > 0);
    expect((await orderOf(shop, paid)).status).toBe('confirmed');
    expect((await orderOf(shop, unheard)).status).toBe('pending');

    letAnswer();
    expect(await round).toMatchObject({ found: { verify: 1, settlement: 2, emails: 2 } });
    expect((await orderOf(shop, unheard)).status).toBe('confirmed');
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});
