/**
 * Disputes, refunds at Paystack's dashboard and reversals are known within an hour although all their webhooks were lost.
 * Reconcile finds each in the list that shows it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import {
  alerts,
  buy,
  type Checkout,
  DAY_MS,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  MINUTE_MS,
  orderOf,
  type Shop,
  startTestShop,
  sweepAfter,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => {
  shop.sandbox.clearScript();
  shop.sandbox.clearWebhookRules();
  shop.sandbox.setSwitches({ disputeCharge: 'transaction' });
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

async function reconcile() {
  shop.clock.advance(HOUR_MS);
  return (await runReconcileOnce(shop.ctx)).passes;
}

/** Every webhook is lost from here to the end of the test. */
const loseWebhooks = () => shop.sandbox.scriptWebhooks({ event: '*', mode: 'lose' });
const disputesOf = async (checkout: Checkout) =>
  (await orderOf(shop, checkout)).disputes.map(({ disputeId, state }) => [disputeId, state]);

describe.each(['transaction', 'reference', 'id'] as const)('a dispute that names its charge by %s', (disputeCharge) => {
  test('is known within the hour, and its end too', async () => {
    shop.sandbox.setSwitches({ disputeCharge });
    const checkout = await buy(shop);
    loseWebhooks();
    const { id } = shop.sandbox.openDispute(checkout.txRef);
    expect((await reconcile()).disputes).toMatchObject({ ended: 'completed', applied: 1 });
    expect(await disputesOf(checkout)).toEqual([[String(id), 'open']]);
    shop.sandbox.clearRequests();
    // Known, it costs no further call but, once, that for the reference of its charge.
    expect((await reconcile()).disputes).toMatchObject({ applied: 0 });
    expect(shop.sandbox.requests({ route: 'dispute.get' })).toEqual([]);
    expect(shop.sandbox.requests({ route: 'transaction.get' })).toEqual([]);
    shop.clock.advance(MINUTE_MS);
    shop.sandbox.resolveDispute(id, 'declined');
    await reconcile();
    expect(await disputesOf(checkout)).toEqual([[String(id), 'won']]);
    // The bank opens it again under the same id, months after it was opened first.
    shop.clock.advance(90 * DAY_MS);
    await reconcile();
    shop.sandbox.reopenDispute(id);
    await reconcile();
    expect(await disputesOf(checkout)).toEqual([[String(id), 'open']]);
    shop.clock.advance(MINUTE_MS);
    shop.sandbox.resolveDispute(id, 'declined');
    await reconcile();
  });
});

test('a refund made at the dashboard is known within the hour', async () => {
  const checkout = await buy(shop);
  loseWebhooks();
  await giveBackByHand(checkout, 100_000);
  expect((await reconcile()).refunds).toMatchObject({ ended: 'completed', applied: 1 });
  expect((await orderOf(shop, checkout)).refunds).toMatchObject([{ amount: 100_000, cause: 'external' }]);
  await finishRefunds(shop);
  expect((await reconcile()).refunds.applied).toBe(0);
});

async function giveBackByHand({ txRef }: Checkout, amount: number): Promise<void> {
  await fetch(`${shop.sandbox.url}/refund`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shop.ctx.config.paystackSecretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ transaction: txRef, amount, merchant_note: null }),
  });
}

test('a refund that names its charge by id alone, and whose own fields cannot be read, is found all the same', async () => {
  const checkout = await buy(shop);
  loseWebhooks();
  await giveBackByHand(checkout, 100_000);
  shop.sandbox.script({
    route: 'refund.list',
    times: 1,
    fault: { kind: 'override', data: { status: null }, without: ['transaction_reference'] },
  });
  expect((await reconcile()).refunds).toMatchObject({ ended: 'completed', applied: 1, unanswered: 0 });
  expect((await orderOf(shop, checkout)).refunds).toMatchObject([{ amount: 100_000, cause: 'external' }]);
  await finishRefunds(shop);
});

test('a reversal that nothing explains is before staff two minutes after reconcile has found it', async () => {
  const checkout = await buy(shop);
  shop.sandbox.setStatus(checkout.txRef, 'reversed');
  expect((await reconcile()).charges).toMatchObject({ ended: 'completed', applied: 1 });
  await sweepAfter(shop, 3 * MINUTE_MS);
  const { payments } = await orderOf(shop, checkout);
  expect(payments[0]?.review).toMatchObject({ cause: 'reversed_unexplained' });
  // Staff decide about it now, and no pass reads it again.
  expect((await reconcile()).charges.applied).toBe(0);
  const { orderId: id, txRef: reference } = checkout;
  await shop.staff.client.admin.resolveReview.mutate({ id, reference, resolution: 'returned', returned: 0 });
  expect((await reconcile()).charges.applied).toBe(0);
  shop.sandbox.setStatus(checkout.txRef, 'success');
});

test('a charge in none of the lists by status is found by the daily pass over all of them', async () => {
  const checkout = await buy(shop);
  await reconcile();
  shop.sandbox.setStatus(checkout.txRef, 'reversal-pending');
  expect((await reconcile()).charges.applied).toBe(0);
  shop.clock.advance(DAY_MS);
  expect((await reconcile()).charges_daily).toMatchObject({ ended: 'completed', applied: 1 });
  expect((await orderOf(shop, checkout)).payments[0]).toHaveProperty('reversal');
  shop.sandbox.setStatus(checkout.txRef, 'success');
  await sweepAfter(shop, 3 * MINUTE_MS);
  const { orderId: id, txRef: reference } = checkout;
  await shop.staff.client.admin.resolveReview.mutate({ id, reference, resolution: 'returned', returned: 0 });
});

test('a list that fails keeps its own checkpoint back, and the other passes go on', async () => {
  const checkout = await buy(shop);
  loseWebhooks();
  const { id } = shop.sandbox.openDispute(checkout.txRef);
  shop.sandbox.script({ route: 'refund.list', fault: { kind: 'html' } });
  const passes = await reconcile();
  expect([passes.charges.ended, passes.refunds.ended, passes.disputes.ended]).toEqual([
    ...['completed', 'no_list', 'completed'],
  ]);
  expect(await disputesOf(checkout)).toEqual([[String(id), 'open']]);
  shop.clock.advance(MINUTE_MS);
  shop.sandbox.resolveDispute(id, 'declined');
  shop.sandbox.clearScript();
  await reconcile();
  expect(alerts(shop).some(({ event }) => event === 'row_set_aside')).toBe(false);
});
