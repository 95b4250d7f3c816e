/**
 * A payment is settled once and announced once, however often, late or unordered its webhooks and returns arrive
 * (W1–W3, R1–R6).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import {
  buy,
  type Checkout,
  checkOut,
  DAY_MS,
  expectAllConsistent,
  finishRefunds,
  MINUTE_MS,
  mailKinds,
  orderOf,
  pay,
  paySilently,
  refundsAtPaystack,
  returnFromPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweep,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const times = <T>(count: number, act: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, act));

async function lostWebhook(txRef: string): Promise<number> {
  const [lost] = shop.sandbox.webhooks({ event: 'charge.success', reference: txRef });
  if (!lost) throw new Error('nothing was announced');
  return lost.id;
}

async function expectSettledOnce(checkout: Checkout): Promise<void> {
  await work(shop);
  const order = await orderOf(shop, checkout);
  expect(order.status).toBe('confirmed');
  expect(order.history.map(({ to }) => to.status)).toEqual(['pending', 'pending', 'confirmed']);
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 9, reserved: 0 });
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
}

test('a webhook that comes 100 times at once settles the order once and sends one email', async () => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  const id = await lostWebhook(checkout.txRef);
  await times(100, () => shop.sandbox.resendWebhook(id));
  const [delivery] = shop.sandbox.webhooks({ reference: checkout.txRef });
  expect(delivery?.attempts.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
  await expectSettledOnce(checkout);
  const [stored, ...more] = await shop.db.webhookEvents.find({ reference: checkout.txRef }).lean();
  expect(more).toEqual([]);
  expect(stored?.deliveries).toBe(100);
});

test('a webhook replayed a month later changes nothing, whatever became of the order', async () => {
  const kept = await buy(shop);
  const cancelled = await buy(shop);
  await shop.staff.client.admin.cancel.mutate({ id: cancelled.orderId });
  await finishRefunds(shop);
  shop.clock.advance(30 * DAY_MS);
  await sweep(shop);
  for (const checkout of [kept, cancelled]) {
    const before = await orderOf(shop, checkout);
    const mails = mailKinds(shop, checkout.shopper);
    for (const { id } of shop.sandbox.webhooks({ reference: checkout.txRef })) await shop.sandbox.resendWebhook(id);
    await work(shop);
    await sweep(shop);
    expect(await orderOf(shop, checkout)).toEqual(before);
    expect(mailKinds(shop, checkout.shopper)).toEqual(mails);
  }
  expect(refundsAtPaystack(shop, cancelled.txRef)).toEqual([{ amount: cancelled.amount, status: 'processed' }]);
});

test('a late webhook is not trusted by itself: Paystack verifies it', async () => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  shop.clock.advance(11 * MINUTE_MS);
  shop.sandbox.clearRequests();
  await shop.sandbox.resendWebhook(await lostWebhook(checkout.txRef));
  expect(shop.sandbox.requests({ route: 'verify', reference: checkout.txRef })).toHaveLength(1);
  await expectSettledOnce(checkout);
});

test('a webhook that comes late while Paystack does not answer is made good by the sweep', async () => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  shop.clock.advance(11 * MINUTE_MS);
  shop.sandbox.script({ route: 'verify', reference: checkout.txRef, fault: { kind: 'status', status: 400 } });
  await shop.sandbox.resendWebhook(await lostWebhook(checkout.txRef));
  expect((await orderOf(shop, checkout)).paymentStatus).toBe('unpaid');
  shop.sandbox.clearScript();
  shop.clock.advance(MINUTE_MS);
  await sweep(shop);
  await expectSettledOnce(checkout);
});

const events = ['charge', 'refund', 'dispute', 'resolve'] as const;
const orders = [
  [...events],
  [...events].reverse(),
  ['dispute', 'charge', 'resolve', 'refund'],
  ['resolve', 'refund', 'charge', 'dispute'],
];
test.each(orders)(
  'the books tell the same story when the events come in the order %s, %s, %s, %s',
  async (...order) => {
    const checkout = await checkOut(shop);
    shop.sandbox.scriptWebhooks({ mode: 'hold', reference: checkout.txRef });
    await pay(shop, checkout.txRef);
    await returnFromPaystack(shop, checkout.txRef);
    await work(shop);
    await shop.staff.client.admin.refund.mutate({
      key: newActionKey(),
      id: checkout.orderId,
      amount: 100_00,
      note: 'scratched',
    });
    await work(shop);
    shop.sandbox.finishRefunds(checkout.txRef);
    const dispute = shop.sandbox.openDispute(checkout.txRef);
    shop.sandbox.resolveDispute(dispute.id, 'declined');
    shop.sandbox.clearWebhookRules();

    const named = {
      charge: 'charge.success',
      refund: 'refund.processed',
      dispute: 'charge.dispute.create',
      resolve: 'charge.dispute.resolve',
    };
    for (const name of order) {
      const event = named[name as (typeof events)[number]];
      for (const { id } of shop.sandbox.webhooks({ event, reference: checkout.txRef }))
        await shop.sandbox.resendWebhook(id);
      await work(shop);
    }
    shop.clock.advance(11 * MINUTE_MS);
    await work(shop);
    const after = await orderOf(shop, checkout);
    expect(after).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
    expect(after.disputes.map(({ state }) => state)).toEqual(['won']);
    expect(after.refunds.map(({ state, amount }) => ({ state, amount }))).toEqual([
      { state: 'processed', amount: 100_00 },
    ]);
    expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'refund_started', 'refund_done']);
  },
);

test('100 concurrent returns from Paystack verify once and settle once', async () => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  shop.sandbox.clearRequests();
  const { verifications } = shop.ctx;
  // A request that read the order as pending may verify after the response, so the clock stands still for all of them.
  shop.ctx.verifications = new SingleFlight(1, shop.clock);
  const answers = await times(100, () => returnFromPaystack(shop, checkout.txRef));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['paid']));
  expect(shop.sandbox.requests({ route: 'verify', reference: checkout.txRef })).toHaveLength(1);
  shop.ctx.verifications = verifications;
  await expectSettledOnce(checkout);
});

test('the return from Paystack before, after and at the same time as the webhook makes one settlement', async () => {
  const before = await checkOut(shop);
  await paySilently(shop, before.txRef);
  await returnFromPaystack(shop, before.txRef);
  await shop.sandbox.resendWebhook(await lostWebhook(before.txRef));
  await expectSettledOnce(before);

  const after = await checkOut(shop);
  await pay(shop, after.txRef);
  expect(await returnFromPaystack(shop, after.txRef)).toEqual({ httpStatus: 200, status: 'paid' });
  await expectSettledOnce(after);

  const together = await checkOut(shop);
  await paySilently(shop, together.txRef);
  const id = await lostWebhook(together.txRef);
  await Promise.all([
    ...Array.from({ length: 10 }, () => shop.sandbox.resendWebhook(id)),
    ...Array.from({ length: 10 }, () => returnFromPaystack(shop, together.txRef)),
    ...Array.from({ length: 5 }, () => runSettlementOnce(shop.ctx)),
  ]);
  await expectSettledOnce(together);
});

test('the return from Paystack that never comes costs time and nothing else', async () => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  shop.clock.advance(2 * MINUTE_MS);
  await sweep(shop);
  await expectSettledOnce(checkout);
});

test('the return from Paystack shows a stranger only pending, paid, failed or cancelled', async () => {
  const checkout = await checkOut(shop);
  const reply = await fetch(`${shop.url}/orders/verify-payment/${checkout.txRef}`);
  expect(await reply.json()).toEqual({ txRef: checkout.txRef, status: 'pending' });
  await pay(shop, checkout.txRef, { card: 'declined' });
  expect((await returnFromPaystack(shop, checkout.txRef)).status).toBe('failed');
  await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  expect((await returnFromPaystack(shop, checkout.txRef)).status).toBe('cancelled');
});

test('the return from Paystack goes by the path alone, when the parameters name another payment', async () => {
  const paid = await checkOut(shop);
  const unpaid = await checkOut(shop);
  await paySilently(shop, paid.txRef);
  shop.sandbox.clearRequests();
  const query = `?trxref=${paid.txRef}&reference=${paid.txRef}`;
  expect(await returnFromPaystack(shop, `${unpaid.txRef}${query}`)).toEqual({ httpStatus: 200, status: 'pending' });
  expect(shop.sandbox.requests({ route: 'verify', reference: paid.txRef })).toEqual([]);
  await returnFromPaystack(shop, paid.txRef);
  await expectSettledOnce(paid);
});

test.each(['ord-UNKNOWN00000-1', 'ord_A', '..%2f..%2fbalance', '%00', 'a'.repeat(200), '$ne'])(
  'the return from Paystack with the reference %s is 404, and Paystack is not asked',
  async (reference) => {
    shop.sandbox.clearRequests();
    const { httpStatus } = await returnFromPaystack(shop, reference);
    expect([400, 404]).toContain(httpStatus);
    expect(shop.sandbox.requests()).toEqual([]);
  },
);

test('the return from Paystack sends a browser to the configured storefront, whatever Host and parameters say', async () => {
  const checkout = await checkOut(shop);
  const query = '?next=https://evil.example&callback_url=https://evil.example&return_to=//evil.example';
  const reply = await fetch(`${shop.url}/orders/verify-payment/${checkout.txRef}/${query}`, {
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
    },
  });
  expect(reply.status).toBe(303);
  expect(reply.headers.get('location')).toBe(`http://storefront.example/orders/${checkout.orderId}`);
});
