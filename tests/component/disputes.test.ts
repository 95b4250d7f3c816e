/**
 * An open dispute blocks shipping, refunds and cancellation. A won dispute unblocks them, and a lost one is money that went
 * back. All but the existence of a dispute is read at Paystack: events may arrive in any order and repeatedly (C7).
 */

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { formatMoney } from '../../models/contract/money.ts';
import { aParcelOf } from '../support/action-keys.ts';
import {
  alerts,
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  mailKinds,
  orderOf,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweepAfter,
  theMail,
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
  expect(seen.disputes).toMatchObject([
    { reference: checkout.txRef, state: 'open', amount: checkout.amount, answerBy: '2031-05-04T03:02:01.000Z' },
  ]);
  const { items } = await admin().orders.query({ attention: 'dispute' });
  expect(items.find(({ code }) => code === checkout.code)?.answerBy).toBe('2031-05-04T03:02:01.000Z');
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

test('a dispute that is lost is returned money: the order ends as refunded, and nothing goes back a second time', async () => {
  const checkout = await buy(shop);
  await resolve(await dispute(checkout), 'merchant-accepted');
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'refunded', paymentStatus: 'refunded', refunds: [] });
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
  for (const act of [ship, refund, cancel]) expect(await errorCodeOf(act(checkout))).not.toBe('INTERNAL');
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([]);
  const told = theMail(shop, checkout.shopper, 'refund_done').text;
  expect(told).toContain(formatMoney({ amount: checkout.amount, currency: 'NGN' }));
  const { money } = await checkout.shopper.client.orders.get.query({ id: checkout.orderId });
  expect(money).toEqual({ currency: 'NGN', paid: checkout.amount, returned: checkout.amount, returning: 0 });
});

test.each([
  [null, 'refunded'],
  [50_000, 'refunding'],
])(
  'a dispute (of %s) that is lost before its payment is recorded is told once, when the payment is',
  async (amount, paymentStatus) => {
    const checkout = await checkOut(shop);
    shop.sandbox.script({ route: 'verify', fault: { kind: 'status', status: 503 } });
    shop.sandbox.pay(checkout.txRef, { webhook: 'lose' });
    const { id } = shop.sandbox.openDispute(checkout.txRef, { amount, dueAt: new Date('2031-05-04T03:02:01.000Z') });
    await resolve(id, 'merchant-accepted');
    await work(shop);
    expect((await orderOf(shop, checkout)).status).toBe('pending');
    shop.sandbox.clearScript();
    for (let hour = 0; hour < 3; hour += 1) await sweepAfter(shop, HOUR_MS);
    expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', paymentStatus });
    expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled']);
    expect(theMail(shop, checkout.shopper, 'order_cancelled').text).toContain(
      formatMoney({ amount: amount ?? checkout.amount, currency: 'NGN' }),
    );
    expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
  },
);

test('of a part that a bank takes, the rest stays refundable, and the order goes on', async () => {
  const checkout = await buy(shop);
  shop.sandbox.resolveDispute(await dispute(checkout), 'merchant-accepted', { amount: 50_000 });
  await shop.sandbox.webhooksIdle();
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
  await refund(checkout);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount - 50_000, status: 'processed' }]);
  expect((await orderOf(shop, checkout)).status).toBe('refunded');
});

test('a won dispute may be opened again, and a replay of what came before changes nothing', async () => {
  const checkout = await buy(shop);
  const id = await dispute(checkout);
  await resolve(id, 'declined');
  shop.sandbox.moveDispute(id, { status: 'awaiting-merchant-feedback', resolution: null, dueAt: null });
  await shop.sandbox.webhooksIdle();
  const [reopened] = (await orderOf(shop, checkout)).disputes;
  expect(reopened).toMatchObject({ state: 'open', answerByAssumed: true });
  expect(reopened?.answerBy?.getTime()).toBeGreaterThan(shop.clock.now().getTime() + 15 * HOUR_MS);
  expect(await errorCodeOf(ship(checkout))).toBe('ORDER_STATE_CONFLICT');
  const before = await orderOf(shop, checkout);
  for (const { id: delivery } of shop.sandbox.webhooks({ reference: checkout.txRef }))
    await shop.sandbox.resendWebhook(delivery);
  expect((await orderOf(shop, checkout)).history).toEqual(before.history);
  shop.sandbox.moveDispute(id, { status: 'awaiting-bank-feedback' });
  await shop.sandbox.webhooksIdle();
  const { items } = await admin().orders.query({ attention: 'dispute' });
  expect(items.map(({ code }) => code)).not.toContain(checkout.code);
  expect((await admin().order.query({ id: checkout.orderId })).attention).toEqual([]);
  shop.sandbox.moveDispute(id, { status: 'archived' });
  await shop.sandbox.webhooksIdle();
  expect((await ship(checkout)).status).toBe('shipped');
});

test.each(['reference', 'id'] as const)('a dispute that names its charge only by its %s is known', async (named) => {
  const checkout = await buy(shop);
  shop.sandbox.setSwitches({ disputeCharge: named });
  await dispute(checkout);
  expect(await errorCodeOf(ship(checkout))).toBe('ORDER_STATE_CONFLICT');
  shop.sandbox.setSwitches({ disputeCharge: 'transaction' });
});

test('while Paystack cannot answer, a dispute is open at once; its end is read by the sweep without any webhook', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'dispute.get', fault: { kind: 'status', status: 500 } });
  const id = await dispute(checkout);
  expect(await errorCodeOf(ship(checkout))).toBe('ORDER_STATE_CONFLICT');
  shop.sandbox.clearScript();
  shop.sandbox.scriptWebhooks({ event: 'charge.dispute.*', mode: 'lose' });
  await resolve(id, 'declined');
  await sweepAfter(shop, HOUR_MS);
  expect((await ship(checkout)).status).toBe('shipped');
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
  expect(after.paymentStatus).toBe('refunded');
  expect(after.history.filter(({ type }) => type === 'dispute_lost')).toHaveLength(1);
});

test('a reminder that does not say when an answer is due leaves the day that is known', async () => {
  const checkout = await buy(shop);
  const id = await dispute(checkout);
  shop.sandbox.moveDispute(id, { status: 'pending', dueAt: null });
  await shop.sandbox.webhooksIdle();
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

test.each([
  ['declined', true],
  ['merchant-accepted', false],
] as const)(
  'a refund reads the disputes of its charge before it is sent: one whose webhooks are lost, %s later, lets the money go back once',
  async (resolution, isSent) => {
    const checkout = await buy(shop);
    shop.sandbox.scriptWebhooks({ event: 'charge.dispute.*', mode: 'lose' });
    const id = await dispute(checkout);
    await refund(checkout);
    await work(shop);
    expect(sentRefunds(checkout)).toEqual([]);
    expect(await orderOf(shop, checkout)).toMatchObject({
      refunds: [{ state: 'requested' }],
      disputes: [{ state: 'open', amount: checkout.amount }],
    });
    const { items } = await admin().orders.query({ attention: 'dispute' });
    expect(items.map(({ code }) => code)).toContain(checkout.code);
    await resolve(id, resolution);
    await sweepAfter(shop, HOUR_MS);
    await finishRefunds(shop);
    expect(refundsAtPaystack(shop, checkout.txRef)).toEqual(
      isSent ? [{ amount: checkout.amount, status: 'processed' }] : [],
    );
    expect((await orderOf(shop, checkout)).paymentStatus).toBe('refunded');
  },
);

test('a refund is not sent while the disputes of its charge cannot be read', async () => {
  const checkout = await buy(shop);
  shop.sandbox.scriptWebhooks({ event: 'charge.dispute.*', mode: 'lose' });
  const id = await dispute(checkout);
  shop.sandbox.script({ route: 'dispute.list', fault: { kind: 'status', status: 500 } });
  await refund(checkout);
  await work(shop);
  expect(sentRefunds(checkout)).toEqual([]);
  shop.sandbox.clearScript();
  await resolve(id, 'declined');
  await sweepAfter(shop, HOUR_MS);
  await finishRefunds(shop);
  expect(sentRefunds(checkout)).toHaveLength(1);
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
    expect.objectContaining({ state: 'failed', lastError: expect.stringMatching(/gone back/) }),
  ]);
  expect(order.refundAttentionSince).toBeUndefined();
  expect(order.refundDueAt).toBeUndefined();
  expect(
    alerts(shop)
      .slice(alertsBefore)
      .map(({ event }) => event),
  ).not.toContain('review_opened');
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
