/**
 * A webhook without Paystack's signature changes nothing. A signed one is stored before the response, whatever its
 * bytes (W4–W6).
 */
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sign } from '../../server/paystack/signature.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import {
  alerts,
  type Checkout,
  checkOut,
  expectAllConsistent,
  MINUTE_MS,
  mailKinds,
  orderOf,
  paySilently,
  type Shop,
  startTestShop,
  sweepAfter,
  work,
} from '../support/shopping.ts';
import { everything } from '../support/stocked-variant.ts';
import { PAYSTACK_KEY } from '../support/test-app.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
/** The sweep verifies payments whose webhooks a test suppressed. */
afterEach(() => sweepAfter(shop, 2 * MINUTE_MS));
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

/** A paid order without a webhook, and the bytes of the webhook that Paystack would send. */
async function untold(at = shop): Promise<Checkout & { body: Buffer; signature: string }> {
  const checkout = await checkOut(at);
  await paySilently(at, checkout.txRef);
  const [lost] = at.sandbox.webhooks({ reference: checkout.txRef });
  if (!lost?.signature) throw new Error('the sandbox signs what it loses');
  return { ...checkout, body: lost.body, signature: lost.signature };
}

/** Posts raw bytes and returns the HTTP status. A header given as an array is sent once per entry. */
function post(
  body: Buffer,
  signature: string | string[] | null,
  { contentType = 'application/json', at = shop } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string | string[]> = {
      'content-type': contentType,
      'content-length': `${body.length}`,
    };
    if (signature !== null) headers['x-paystack-signature'] = signature;
    const sent = request(`${at.url}/webhooks/paystack`, { method: 'POST', headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const signed = (text: string | Buffer) => {
  const body = Buffer.from(text);
  return { body, signature: sign(body, PAYSTACK_KEY) };
};

describe('a forged webhook', () => {
  const forgeries: [string, (signature: string, body: Buffer) => string | string[] | null][] = [
    ['without a signature', () => null],
    ['with an empty signature', () => ''],
    ['with a short signature', (signature) => signature.slice(0, -2)],
    ['with a long signature', (signature) => `${signature}00`],
    ['with a signature that is not hexadecimal', (signature) => `z${signature.slice(1)}`],
    ['with the signature sent twice', (signature) => [signature, signature]],
    [
      'with one digit of the signature changed',
      (signature) => (signature.startsWith('0') ? '1' : '0') + signature.slice(1),
    ],
    ['signed with another key', (_, body) => sign(body, 'sk_test_another0000000000000000000000000000000')],
    ['signed with an empty key', (_, body) => sign(body, '')],
    ['signed for an empty body', () => sign(Buffer.alloc(0), PAYSTACK_KEY)],
  ];

  test.each(forgeries)('%s is refused with 401 and changes nothing', async (_, forge) => {
    const { body, signature } = await untold();
    const before = await everything(shop.db);
    expect(await post(body, forge(signature, body))).toBe(401);
    expect(await everything(shop.db)).toBe(before);
  });

  test('with one byte of its body flipped, or with an amount of its own, is refused', async () => {
    const { body, signature } = await untold();
    const before = await everything(shop.db);
    const flipped = Buffer.from(body);
    flipped[flipped.length - 3] = (flipped.at(-3) ?? 0) ^ 1;
    expect(await post(flipped, signature)).toBe(401);
    expect(await post(Buffer.from(body.toString().replace(/"amount":\d+/, '"amount":1')), signature)).toBe(401);
    expect(await post(Buffer.concat([body, Buffer.from(' ')]), signature)).toBe(401);
    expect(await post(Buffer.alloc(0), signature)).toBe(401);
    expect(await everything(shop.db)).toBe(before);
  });

  test.each([
    ['none', []],
    ['a malformed one', ['x-paystack-signature: abc']],
    ['two', Array<string>(2).fill(`x-paystack-signature: ${'0'.repeat(128)}`)],
  ])('that bears %s as its signature is refused before its body is read, and hung up on', async (_, signature) => {
    const { hostname, port } = new URL(shop.url);
    const socket = connect(Number(port), hostname);
    const head = ['POST /webhooks/paystack HTTP/1.1', 'host: x', ...signature, 'content-length: 200000', '\r\n'];
    socket.write(head.join('\r\n'));
    // Ends only when the server closes the connection, because the body is never sent.
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 401 .*connection: close/is);
  });

  test('is answered the same for an order of ours and for none, so that it reveals nothing', async () => {
    const { txRef } = await untold();
    const answers = await Promise.all(
      [txRef, 'ord-NOBODYSORDER-1'].map(async (reference) => {
        const reply = await fetch(`${shop.url}/webhooks/paystack`, {
          method: 'POST',
          headers: { 'x-paystack-signature': 'ab'.repeat(64) },
          body: JSON.stringify({ event: 'charge.success', data: { reference } }),
        });
        const { error } = (await reply.json()) as { error: { requestId: string } };
        return { status: reply.status, error: { ...error, requestId: '' } };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
  });
});

describe('a rightly signed webhook', () => {
  test.each(['plain', 'spaced', 'escaped', 'float'] as const)(
    'in the %s encoding of the same JSON settles the order',
    async (webhookEncoding) => {
      shop.sandbox.setSwitches({ webhookEncoding });
      const checkout = await checkOut(shop);
      shop.sandbox.pay(checkout.txRef);
      await shop.sandbox.webhooksIdle();
      shop.sandbox.setSwitches({ webhookEncoding: 'plain' });
      expect((await orderOf(shop, checkout)).paymentStatus).toBe('paid');
      await work(shop);
      expect((await orderOf(shop, checkout)).status).toBe('confirmed');
      expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
    },
  );

  test('counts whatever its content type says', async () => {
    const checkout = await untold();
    expect(await post(checkout.body, checkout.signature, { contentType: 'text/plain' })).toBe(200);
    expect((await orderOf(shop, checkout)).paymentStatus).toBe('paid');
    await work(shop);
  });

  const strange: [string, string | Buffer][] = [
    ['of an unknown event', JSON.stringify({ event: 'subscription.create', data: { reference: 'ord-X-1' } })],
    ['about an unknown reference', JSON.stringify({ event: 'charge.success', data: { reference: 'ord-UNKNOWN-1' } })],
    ['with null data', JSON.stringify({ event: 'charge.success', data: null })],
    ['without data', JSON.stringify({ event: 'refund.processed' })],
    ['with a dispute of nothing', JSON.stringify({ event: 'charge.dispute.create', data: { transaction: null } })],
    ['whose reference is an operator', JSON.stringify({ event: 'charge.success', data: { reference: { $gt: '' } } })],
    ['that is an array', '[1,2,3]'],
    ['that is no JSON', '{"event": "charge.success", "data": {'],
    ['that is no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['that is empty', ''],
  ];

  test.each(strange)('%s is stored, ignored and answered 200', async (_, text) => {
    const orders = JSON.stringify(await shop.db.orders.find().lean());
    const stored = await shop.db.webhookEvents.countDocuments();
    const { body, signature } = signed(text);
    expect(await post(body, signature)).toBe(200);
    await shop.ctx.lateWork.ended();
    const received = shop.logged.findLast(({ event }) => event === 'webhook_received');
    expect(received).toMatchObject({ outcome: 'ignored' });
    await shop.ctx.lateWork.ended();
    expect(await shop.db.webhookEvents.countDocuments()).toBe(stored + 1);
    expect(await shop.db.webhookEvents.countDocuments({ dueAt: { $exists: true } })).toBe(0);
    expect(JSON.stringify(await shop.db.orders.find().lean())).toBe(orders);
  });

  test('of 256 kB is taken, of 1 MB is refused with 413 before it is stored', async () => {
    const padded = (bytes: number) => signed(JSON.stringify({ event: 'noise', data: 'x'.repeat(bytes) }));
    const stored = await shop.db.webhookEvents.countDocuments();
    const fits = padded(255 * 1024);
    expect(await post(fits.body, fits.signature)).toBe(200);
    const large = padded(1024 * 1024);
    expect(await post(large.body, large.signature)).toBe(413);
    expect(await shop.db.webhookEvents.countDocuments()).toBe(stored + 1);
  });

  test('keeps nothing of the payer: no card, no authorization, no address, no email', async () => {
    const checkout = await untold();
    await post(checkout.body, checkout.signature);
    await work(shop);
    const kept = JSON.stringify([
      await shop.db.webhookEvents.find({ reference: checkout.txRef }).lean(),
      (await orderOf(shop, checkout)).payments,
      shop.logged,
    ]);
    expect(kept).not.toMatch(/authorization_code|last4|"4081"|ip_address|customer_code|"bin"/);
    expect(kept).not.toContain(checkout.shopper.email);
  });
});

describe('while the database', () => {
  // A server of its own, because a failpoint applies to a whole server.
  let mongo: FaultyMongo;
  let faulty: Shop;
  beforeAll(async () => {
    mongo = await startFaultyMongo();
    faulty = await startTestShop({ env: { MONGODB_URI: mongo.uri }, context: { appName: VICTIM } });
  });
  afterEach(async () => {
    await mongo.heal();
    await expectAllConsistent(faulty);
  });
  afterAll(async () => {
    await faulty.stop();
    await mongo.stop();
  });
  const updates = () => ({ failCommands: ['update'], namespace: `${faulty.db.connection.name}.webhookevents` });

  test('cannot store a webhook, it is answered 503, and settles the order when Paystack sends it again', async () => {
    const checkout = await untold(faulty);
    await mongo.fail({ ...updates(), errorCode: 14_031 });
    expect(await post(checkout.body, checkout.signature, { at: faulty })).toBe(503);
    await mongo.heal();
    expect((await orderOf(faulty, checkout)).paymentStatus).toBe('unpaid');
    expect(await faulty.db.webhookEvents.countDocuments({ reference: checkout.txRef })).toBe(0);

    expect(await post(checkout.body, checkout.signature, { at: faulty })).toBe(200);
    await work(faulty);
    expect((await orderOf(faulty, checkout)).status).toBe('confirmed');
    expect(alerts(faulty)).toEqual([]);
  });

  test('is slow, a webhook is answered before its mark, and a stop waits for the mark', async () => {
    const checkout = await untold(faulty);
    await mongo.fail({ ...updates(), blockConnection: true, blockTimeMS: 200 });
    expect(await post(checkout.body, checkout.signature, { at: faulty })).toBe(200);
    const due = () => faulty.db.webhookEvents.countDocuments({ reference: checkout.txRef, dueAt: { $exists: true } });
    expect(await due()).toBe(1);
    // As a stop does.
    await faulty.ctx.lateWork.ended();
    expect(await due()).toBe(0);
  });
});
