/** Faults of the replica set (D6–D8): two of three members killed, the primary paused or stepped down. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { type EmbeddedMember, type EmbeddedMongo, startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import {
  checkout,
  fillCart,
  makeVariants,
  newCheckoutKey,
  order,
  readOrder,
  type StockedVariant,
  settled,
} from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';
import { timedGet, timedWebhook } from './timed-calls.ts';

/** The deadline of a procedure, with reserve for a machine that runs three mongods. */
const API_WITHIN_MS = 5_500 + 4_000;
const WEBHOOK_WITHIN_MS = 28_000;
/** Members must start, elect a primary and catch up. */
const HEALS_WITHIN_MS = 60_000;

let mongo: EmbeddedMongo;
let app: TestApp;
let item: StockedVariant;
beforeAll(async () => {
  mongo = await startEmbeddedMongo({ dbPath: 'ephemeral', members: 3 });
  app = await startTestApp({ worker: true, env: { MONGODB_URI: mongo.uri }, config: { sweepEveryMs: 500 } });
  [item] = await makeVariants(app, {});
}, 90_000);
afterAll(async () => {
  await app.stop();
  await mongo.stop();
}, 60_000);

async function command({ port }: EmbeddedMember, what: object): Promise<Record<string, unknown>> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1_000,
  });
  return client
    .db('admin')
    .command({ ...what })
    .finally(() => client.close());
}

async function findPrimary(): Promise<EmbeddedMember> {
  return eventually('a primary', async () => {
    for (const member of mongo.members) {
      const hello = await command(member, { hello: 1 }).catch(() => null);
      if (hello?.isWritablePrimary === true) return member;
    }
    return null;
  });
}

/** Sends the same bytes until they are acknowledged, as Paystack does. */
const untilAcknowledged = (txRef: string) =>
  eventually(
    'the webhook to be accepted',
    async () => (await timedWebhook(app, txRef)).status === 200,
    HEALS_WITHIN_MS,
  );

const bodyOf = (error: unknown) => (error instanceof Error && 'data' in error ? error.data : String(error));

async function shopperWithCart(): Promise<{ shopper: SignedIn; start: () => ReturnType<typeof checkout> }> {
  const shopper = await app.signUp();
  await fillCart(shopper, [[item, 1]]);
  const checkoutKey = newCheckoutKey();
  return { shopper, start: () => checkout(shopper, { checkoutKey }) };
}

describe.each([
  ['both secondaries', true],
  ['the primary and a secondary', false],
])('with %s killed', (_, sparesPrimary) => {
  test('writes are refused with 503 in time, nothing acknowledged is lost, and orders settle when they are back', async () => {
    const before = await order(app, [[item, 1]]);
    app.sandbox.pay(before.txRef, { webhook: 'lose' });
    expect((await timedWebhook(app, before.txRef)).status).toBe(200);
    const during = await order(app, [[item, 1]]);
    app.sandbox.pay(during.txRef, { webhook: 'lose' });
    const { shopper, start } = await shopperWithCart();

    const primary = await findPrimary();
    const secondaries = mongo.members.filter((member) => member !== primary);
    const victims = sparesPrimary ? secondaries : [primary, ...secondaries.slice(0, 1)];
    await Promise.all(victims.map((member) => member.kill('SIGKILL')));
    const beganAt = performance.now();
    const [refusal, webhook, livez] = await Promise.all([
      start().then(
        () => 'acknowledged',
        (error: unknown) => ({ error: bodyOf(error), tookMs: performance.now() - beganAt }),
      ),
      timedWebhook(app, during.txRef),
      timedGet(`${app.opsUrl}/livez`),
    ]);
    expect(refusal).toMatchObject({ error: { code: 'OVERLOADED', httpStatus: 503 } });
    expect(typeof refusal === 'object' && refusal.tookMs).toBeLessThan(API_WITHIN_MS);
    expect(webhook).toMatchObject({ status: 503 });
    expect(webhook.tookMs).toBeLessThan(WEBHOOK_WITHIN_MS);
    expect(livez.status).toBe(200);

    await Promise.all(victims.map((member) => member.restart()));
    const placed = await eventually('the same checkout', () => start().catch(() => null), HEALS_WITHIN_MS);
    expect(await app.db.orders.countDocuments({ userId: shopper.id })).toBe(1);
    app.sandbox.pay(placed.txRef, { webhook: 'lose' });
    for (const { txRef } of [during, placed]) await untilAcknowledged(txRef);
    for (const { orderId } of [before, during, placed])
      await eventually('the order to settle', () => settled(app, orderId).catch(() => null), HEALS_WITHIN_MS);
    for (const { orderId } of [before, during, placed])
      expect((await readOrder(app, orderId)).status).toBe('confirmed');
    await assertInvariants(app, { copies: 'allowed' });
  }, 180_000);
});

/** Each starts the fault and returns the function that ends it. */
const PRIMARY_FAULTS: [string, (primary: EmbeddedMember) => Promise<() => Promise<void>>][] = [
  [
    'is paused for eight seconds',
    async (primary) => {
      await primary.kill('SIGSTOP');
      const wakes = setTimeout(() => void primary.kill('SIGCONT'), 8_000);
      return async () => {
        clearTimeout(wakes);
        await primary.kill('SIGCONT');
      };
    },
  ],
  [
    'steps down',
    async (primary) => {
      await command(primary, { replSetStepDown: 10, force: true }).catch(() => null);
      return async () => undefined;
    },
  ],
];

test.each(PRIMARY_FAULTS)(
  'a primary that %s is replaced; no acknowledged order is lost and no shopper pays twice',
  async (_, begin) => {
    const shoppers = await Promise.all(Array.from({ length: 6 }, shopperWithCart));
    const end = await begin(await findPrimary());
    try {
      const bought = await Promise.all(
        shoppers.map(async ({ shopper, start }) => {
          const placed = await eventually('a page', () => start().catch(() => null), HEALS_WITHIN_MS);
          app.sandbox.pay(placed.txRef, { webhook: 'lose' });
          await untilAcknowledged(placed.txRef);
          return { shopper, orderId: placed.orderId };
        }),
      );
      for (const { shopper, orderId } of bought) {
        const order = await eventually(
          'the order to settle',
          () => settled(app, orderId).catch(() => null),
          HEALS_WITHIN_MS,
        );
        expect(order.status).toBe('confirmed');
        expect(await app.db.orders.countDocuments({ userId: shopper.id })).toBe(1);
      }
      await assertInvariants(app, { copies: 'allowed' });
    } finally {
      await end();
    }
  },
  180_000,
);
