/**
 * An open dispute blocks shipping, refunds and cancellation. A won dispute unblocks them, and a lost one puts the order
 * in review. Events may arrive in any order and repeatedly (C7).
 */

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { aParcelOf } from '../support/action-keys.ts';
import {
  alerts,
  buy,
  type Checkout,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  mailKinds,
  orderOf,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  sweepAfter,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => shop.sandbox.clearWebhookRules());
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
const ship = ({ orderId }: Checkout) => admin().ship.mutate(aParcelOf(orderId));
const refund = ({ orderId }: Checkout) =>
  admin().refund.mutate({ id: orderId, key: newActionKey(), note: 'asked for' });
const cancel = ({ orderId }: Checkout) => admin().cancel.mutate({ id: orderId });

async function dispute({ txRef }: Checkout, dueAt = new Date('2031-05-04T03:02:01.000Z')): Promise<number> {
  const { id } = shop.sandbox.openDispute(txRef, { dueAt });
  await shop.sandbox.webhooksIdle();
  return id;
}

async function resolve(id: number, resolution: 'merchant-accepted' | 'declined'): Promise<void> {
  shop.sandbox.resolveDispute(id, resolution);
  await shop.sandbox.webhooksIdle();
}

test('an open dispute blocks shipping, refunding and cancelling, and shows when Paystack wants an answer', async () => {
  const checkout = await buy(shop);
  await dispute(checkout);
  for (const act of [ship, refund, cancel]) expect(await errorCodeOf(act(checkout))).toBe('ORDER_STATE_CONFLICT');
  const seen = await admin().order.query({ id: checkout.orderId });
  expect(seen.disputes).toEqual([
    { id: expect.any(String), reference: checkout.txRef, state: 'open', answerBy: '2031-05-04T03:02:01.000Z' },
  ]);
  expect(seen.attention).toEqual([expect.stringContaining('by 4 May 2031, 04:02')]);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
});

test('that a parcel arrived is a fact, and is recorded also while a dispute is open', async () => {
  const checkout = await buy(shop);
  await ship(checkout);
  const id = await dispute(checkout);
  expect((await admin().deliver.mutate({ id: checkout.orderId })).status).toBe('delivered');
  await resolve(id, 'declined');
});

test('a dispute that is won frees the order', async () => {
  const checkout = await buy(shop);
  await resolve(await dispute(checkout), 'declined');
  expect((await ship(checkout)).status).toBe('shipped');
  expect((await admin().order.query({ id: checkout.orderId })).attention).toEqual([]);
});

test('a dispute that is lost puts the money in review, alerts, and nothing is given back a second time', async () => {
  const checkout = await buy(shop);
  const alertsBefore = alerts(shop).length;
  await resolve(await dispute(checkout), 'merchant-accepted');
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'review' });
  expect(alerts(shop).slice(alertsBefore)).toContainEqual(expect.objectContaining({ event: 'review_opened' }));
  for (const act of [ship, refund, cancel]) expect(await errorCodeOf(act(checkout))).toBe('ORDER_STATE_CONFLICT');

  await admin().resolveReview.mutate({ id: checkout.orderId, reference: checkout.txRef, resolution: 'refund' });
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([]);
  expect((await orderOf(shop, checkout)).refunds).toEqual([]);
});

test.each([
  ['create', 'remind', 'resolve'],
  ['remind', 'create', 'resolve'],
  ['resolve', 'create', 'remind'],
  ['resolve', 'remind', 'create'],
])('events in the order %s, %s, %s, each twice, end as lost once', async (...order) => {
  const checkout = await buy(shop);
  shop.sandbox.scriptWebhooks({ event: 'charge.dispute.*', mode: 'lose' });
  const id = await dispute(checkout);
  shop.sandbox.remindDispute(id);
  shop.sandbox.resolveDispute(id, 'merchant-accepted');
  for (const name of [...order, ...order]) {
    const event = `charge.dispute.${name}`;
    for (const { id: delivery } of shop.sandbox.webhooks({ event, reference: checkout.txRef }))
      await shop.sandbox.resendWebhook(delivery);
  }
  const after = await orderOf(shop, checkout);
  expect(after.disputes).toEqual([expect.objectContaining({ state: 'lost' })]);
  expect(after.paymentStatus).toBe('review');
  expect(after.history.filter(({ type }) => type === 'dispute_lost')).toHaveLength(1);
});

test('a reminder that does not say when an answer is due leaves the day that is known', async () => {
  const checkout = await buy(shop);
  const id = await dispute(checkout);
  const data = { id, status: 'pending', transaction: { reference: checkout.txRef } };
  await shop.sandbox.sendWebhook({ event: 'charge.dispute.remind', data });
  expect((await orderOf(shop, checkout)).disputes).toEqual([
    expect.objectContaining({ state: 'open', answerBy: new Date('2031-05-04T03:02:01.000Z') }),
  ]);
  await resolve(id, 'declined');
});

test('two disputes of one charge are separate: the order is unblocked when both have ended', async () => {
  const checkout = await buy(shop);
  const [first, second] = [await dispute(checkout), await dispute(checkout)];
  await resolve(first, 'declined');
  expect(await errorCodeOf(ship(checkout))).toBe('ORDER_STATE_CONFLICT');
  await resolve(second, 'declined');
  expect((await ship(checkout)).status).toBe('shipped');
});

test('a dispute that opens while a refund is under way lets the refund end', async () => {
  const checkout = await buy(shop);
  await admin().refund.mutate({ key: newActionKey(), id: checkout.orderId, amount: 100_000, note: 'a part' });
  await work(shop);
  const id = await dispute(checkout);
  await finishRefunds(shop);
  expect((await orderOf(shop, checkout)).refunds[0]?.state).toBe('processed');
  await resolve(id, 'declined');
});

const sentRefunds = ({ txRef }: Checkout) => shop.sandbox.requests({ route: 'refund.create', reference: txRef });

test('an unsent refund waits while a dispute is open, and is sent once the dispute is won', async () => {
  const checkout = await buy(shop);
  await refund(checkout);
  const id = await dispute(checkout);
  await work(shop);
  await sweepAfter(shop, 2 * HOUR_MS);
  expect(sentRefunds(checkout)).toEqual([]);
  expect((await orderOf(shop, checkout)).refunds[0]?.state).toBe('requested');
  await resolve(id, 'declined');
  shop.clock.advance(HOUR_MS);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
});

test('an unsent refund ends unsent when the dispute is lost, and needs no attention', async () => {
  const checkout = await buy(shop);
  const alertsBefore = alerts(shop).length;
  await refund(checkout);
  await resolve(await dispute(checkout), 'merchant-accepted');
  await work(shop);
  expect(sentRefunds(checkout)).toEqual([]);
  const order = await orderOf(shop, checkout);
  expect(order.refunds).toEqual([
    expect.objectContaining({ state: 'failed', lastError: expect.stringMatching(/lost/) }),
  ]);
  expect(order.refundAttentionSince).toBeUndefined();
  expect(order.refundDueAt).toBeUndefined();
  expect(alerts(shop).slice(alertsBefore)).toEqual([expect.objectContaining({ event: 'review_opened' })]);
  expect((await admin().order.query({ id: checkout.orderId })).refunds[0]?.advice).toBeNull();
});

test('a refund that Paystack refused, and that waits for staff, ends when its charge is lost in a dispute', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'refund.create', fault: { kind: 'status', status: 400 } });
  await refund(checkout);
  for (let hour = 0; hour < 9; hour += 1) await sweepAfter(shop, HOUR_MS);
  shop.sandbox.clearScript();
  expect((await orderOf(shop, checkout)).refunds[0]?.state).toBe('needs_attention');
  await resolve(await dispute(checkout), 'merchant-accepted');
  await sweepAfter(shop, HOUR_MS);
  const { refunds, refundAttentionSince } = await orderOf(shop, checkout);
  expect(refunds[0]?.state).toBe('failed');
  expect(refundAttentionSince).toBeUndefined();
});
