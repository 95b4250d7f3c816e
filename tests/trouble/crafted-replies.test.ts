/**
 * Paystack's replies are untrusted input (OWASP API10:2023). With any reply, the shopper gets a clear error or
 * Paystack's own page, and the order is kept. Nothing of a bad reply reaches a page, a log or the database.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PaystackPort } from '../../jobs/ports.ts';
import { createPaystackService } from '../../server/paystack/service.ts';
import { captureLog } from '../support/captured-log.ts';
import { createSender } from '../support/fuzz/send.ts';
import { type Answer, reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
import { ADDRESS, errorCodeOf, newCheckoutKey, type Shop, startTestShop, sweepAfter } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { PAYSTACK_KEY } from '../support/test-app.ts';

const CANARY = 'canary-5d1c';
let paystack: ScriptedServer;
let shop: Shop;
beforeAll(async () => {
  paystack = await startScriptedServer(reply(500, ''));
  const ports = { clock: { now: () => new Date() }, random: { jitter: () => 0 } };
  const service: PaystackPort = createPaystackService({
    ...ports,
    secretKey: PAYSTACK_KEY,
    baseUrl: paystack.url,
    log: captureLog().log,
    retry: { attempts: 1, baseMs: 1, capMs: 1 },
  });
  shop = await startTestShop({ context: { paystack: service } });
});
afterAll(async () => {
  await shop.stop();
  await paystack.close();
});

async function checkOutWith(answer: Answer) {
  paystack.answerWith(answer);
  const shopper = await shop.signUp();
  const { variantId } = await stockVariant(shop.db);
  await shopper.client.cart.addItem.mutate({ variantId, quantity: 1 });
  const input = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
  return { shopper, page: shopper.client.orders.initializePayment.mutate(input) };
}

/** A valid reply to initialize, except for `data`. */
const initialized =
  (data: object): Answer =>
  (res, request, index) => {
    const { reference } = JSON.parse(request.body);
    const good = { authorization_url: 'https://checkout.paystack.com/abc', access_code: 'abc', reference };
    reply(200, { status: true, message: 'ok', data: { ...good, ...data } })(res, request, index);
  };

test('the page that is good is given to the shopper: those below fail for their one flaw', async () => {
  const { page } = await checkOutWith(initialized({}));
  expect((await page).authorizationUrl).toBe('https://checkout.paystack.com/abc');
});

test('Paystack gets configured callback addresses, whatever Host a request has', async () => {
  const { shopper, page } = await checkOutWith(initialized({}));
  const { orderId } = await page;
  await shopper.client.orders.cancel.mutate({ id: orderId });
  const { variantId } = await stockVariant(shop.db);
  await shopper.client.cart.addItem.mutate({ variantId, quantity: 1 });
  const body = JSON.stringify({ shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() });
  const sender = createSender(shop.url, 1);
  const { status } = await sender.send({
    method: 'POST',
    url: '/orders/initialize-payment/',
    headers: {
      ...{
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'http',
        origin: 'https://evil.example',
      },
      ...{ authorization: `Bearer ${shopper.token}`, 'content-type': 'application/json' },
    },
    body,
  });
  sender.close();
  const sent = JSON.parse(paystack.requests.at(-1)?.body ?? '{}');
  expect(status).toBe(200);
  expect(sent.callback_url).toBe(`${shop.url}/orders/verify-payment/${sent.reference}`);
  expect(sent.metadata.cancel_action).toMatch(/^http:\/\/storefront\.example\/orders\/[0-9a-f]{24}\?left-unpaid$/);
  expect(JSON.stringify(sent)).not.toContain('evil');
});

describe('the shopper is never sent to', () => {
  test.each([
    'javascript:alert(1)//https://checkout.paystack.com',
    'data:text/html,<script>canary-5d1c</script>',
    'https://evil.example/canary-5d1c',
    'https://checkout.paystack.com.evil.example/',
    'https://evilpaystack.com/',
    'https://checkout.paystack.com@evil.example/',
    'https://user:pw@checkout.paystack.com/',
    'http://checkout.paystack.com/',
    'https://checkout.paystack.com:8443/',
    '//evil.example',
    '/relative',
    `https://checkout.paystack.com/${'x'.repeat(3_000)}`,
    'https://checkout.paystack.com\\@evil.example/',
    '',
    null,
    { href: 'https://checkout.paystack.com/' },
    ['https://checkout.paystack.com/'],
  ])('%p', async (address) => {
    const { shopper, page } = await checkOutWith(initialized({ authorization_url: address }));
    expect(await errorCodeOf(page)).toBe('GATEWAY_UNAVAILABLE');
    const [order] = await shop.db.orders.find({ userId: shopper.id }).lean();
    expect(order?.status).toBe('pending');
    expect(JSON.stringify(order)).not.toMatch(/evil|canary|javascript/);
  });
});

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const STRANGE: [string, Answer][] = [
  ['HTML', reply(200, `<html><script>${CANARY}</script></html>`, { 'content-type': 'text/html' })],
  ['HTML that refuses', reply(403, `<html>${CANARY}</html>`, { 'content-type': 'text/html' })],
  ['nothing', reply(200, '')],
  ['JSON of another type', reply(200, `"${CANARY}"`)],
  ['a list', reply(200, `["${CANARY}"]`)],
  ['data that is text', reply(200, { status: true, message: 'ok', data: CANARY })],
  ['data that is null', reply(200, { status: true, message: 'ok', data: null })],
  ['a status in words', reply(200, { status: 'yes', message: CANARY, data: {} })],
  ['ten thousand levels', reply(200, `{"status":true,"message":"ok","data":${deep(10_000)}}`)],
  ['a prototype', reply(200, `{"status":true,"message":"ok","data":{"__proto__":{"reference":"${CANARY}"}}}`)],
  ['five megabytes', reply(200, JSON.stringify({ status: true, message: 'x'.repeat(5_000_000), data: {} }))],
  ['a message with a script', reply(400, { status: false, message: `<script>${CANARY}</script>`, code: CANARY })],
  ['a redirect', reply(302, CANARY, { location: `https://evil.example/${CANARY}` })],
  ['numbers without end', reply(200, `{"status":true,"message":"ok","data":{"id":${'9'.repeat(400)}}}`)],
];

describe('a reply of', () => {
  test.each(STRANGE)('%s ends a checkout in a clear error and keeps the order', async (_, answer) => {
    const { shopper, page } = await checkOutWith(answer);
    const failure = await page.catch((error: unknown) => error);
    expect(String(failure)).toMatch(/Your order is kept/);
    expect(await shop.db.orders.countDocuments({ userId: shopper.id, status: 'pending' })).toBe(1);
  });

  test.each(STRANGE)('%s to verify shows the visitor only pending, and changes nothing', async (_, answer) => {
    const { page } = await checkOutWith(initialized({}));
    const { orderId, txRef } = await page;
    const before = await shop.db.orders.findById(orderId).lean();
    paystack.answerWith(answer);
    const visit = await fetch(`${shop.url}/orders/verify-payment/${txRef}`, {
      headers: { accept: 'application/json' },
    });
    expect([visit.status, await visit.json()]).toEqual([200, { txRef, status: 'pending' }]);
    expect(await shop.db.orders.findById(orderId).lean()).toEqual(before);
  });

  test('none of them was logged, counted or stored, and the sweep bears them too', async () => {
    for (const [, answer] of STRANGE.slice(0, 4)) {
      paystack.answerWith(answer);
      await sweepAfter(shop, 60 * 60_000);
    }
    const metrics = await shop.ctx.events.registry.metrics();
    const orders = JSON.stringify(await shop.db.orders.find().lean());
    const everythingKept = JSON.stringify(shop.logged) + metrics + orders;
    for (const trace of ['canary', 'evil', PAYSTACK_KEY])
      expect(everythingKept.split(trace)[1]?.slice(0, 80) ?? `no ${trace}`).toBe(`no ${trace}`);
  });
});
