import { describe, expect, test } from '@jest/globals';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import { applyWebhook } from '../../jobs/payments/apply-webhook.ts';
import { findDueWebhooks, storeWebhookEvent } from '../../models/messaging/webhook-inbox.ts';
import { GatewayError } from '../../models/payment/gateway-reports.ts';
import {
  alerts,
  checkOut,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  orderOf,
  pay,
  paySilently,
  returnFromPaystack,
  type Shop,
  startTestShop,
} from '../support/shopping.ts';
import { fakeClock } from '../support/test-app.ts';

describe('a webhook right after a verification', () => {
  // The webhook’s verification reused an answer from the second before, when the order was still unpaid.

  test('money that arrives right after a verification without result is refunded', async () => {
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
      await expectAllConsistent(shop);
    } finally {
      await shop.stop();
    }
  });

  test('concurrent callers that need a fresh answer share one call', async () => {
    const singleFlight = new SingleFlight<number>(60_000, fakeClock());
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let calls = 0;
    const call = async () => {
      calls += 1;
      const answer = calls;
      await gate;
      return answer;
    };
    const first = singleFlight.get('a', call);
    const later = [singleFlight.getFresh('a', call), singleFlight.getFresh('a', call)];
    open();
    expect(await first).toBe(1);
    expect(await Promise.all(later)).toEqual([2, 2]);
    expect(await singleFlight.get('a', call)).toBe(2);
    expect(await singleFlight.getFresh('a', call)).toBe(3);
  });
});

describe('a webhook that cannot be applied', () => {
  // It was retried once an hour for ever, and only a warning in the log said so.

  const stuckCount = async ({ ctx }: Shop) => {
    const metric = await ctx.events.registry.getSingleMetric('alerts_total')?.get();
    return metric?.values.find(({ labels }) => labels.kind === 'webhook_stuck')?.value ?? 0;
  };

  test('while Paystack is down, each failure from the eighth on is an alert, and the event is applied afterwards', async () => {
    const shop = await startTestShop();
    try {
      const { txRef: reference } = await checkOut(shop);
      const event = { _id: 'poison', event: 'charge.success', kind: 'charge', reference, charge: null } as const;
      await storeWebhookEvent(shop.db, event, shop.clock.now());
      const poisoned = {
        ...shop.ctx,
        paystack: {
          ...shop.ctx.paystack,
          verify: () => Promise.reject(new GatewayError('unavailable', 503, 'planted')),
        },
      };
      const tryAgain = async (ctx = shop.ctx) => {
        shop.clock.advance(HOUR_MS);
        const [due] = await findDueWebhooks(shop.db, shop.clock.now(), 1);
        expect(due).toBeDefined();
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
      await expectAllConsistent(shop);
    } finally {
      await shop.stop();
    }
  });
});

describe('a verification that answers about another reference', () => {
  // It paid the other order, which was unpaid.

  test('an answer about another reference pays neither order', async () => {
    const shop = await startTestShop();
    try {
      const [verified, named] = [await checkOut(shop), await checkOut(shop)];
      await paySilently(shop, verified.txRef);
      const fault = { kind: 'override' as const, data: { reference: named.txRef } };
      shop.sandbox.script({ route: 'verify', reference: verified.txRef, fault });
      expect((await returnFromPaystack(shop, verified.txRef)).status).toBe('pending');
      for (const checkout of [verified, named])
        expect(await orderOf(shop, checkout)).toMatchObject({ status: 'pending', paymentStatus: 'unpaid' });

      shop.sandbox.clearScript();
      await returnFromPaystack(shop, verified.txRef);
      expect(await orderOf(shop, verified)).toMatchObject({ paymentStatus: 'paid' });
      await expectAllConsistent(shop);
    } finally {
      await shop.stop();
    }
  });
});
