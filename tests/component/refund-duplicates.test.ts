/**
 * One refund with several senders: a webhook before the reply, and a worker paused between listing and sending. A
 * duplicate that cannot be prevented is found and blocks nothing (G12, K14, K15).
 */

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
import { createPaystackService } from '../../server/paystack/service.ts';
import {
  alerts,
  buy,
  type Checkout,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  MINUTE_MS,
  orderOf,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  sweepAfter,
  work,
} from '../support/shopping.ts';

let shop: Shop;
/** Refunds that the test makes twice at Paystack. */
const duplicates: string[] = [];
beforeAll(async () => {
  shop = await startTestShop();
  shop.sandbox.setSwitches({ secondRefundWhilePending: 'accepted' });
});
afterEach(() => shop.sandbox.clearScript());
afterAll(() => expectAllConsistent(shop, { duplicates }));
afterAll(() => shop.stop());

const refund = ({ orderId }: Checkout, amount?: number) =>
  shop.staff.client.admin.refund.mutate({
    key: newActionKey(),
    id: orderId,
    note: 'broken',
    ...(amount === undefined ? {} : { amount }),
  });

async function refundOf(checkout: Checkout) {
  const found = (await orderOf(shop, checkout)).refunds.findLast(({ copyOf }) => copyOf === undefined);
  if (!found) throw new Error('no refund was requested');
  return found;
}

test('a webhook about a refund that comes before the reply to its creation changes nothing about it', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'refund.create', times: 1, carriedOut: true, fault: { kind: 'delay', ms: 150 } });
  await refund(checkout);
  const running = runRefundsOnce(shop.ctx);
  // The sandbox sends refund.pending as soon as it makes the refund, long before it responds.
  while (refundsAtPaystack(shop, checkout.txRef).length === 0) await new Promise((resolve) => setImmediate(resolve));
  shop.sandbox.finishRefunds(checkout.txRef);
  await shop.sandbox.webhooksIdle();
  await Promise.all([running, runRefundsOnce(shop.ctx)]);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  expect((await refundOf(checkout)).state).toBe('processed');
});

/** A worker whose listRefunds returns when the test decides, so it pauses between listing and sending. */
function pausedWorker() {
  const { config, clock, random, log } = shop.ctx;
  const paystack = createPaystackService({
    secretKey: config.paystackSecretKey,
    baseUrl: shop.sandbox.url,
    clock,
    random,
    log,
  });
  let wake = () => {};
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  let arrive = () => {};
  const listed = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const listRefunds: typeof paystack.listRefunds = async (input) => {
    const list = await paystack.listRefunds(input);
    arrive();
    await asleep;
    return list;
  };
  return { ctx: { ...shop.ctx, paystack: { ...paystack, listRefunds } }, listed, wake };
}

test('a worker paused between listing and sending does not send once its claim was lost', async () => {
  const checkout = await buy(shop);
  await refund(checkout, 100_000);
  const paused = pausedWorker();
  const sleeping = runRefundsOnce(paused.ctx);
  await paused.listed;
  // Its claim of 120 s expires, and a second worker sends the refund.
  shop.clock.advance(3 * MINUTE_MS);
  await runRefundsOnce(shop.ctx);
  paused.wake();
  await sleeping;
  expect(refundsAtPaystack(shop, checkout.txRef)).toHaveLength(1);
  await finishRefunds(shop);
});

/** Sends the refund like a worker that was paused after its last check. */
async function sendDuplicate({ txRef }: Checkout, refundId: string): Promise<void> {
  await fetch(`${shop.sandbox.url}/refund`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shop.ctx.config.paystackSecretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ transaction: txRef, amount: 100_000, merchant_note: `rf:${refundId}` }),
  });
  duplicates.push(refundId);
}

test('a duplicate that could not be prevented is found and alerted once, and the refund completes', async () => {
  const checkout = await buy(shop);
  await refund(checkout, 100_000);
  await work(shop);
  const { refundId, gatewayRefundId } = await refundOf(checkout);
  await sendDuplicate(checkout, refundId);
  await sweepAfter(shop, 10 * MINUTE_MS);
  await sweepAfter(shop, 2 * HOUR_MS);
  const [first, duplicate, ...more] = shop.sandbox.transaction(checkout.txRef).refunds;
  expect(more).toEqual([]);
  expect(gatewayRefundId).toBe(String(first?.id));
  expect(await refundOf(checkout)).toMatchObject({
    state: 'pending',
    gatewayRefundId,
    duplicateIds: [String(duplicate?.id)],
  });
  const raised = alerts(shop).filter((alert) => alert.refundId === refundId);
  expect(raised).toEqual([expect.objectContaining({ event: 'refund_duplicate', count: 2 })]);

  await finishRefunds(shop);
  expect((await refundOf(checkout)).state).toBe('processed');
  const { refunds, attention } = await shop.staff.client.admin.order.query({ id: checkout.orderId });
  expect(refunds[0]?.advice).toContain(String(duplicate?.id));
  expect(attention).toEqual([]);
});

test('of two duplicates, the one that succeeds counts as the refund', async () => {
  const checkout = await buy(shop);
  await refund(checkout, 100_000);
  await work(shop);
  const { refundId } = await refundOf(checkout);
  await sendDuplicate(checkout, refundId);
  const [first, duplicate] = shop.sandbox.transaction(checkout.txRef).refunds;
  shop.sandbox.advanceRefund(first?.id ?? 0, 'failed');
  await sweepAfter(shop, 10 * MINUTE_MS);
  expect(await refundOf(checkout)).toMatchObject({ state: 'pending', gatewayRefundId: String(duplicate?.id) });
  await finishRefunds(shop);
  expect((await refundOf(checkout)).state).toBe('processed');
});
