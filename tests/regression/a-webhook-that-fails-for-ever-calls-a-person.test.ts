/** A webhook that could not be applied was tried again once an hour, for ever, and nobody was told but by a warning in the log. */
import { expect, test } from '@jest/globals';
import { applyWebhook } from '../../jobs/payments/apply-webhook.ts';
import { findDueWebhooks, storeWebhookEvent } from '../../models/messaging/webhook-inbox.ts';
import { alerts, checkOut, expectBooksInOrder, HOUR_MS, type Shop, startTestShop } from '../support/shopping.ts';

const stuckCount = async ({ ctx }: Shop) => {
  const metric = await ctx.events.registry.getSingleMetric('alerts_total')?.get();
  return metric?.values.find(({ labels }) => labels.kind === 'webhook_stuck')?.value ?? 0;
};

test('from the eighth failure on each is an alert, and the event is applied once the trouble is over', async () => {
  const shop = await startTestShop();
  try {
    const { txRef: reference } = await checkOut(shop);
    const event = { _id: 'poison', event: 'charge.success', kind: 'charge', reference, charge: null } as const;
    await storeWebhookEvent(shop.db, event, shop.clock.now());
    const poisoned = {
      ...shop.ctx,
      paystack: { ...shop.ctx.paystack, verify: () => Promise.reject(new Error('planted')) },
    };
    const tryAgain = async (ctx = shop.ctx) => {
      shop.clock.advance(HOUR_MS);
      const [due] = await findDueWebhooks(shop.db, shop.clock.now(), 1);
      if (!due) throw new Error('the event is not due');
      return applyWebhook(ctx, due);
    };

    for (let attempt = 1; attempt <= 7; attempt += 1) expect(await tryAgain(poisoned)).toEqual({ code: 'postponed' });
    expect([await stuckCount(shop), alerts(shop)]).toEqual([0, []]);
    await tryAgain(poisoned);
    await tryAgain(poisoned);
    expect(await stuckCount(shop)).toBe(2);
    const told = alerts(shop).map(({ event, digest, attempts }) => ({ event, digest, attempts }));
    expect(told).toEqual([8, 9].map((attempts) => ({ event: 'webhook_stuck', digest: 'poison', attempts })));

    expect(await tryAgain()).toMatchObject({ code: 'verified' });
    expect(await findDueWebhooks(shop.db, new Date(shop.clock.now().getTime() + HOUR_MS), 1)).toEqual([]);
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});
