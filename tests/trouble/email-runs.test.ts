/** Runs of emails while the provider refuses them: they end early, request the next run, and lose nothing. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { findEmailsOfOrder } from '../../models/messaging/email-outbox.ts';
import {
  buy,
  type Checkout,
  checkOut,
  DAY_MS,
  expectAllConsistent,
  HOUR_MS,
  MINUTE_MS,
  orderOf,
  pay,
  type Shop,
  startTestShop,
  sweepAfter,
  work,
} from '../support/shopping.ts';

describe('a provider that stays down', () => {
  // The twelve attempts were over within six hours, so an outage of one night parked every email.

  test('an email is tried twelve times over about a day, and is then parked for staff', async () => {
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
      await expectAllConsistent(shop);
    } finally {
      await shop.stop();
    }
  });
});

describe('an outage of the provider', () => {
  // A run tried every queued email in turn, and the sweep’s next settlement waited for it.

  /** Forty purchases and their emails, over HTTP. */
  const TIMEOUT_MS = 60_000;

  test(
    'a run of emails ends after a few refusals of a provider that is down, and all are sent when it is up again',
    async () => {
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
        await expectAllConsistent(shop);
      } finally {
        await shop.stop();
      }
    },
    TIMEOUT_MS,
  );
});

describe('the next run of emails', () => {
  // A run that reached its time budget, or met one refused address, did not request the next. The other emails waited
  // for the sweep.

  let shop: Shop;
  beforeEach(async () => {
    shop = await startTestShop();
  });
  afterEach(() => shop.stop());

  /** Orders whose confirmations are queued. */
  async function confirmed(count: number): Promise<Checkout[]> {
    const checkouts: Checkout[] = [];
    while (checkouts.length < count) {
      const checkout = await checkOut(shop);
      await pay(shop, checkout.txRef);
      checkouts.push(checkout);
    }
    await runSettlementOnce(shop.ctx);
    return checkouts;
  }

  test('a run that its time budget ends requests the next, and one that found no more due emails does not', async () => {
    await confirmed(2);
    expect(await runEmailsOnce(shop.ctx, 10, 0)).toMatchObject({ sent: 0, again: true });
    expect(await runEmailsOnce(shop.ctx, 10, MINUTE_MS)).toMatchObject({ sent: 2, again: false });
    await expectAllConsistent(shop);
  });

  test('a run that sends as many as its limit requests the next although one address is refused for good', async () => {
    const [bad] = await confirmed(5);
    shop.mailbox.script({ to: bad?.shopper.email ?? '', fault: { kind: 'bad-address' } });
    const runs = [await runEmailsOnce(shop.ctx, 3), await runEmailsOnce(shop.ctx, 3)];
    expect(runs.map(({ again }) => again)).toEqual([true, false]);
    expect(runs.reduce((sum, { sent }) => sum + sent, 0)).toBe(4);
    expect(runs.reduce((sum, { refused }) => sum + refused, 0)).toBe(1);
  });

  test('a run that the provider’s outage ends leaves the rest to the sweep', async () => {
    await confirmed(12);
    const up = shop.mailbox.script({ fault: { kind: 'status', status: 503 } });
    expect(await runEmailsOnce(shop.ctx)).toMatchObject({ sent: 0, again: false });
    up();
  });
});
