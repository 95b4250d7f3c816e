/**
 * The hourly reconciliation finds charges that the database lacks and reports those without an order. It is complete
 * only if every page and charge was read.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { findPassState } from '../../models/reconcile/pass-state.ts';
import {
  alerts,
  buy,
  type Checkout,
  checkOut,
  DAY_MS,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  MINUTE_MS,
  mailKinds,
  orderOf,
  paySilently,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  sweep,
  sweepAfter,
} from '../support/shopping.ts';

let shop: Shop;
/** Charges on the same account that belong to no order. */
const unknown: string[] = [];
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => shop.sandbox.clearScript());
afterAll(() => expectAllConsistent(shop, { unknown }));
afterAll(() => shop.stop());

const mark = async () => (await findPassState(shop.db, 'charges')).completedAt;

/** Advances an hour, the interval between runs. */
async function reconcile() {
  shop.clock.advance(HOUR_MS);
  return chargesAlone();
}

const chargesAlone = async (options = {}) => (await runReconcileOnce(shop.ctx, options)).passes.charges;

test('a charge without a webhook is found and settled', async () => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  expect((await reconcile()).applied).toBe(1);
  await sweep(shop);
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  expect((await reconcile()).applied).toBe(0);
});

test('a charge on an order that has long expired is found and refunded once, with an email', async () => {
  const checkout = await checkOut(shop);
  await sweepAfter(shop, DAY_MS);
  expect((await orderOf(shop, checkout)).status).toBe('cancelled');
  shop.clock.advance(DAY_MS);
  await paySilently(shop, checkout.txRef);
  await reconcile();
  await reconcile();
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled', 'refund_started', 'refund_done']);
});

test('a charge with our prefix and without an order is an alert, and others on the account are none', async () => {
  const initialize = (reference: string) =>
    fetch(`${shop.sandbox.url}/transaction/initialize`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.ctx.config.paystackSecretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'someone@example.com', amount: 500_000, currency: 'NGN', reference }),
    });
  for (const reference of ['ord-FOREIGN00000-1', 'till-7']) {
    await initialize(reference);
    await paySilently(shop, reference);
    unknown.push(reference);
  }
  const before = alerts(shop).length;
  await reconcile();
  expect(alerts(shop).slice(before)).toEqual([
    expect.objectContaining({ event: 'foreign_charge', reference: 'ord-FOREIGN00000-1', amount: 500_000 }),
  ]);
});

test('a pass is skipped while another worker has done one within the interval', async () => {
  await reconcile();
  shop.clock.advance(30 * MINUTE_MS);
  shop.sandbox.clearRequests();
  expect((await chargesAlone()).ended).toBe('recent');
  expect(shop.sandbox.requests({ route: 'list' })).toEqual([]);
  expect((await chargesAlone({ force: true })).ended).toBe('completed');
});

test('a pass that Paystack interrupts leaves no mark, and the next one finds what it missed', async () => {
  const before = await mark();
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  shop.sandbox.script({ route: 'list', fault: { kind: 'html' } });
  expect((await reconcile()).ended).toBe('no_list');
  expect(await mark()).toEqual(before);
  shop.sandbox.clearScript();
  // It runs at once within the interval, because no run was completed.
  expect((await chargesAlone()).applied).toBe(1);
  expect((await mark())?.getTime()).toBe(shop.clock.now().getTime());
  await sweep(shop);
});

test('a charge that verify does not answer for is found by the next pass', async () => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  shop.sandbox.script({ route: 'verify', reference: checkout.txRef, fault: { kind: 'html' } });
  expect((await reconcile()).applied).toBe(0);
  shop.sandbox.clearScript();
  expect((await reconcile()).applied).toBe(1);
  await sweep(shop);
});

/** Paid without a webhook, the oldest first. Paystack lists the newest first. */
async function paidUnheard(count: number): Promise<Checkout[]> {
  const checkouts: Checkout[] = [];
  for (let n = 0; n < count; n += 1) {
    const checkout = await checkOut(shop);
    await paySilently(shop, checkout.txRef);
    checkouts.push(checkout);
  }
  return checkouts;
}

test('a pass that gets a 429 stops and stores no checkpoint, and the next one finds all', async () => {
  const before = await mark();
  const [first, second] = await paidUnheard(2);
  shop.sandbox.clearRequests();
  shop.sandbox.script({ route: 'verify', fault: { kind: 'status', status: 429 } });
  expect(await reconcile()).toMatchObject({ applied: 0, ended: 'no_answers' });
  const verified = new Set(shop.sandbox.requests({ route: 'verify' }).map(({ reference }) => reference));
  expect([...verified]).toEqual([second?.txRef]);
  expect(await mark()).toEqual(before);
  shop.sandbox.clearScript();
  expect((await chargesAlone()).applied).toBe(2);
  expect(first && (await orderOf(shop, first)).paymentStatus).toBe('paid');
  await sweep(shop);
});

test('a Paystack that is away ends the pass after a few questions, without a mark', async () => {
  const before = await mark();
  await paidUnheard(4);
  shop.sandbox.clearRequests();
  shop.sandbox.script({ route: 'verify', fault: { kind: 'status', status: 503 } });
  expect((await reconcile()).ended).toBe('no_answers');
  expect(new Set(shop.sandbox.requests({ route: 'verify' }).map(({ reference }) => reference)).size).toBe(3);
  expect(await mark()).toEqual(before);
  shop.sandbox.clearScript();
  expect((await reconcile()).applied).toBe(4);
  await sweep(shop);
});

test('a charge that verify never answers for holds up no other, and keeps passes looking back to it', async () => {
  const before = await mark();
  const [, silent] = await paidUnheard(2);
  if (!silent) throw new Error('two were paid');
  shop.sandbox.script({ route: 'verify', reference: silent.txRef, fault: { kind: 'status', status: 500 } });
  expect(await reconcile()).toMatchObject({ applied: 1, ended: 'completed', unanswered: 1 });
  await paidUnheard(1);
  shop.clock.advance(5 * DAY_MS);
  expect(await reconcile()).toMatchObject({ applied: 1, ended: 'completed', unanswered: 1 });
  expect(await mark()).toEqual(before);
  shop.sandbox.clearScript();
  expect((await reconcile()).applied).toBe(1);
  expect((await mark())?.getTime()).toBe(shop.clock.now().getTime());
  await sweep(shop);
  await finishRefunds(shop);
});

test('a charge that stays unreadable is set aside at the eighth pass, with one alert, and is read once it can be', async () => {
  const [odd] = await paidUnheard(1);
  const txRef = odd?.txRef ?? '';
  const before = await mark();
  shop.sandbox.script({ route: 'verify', reference: txRef, fault: { kind: 'malformed' } });
  const seen = alerts(shop).length;
  for (let pass = 1; pass <= 8; pass += 1) {
    expect(await mark()).toEqual(before);
    expect(await reconcile()).toMatchObject({ applied: 0, ended: 'completed', unanswered: 1 });
  }
  expect((await mark())?.getTime()).toBe(shop.clock.now().getTime());
  // Long after the list shows it no more.
  shop.clock.advance(5 * DAY_MS);
  await reconcile();
  const setAside = alerts(shop).slice(seen);
  expect(setAside.filter(({ event }) => event === 'row_set_aside')).toEqual([
    expect.objectContaining({ pass: 'charges', row: txRef }),
  ]);
  shop.sandbox.clearScript();
  expect((await reconcile()).applied).toBe(1);
  expect((await findPassState(shop.db, 'charges')).setAside).toEqual([]);
  await sweep(shop);
  await finishRefunds(shop);
});

test('every page of the list is read', async () => {
  const item = (await buy(shop)).item;
  const total = 105;
  const references: string[] = [];
  for (let n = 0; n < total; n += 1) {
    const reference = `till-page-${n}`;
    await fetch(`${shop.sandbox.url}/transaction/initialize`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.ctx.config.paystackSecretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'someone@example.com', amount: 500_000, currency: 'NGN', reference }),
    });
    references.push(reference);
    unknown.push(reference);
  }
  const oldest = await checkOut(shop, { item });
  for (const reference of references) shop.sandbox.pay(reference, { webhook: 'lose' });
  await paySilently(shop, oldest.txRef);
  shop.sandbox.clearRequests();
  const { listed, applied } = await reconcile();
  expect(listed).toBeGreaterThan(total);
  expect(applied).toBe(1);
  expect(shop.sandbox.requests({ route: 'list' }).length).toBeGreaterThanOrEqual(2);
  await sweep(shop);
});
