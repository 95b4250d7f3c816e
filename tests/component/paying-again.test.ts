/**
 * A pending order leads to the same page, and after a definite failure to the next reference, ten at most. Paystack
 * gets the data to show to staff and sends browsers to configured addresses only (G9, G10, C7).
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  ADDRESS,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  MINUTE_MS,
  mailKinds,
  newCheckoutKey,
  orderOf,
  pay,
  paySilently,
  refundsAtPaystack,
  returnFromPaystack,
  type Shop,
  startTestShop,
  sweepAfter,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => shop.sandbox.clearScript());
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

test('pressing pay again opens the same page, and no other is requested from Paystack', async () => {
  const checkout = await checkOut(shop);
  shop.sandbox.clearRequests();
  const pages = await Promise.all([checkout.again(), checkout.again(), checkout.again()]);
  for (const page of pages) {
    expect(page).toMatchObject({ orderId: checkout.orderId, txRef: checkout.txRef });
    expect(page.authorizationUrl).toBe(shop.sandbox.checkoutUrl(checkout.txRef));
    expect(page.accessCode).toBe(shop.sandbox.transaction(checkout.txRef).accessCode);
  }
  expect(shop.sandbox.requests()).toEqual([]);
});

test('after a declined card the next reference is made, and it buys', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef, { card: 'declined' });
  expect((await returnFromPaystack(shop, checkout.txRef)).status).toBe('failed');
  const shown = await checkout.shopper.client.orders.get.query({ id: checkout.orderId });
  expect(shown).toMatchObject({ payable: true, lastAttemptFailed: true });
  const second = await checkout.again();
  expect(second.txRef).toBe(`ord-${checkout.code}-2`);
  expect(second.orderId).toBe(checkout.orderId);
  await pay(shop, second.txRef);
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paidReference: second.txRef });
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
});

test('a failed attempt that succeeds after all still buys, and the other page, paid too, is given back once', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef, { card: 'insufficient-funds' });
  await returnFromPaystack(shop, checkout.txRef);
  const second = await checkout.again();
  await pay(shop, checkout.txRef);
  await pay(shop, second.txRef);
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paidReference: checkout.txRef });
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([]);
  expect(refundsAtPaystack(shop, second.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  expect(mailKinds(shop, checkout.shopper).sort()).toEqual(['order_confirmed', 'refund_done', 'refund_started']);
});

test('both pages paid in the same moment: one buys, the other is given back, whichever is first', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef, { card: 'declined' });
  await returnFromPaystack(shop, checkout.txRef);
  const second = await checkout.again();
  shop.sandbox.payTwice(second.txRef);
  await shop.sandbox.webhooksIdle();
  await work(shop);
  await finishRefunds(shop);
  const order = await orderOf(shop, checkout);
  expect(order.status).toBe('confirmed');
  const duplicate = order.paidReference === second.txRef ? checkout.txRef : second.txRef;
  expect(refundsAtPaystack(shop, order.paidReference ?? '')).toEqual([]);
  expect(refundsAtPaystack(shop, duplicate)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
});

test('after a tenth failure the checkout is refused, and no request goes to Paystack', async () => {
  const checkout = await checkOut(shop);
  for (let n = 1; n <= 10; n += 1) {
    const { txRef } = await checkout.again();
    expect(txRef).toBe(`ord-${checkout.code}-${n}`);
    await pay(shop, txRef, { card: 'declined' });
    await returnFromPaystack(shop, txRef);
  }
  shop.sandbox.clearRequests();
  expect(await errorCodeOf(checkout.again())).toBe('ORDER_STATE_CONFLICT');
  expect(shop.sandbox.requests()).toEqual([]);
  expect((await orderOf(shop, checkout)).payments).toHaveLength(10);
});

test.each(['paid', 'cancelled', 'expired'])('an order that is %s takes no payment', async (state) => {
  const checkout = await checkOut(shop);
  if (state === 'paid') await pay(shop, checkout.txRef);
  if (state === 'cancelled') await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  if (state === 'expired') await sweepAfter(shop, 24 * 60 * MINUTE_MS);
  expect(await errorCodeOf(checkout.again())).toBe('ORDER_STATE_CONFLICT');
  await work(shop);
});

test('an order whose time is up takes no payment, although no sweep has come by', async () => {
  const checkout = await checkOut(shop);
  shop.clock.advance(24 * 60 * MINUTE_MS);
  shop.sandbox.clearRequests();
  expect(await errorCodeOf(checkout.again())).toBe('ORDER_STATE_CONFLICT');
  expect(shop.sandbox.requests()).toEqual([]);
});

test('metadata names the order to Paystack, and both return addresses are the configured ones, whatever the request', async () => {
  const checkout = await checkOut(shop);
  const { metadata, callbackUrl, email, currency, requestedAmount } = shop.sandbox.transaction(checkout.txRef);
  expect(metadata).toEqual({
    orderId: checkout.orderId,
    code: checkout.code,
    cancel_action: `http://storefront.example/orders/${checkout.orderId}?left-unpaid`,
  });
  expect(callbackUrl).toBe(`${shop.ctx.config.publicUrl}/orders/verify-payment/${checkout.txRef}`);
  expect({ email, currency, requestedAmount }).toEqual({
    email: checkout.shopper.email,
    currency: 'NGN',
    requestedAmount: checkout.amount,
  });

  const shopper = await shop.signUp();
  await shopper.client.cart.addItem.mutate({ variantId: checkout.item.variantId, quantity: 1 });
  const body = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
  const post = (extra: object) =>
    fetch(`${shop.url}/orders/initialize-payment/?callback_url=https://evil.example`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${shopper.token}`,
        host: 'evil.example',
        origin: 'https://evil.example',
        'x-forwarded-host': 'evil.example',
      },
      body: JSON.stringify({ ...body, ...extra }),
    });
  expect((await post({ callbackUrl: 'https://evil.example' })).status).toBe(400);
  const reply = await post({});
  const { txRef } = (await reply.json()) as { txRef: string };
  expect(JSON.stringify(shop.sandbox.transaction(txRef))).not.toContain('evil');
});

test('an initialize that was carried out and not answered leads to one usable page on the next reference', async () => {
  shop.sandbox.script({ route: 'initialize', times: 1, carriedOut: true, fault: { kind: 'drop' } });
  const checkout = await checkOut(shop);
  expect(checkout.txRef).toBe(`ord-${checkout.code}-2`);
  const order = await orderOf(shop, checkout);
  expect(order.payments.map(({ status }) => status)).toEqual(['abandoned', 'initialized']);
  // The first page still counts, because a shopper who has reached it may pay there.
  await paySilently(shop, `ord-${checkout.code}-1`);
  await returnFromPaystack(shop, `ord-${checkout.code}-1`);
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paidReference: `ord-${checkout.code}-1` });
});
