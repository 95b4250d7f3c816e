/** Reminders of unpaid orders, the ways to pay that a page offers, and bank transfers of a wrong amount. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  alerts,
  buy,
  type Checkout,
  checkOut,
  expectAllConsistent,
  finishRefunds,
  MINUTE_MS,
  mailKinds,
  orderOf,
  pay,
  returnFromPaystack,
  type Shop,
  startTestShop,
  sweep,
  sweepAfter,
  theMail,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const kindsOf = ({ shopper }: Checkout) => mailKinds(shop, shopper);
const countRefused = () => shop.db.orders.countDocuments({ 'history.data.cause': 'refused' });

describe('a bank transfer of a wrong amount', () => {
  async function transferred(amount: number): Promise<Checkout> {
    const checkout = await checkOut(shop);
    shop.sandbox.beginPayment(checkout.txRef, 'bank_transfer');
    shop.sandbox.completePayment(checkout.txRef, { amount });
    await shop.sandbox.webhooksIdle();
    return checkout;
  }
  const shown = ({ shopper, orderId }: Checkout) => shopper.client.orders.get.query({ id: orderId });
  const rejected = (checkout: Checkout) => {
    const [delivery] = shop.sandbox.webhooks({ event: 'bank.transfer.rejected', reference: checkout.txRef });
    if (delivery === undefined) throw new Error('nothing was announced');
    return delivery;
  };

  test('is shown to the customer and to staff, changes no money, and the right amount then buys', async () => {
    const checkout = await transferred(100_000);
    const order = await shown(checkout);
    expect(order.rejectedTransfers).toEqual([{ at: expect.any(String), amount: 100_000, cause: 'wrong_amount' }]);
    expect(order).toMatchObject({
      status: 'pending',
      paymentStatus: 'unpaid',
      payable: true,
      lastAttemptFailed: false,
    });
    const { notices, timeline } = await shop.staff.client.admin.order.query({ id: checkout.orderId });
    const words = /^Paystack did not accept a bank transfer of ₦1,000.00, because ₦[\d,.]+ is to be paid/;
    expect(notices).toEqual([expect.stringMatching(words)]);
    expect(timeline).toContainEqual(
      expect.objectContaining({
        kind: 'history',
        what: expect.stringContaining('The money goes back by itself, and the customer can try again'),
        actor: { kind: 'paystack', name: null },
      }),
    );
    shop.sandbox.completePayment(checkout.txRef);
    await shop.sandbox.webhooksIdle();
    await work(shop);
    expect(await shown(checkout)).toMatchObject({ status: 'confirmed', rejectedTransfers: [{ amount: 100_000 }] });
    const { notices: afterwards } = await shop.staff.client.admin.order.query({ id: checkout.orderId });
    expect(afterwards).toEqual([]);
  });

  test('is shown once, however often its event comes, and in whatever encoding', async () => {
    const checkout = await transferred(100_000);
    await shop.sandbox.resendWebhook(rejected(checkout).id);
    const { event, data } = JSON.parse(rejected(checkout).body.toString());
    await shop.sandbox.sendWebhook({ event, rawBody: Buffer.from(JSON.stringify({ data, event }, null, 1)) });
    expect((await shown(checkout)).rejectedTransfers).toHaveLength(1);
    shop.sandbox.completePayment(checkout.txRef, { amount: 100_001 });
    await shop.sandbox.webhooksIdle();
    expect((await shown(checkout)).rejectedTransfers.map(({ amount }) => amount)).toEqual([100_000, 100_001]);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });

  test('waits in the inbox until Paystack says which order it is about', async () => {
    const route = 'transaction.get';
    const up = shop.sandbox.script({ route, fault: { kind: 'status', status: 503 } });
    const checkout = await transferred(100_000);
    expect((await shown(checkout)).rejectedTransfers).toEqual([]);
    up();
    await sweepAfter(shop, 5 * MINUTE_MS);
    expect((await shown(checkout)).rejectedTransfers).toHaveLength(1);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });

  test.each([
    ['of no order of this shop', { bank_transfer: { transaction_id: '1', amount: '5', message_type: 'X' } }],
    ['without an id', { bank_transfer: { amount: '5' } }],
    ['without data', null],
  ])('%s is answered and leaves nothing', async (_, data) => {
    const before = await countRefused();
    const delivery = await shop.sandbox.sendWebhook({ event: 'bank.transfer.rejected', data });
    expect(delivery.attempts.map(({ status }) => status)).toEqual([200]);
    expect(await countRefused()).toBe(before);
  });

  test('that was refused for another reason, without an amount, is shown as that', async () => {
    const checkout = await checkOut(shop);
    const { id } = shop.sandbox.transaction(checkout.txRef);
    const data = { bank_transfer: { transaction_id: id, message: 'flagged', message_type: 'SUSPECTED_FRAUD' } };
    await shop.sandbox.sendWebhook({ event: 'bank.transfer.rejected', data });
    expect((await shown(checkout)).rejectedTransfers).toMatchObject([{ amount: null, cause: 'refused' }]);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });
});

test('a refund of a bank transfer waits for the customer’s account, which staff send', async () => {
  const checkout = await checkOut(shop);
  shop.sandbox.beginPayment(checkout.txRef, 'bank_transfer');
  shop.sandbox.completePayment(checkout.txRef);
  await shop.sandbox.webhooksIdle();
  await work(shop);
  const { admin } = shop.staff.client;
  await admin.cancel.mutate({ id: checkout.orderId });
  await finishRefunds(shop);
  const { refunds, actions } = await admin.order.query({ id: checkout.orderId });
  const [refund] = refunds;
  expect(refund).toMatchObject({
    state: 'needs_attention',
    advice: expect.stringMatching(/bank details: enter them here/),
  });
  expect(actions).toContainEqual(expect.objectContaining({ action: 'sendRefundAccount', allowed: true }));
  const [bank] = await admin.refundBanks.query({ currency: 'NGN' });
  const account = { accountNumber: '0123456789', bankId: bank?.id ?? '' };
  await admin.sendRefundAccount.mutate({ id: checkout.orderId, refundId: refund?.id ?? '', ...account });
  await finishRefunds(shop);
  expect((await admin.order.query({ id: checkout.orderId })).refunds[0]?.state).toBe('processed');
});

test('PAYMENT_CHANNELS limits what the page offers', async () => {
  expect(shop.sandbox.transaction((await checkOut(shop)).txRef).channels).toEqual(['card', 'bank_transfer', 'ussd']);
  shop.ctx.config.paymentChannels = ['bank_transfer'];
  expect(shop.sandbox.transaction((await checkOut(shop)).txRef).channels).toEqual(['bank_transfer']);
  shop.ctx.config.paymentChannels = [];
});

test('a payment that waits for a phone is not taken for an unknown state', async () => {
  const checkout = await checkOut(shop);
  shop.sandbox.setStatus(checkout.txRef, 'pay_offline');
  await returnFromPaystack(shop, checkout.txRef);
  expect(JSON.stringify(alerts(shop))).not.toContain(checkout.txRef);
});

describe('the reminder of an unpaid order', () => {
  test('leaves once, an hour after the order was placed, with the link to it', async () => {
    const checkout = await checkOut(shop);
    await sweepAfter(shop, 59 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual([]);
    await sweepAfter(shop, MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['payment_reminder']);
    expect(theMail(shop, checkout.shopper, 'payment_reminder').text).toContain(`/orders/${checkout.orderId}`);
    for (let hours = 0; hours < 3; hours += 1) await sweepAfter(shop, 60 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['payment_reminder']);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });

  test('waits while Paystack processes a payment, and for as long as Paystack does not answer', async () => {
    const checkout = await checkOut(shop);
    shop.sandbox.setStatus(checkout.txRef, 'ongoing');
    await sweepAfter(shop, 60 * MINUTE_MS);
    shop.sandbox.script({ route: 'verify', reference: checkout.txRef, fault: { kind: 'status', status: 500 } });
    shop.sandbox.setStatus(checkout.txRef, 'abandoned');
    await sweepAfter(shop, 60 * MINUTE_MS);
    shop.sandbox.clearScript();
    expect(kindsOf(checkout)).toEqual([]);
    await sweepAfter(shop, 60 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['payment_reminder']);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });

  test('counts from the last attempt, and asks about every reference of the order', async () => {
    const checkout = await checkOut(shop);
    await sweepAfter(shop, 50 * MINUTE_MS);
    await pay(shop, checkout.txRef, { card: 'declined' });
    await returnFromPaystack(shop, checkout.txRef);
    await checkout.again();
    await sweepAfter(shop, 59 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual([]);
    await sweepAfter(shop, MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['payment_reminder']);
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });

  test('is not written about an order that is paid, has ended, or expires before', async () => {
    const paid = await buy(shop);
    const cancelled = await checkOut(shop);
    await cancelled.shopper.client.orders.cancel.mutate({ id: cancelled.orderId });
    await sweepAfter(shop, 61 * MINUTE_MS);
    expect([kindsOf(paid), kindsOf(cancelled)]).toEqual([['order_confirmed'], ['order_cancelled']]);
  });

  test('is withdrawn when the order was paid before it could leave', async () => {
    const checkout = await checkOut(shop);
    const up = shop.mailbox.script({ fault: { kind: 'status', status: 503 } });
    await sweepAfter(shop, 60 * MINUTE_MS);
    up();
    await pay(shop, checkout.txRef);
    await work(shop);
    await sweepAfter(shop, 5 * MINUTE_MS);
    expect(kindsOf(checkout)).toEqual(['order_confirmed']);
    const { emails } = await shop.staff.client.admin.order.query({ id: checkout.orderId });
    expect(emails).toContainEqual(expect.objectContaining({ kind: 'payment_reminder', state: 'withdrawn' }));
  });

  test('is withdrawn when it is late, because a payment may be under way by then', async () => {
    const checkout = await checkOut(shop);
    const up = shop.mailbox.script({ fault: { kind: 'status', status: 503 } });
    await sweepAfter(shop, 60 * MINUTE_MS);
    up();
    await sweepAfter(shop, 16 * MINUTE_MS);
    await sweep(shop);
    expect(kindsOf(checkout)).toEqual([]);
    expect((await orderOf(shop, checkout)).status).toBe('pending');
    await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  });
});
