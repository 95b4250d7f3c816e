/** A bug once: with the provider down a round tried every queued email in turn, and the sweep's next settlement waited for it. */
import { expect, test } from '@jest/globals';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { checkOut, DAY_MS, expectBooksInOrder, pay, startTestShop, sweepAfter } from '../support/shopping.ts';

test('a round of emails ends after a few refusals of a provider that is down, and all are sent when it is back', async () => {
  const shop = await startTestShop();
  try {
    const checkouts = await Promise.all(Array.from({ length: 40 }, () => checkOut(shop)));
    await Promise.all(checkouts.map(({ txRef }) => pay(shop, txRef)));
    const up = shop.mailbox.script({ fault: { kind: 'status', status: 503 } });
    await sweepAfter(shop, 1_000);
    expect(await shop.db.orders.countDocuments({ status: 'confirmed' })).toBe(40);
    expect(shop.mailbox.attempts().length).toBeLessThanOrEqual(16);
    const before = shop.mailbox.attempts().length;
    await runEmailsOnce(shop.ctx);
    expect(shop.mailbox.attempts().length - before).toBeLessThanOrEqual(16);
    up();
    await sweepAfter(shop, DAY_MS);
    expect(shop.mailbox.mails()).toHaveLength(40);
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});
