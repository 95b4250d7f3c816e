/** A bug once: the twelve attempts were over within six hours, so an outage of a night parked every email. */
import { expect, test } from '@jest/globals';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { findEmailsOfOrder } from '../../models/messaging/email-outbox.ts';
import {
  buy,
  checkOut,
  DAY_MS,
  expectBooksInOrder,
  HOUR_MS,
  orderOf,
  pay,
  startTestShop,
  work,
} from '../support/shopping.ts';

test('a provider that never recovers is asked twelve times over about a day, then the email waits for staff', async () => {
  const shop = await startTestShop();
  try {
    await buy(shop);
    const checkout = await checkOut(shop);
    const { email } = checkout.shopper;
    shop.mailbox.script({ to: email, fault: { kind: 'status', status: 500 } });
    await pay(shop, checkout.txRef);
    await work(shop);
    const { _id } = await orderOf(shop, checkout);
    const outbox = async () => (await findEmailsOfOrder(shop.db, _id))[0];
    const start = shop.clock.now().getTime();
    for (let dueAt = (await outbox())?.dueAt; dueAt !== undefined; dueAt = (await outbox())?.dueAt) {
      shop.clock.advance(dueAt.getTime() - shop.clock.now().getTime());
      await runEmailsOnce(shop.ctx);
    }
    expect(await outbox()).toMatchObject({ state: 'parked', attempts: 12 });
    expect(shop.mailbox.attempts({ to: email })).toHaveLength(12);
    const lastedMs = shop.clock.now().getTime() - start;
    expect(lastedMs).toBeGreaterThan(20 * HOUR_MS);
    expect(lastedMs).toBeLessThanOrEqual(DAY_MS);
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});
