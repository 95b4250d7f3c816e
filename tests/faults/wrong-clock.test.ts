/** A machine whose clock is an hour wrong (Q6), as a real process with both roles. */

import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import type { RoleProcess } from '../../dev/cluster/role-process.ts';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import {
  ADDRESS,
  fillCart,
  mailsOf,
  makeVariants,
  newCheckoutKey,
  order,
  readOrder,
  settled,
} from '../support/checkouts.ts';
import { compileEntry } from '../support/compile-entry.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { SHARED_JWT_SECRET, startRoleOf } from '../support/role-of-app.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const HOUR_MS = 3_600_000;
/** Tolerance for the round trip to the database and for a busy machine. */
const AGREES_WITHIN_MS = 15_000;

let entry: string;
beforeAll(async () => {
  entry = await compileEntry('tests/faults/chaos/role-entry.ts');
}, 60_000);
afterAll(() => rm(dirname(entry), { recursive: true, force: true }));

/** The only worker is on the machine with the wrong clock. Its sweep runs every second. */
function startWrongMachine(app: TestApp, skewMs: number): Promise<RoleProcess> {
  return startRoleOf(app, {
    name: 'wrong',
    entry,
    env: { ROLES: 'web,worker', STOCK_HOLD_MINUTES: '30', CALLS_PER_MINUTE: '1000000' },
    clock: { since: 0, factor: 1 },
    skewMs,
  });
}

const isNow = (at: Date | undefined) => Math.abs((at?.getTime() ?? 0) - Date.now()) < AGREES_WITHIN_MS;

/** Waits for `rounds` sweeps. Each sweep recreates missing indexes of the jobs, which shows that it ran. */
async function untilSwept(app: TestApp, rounds: number): Promise<void> {
  const jobs = app.db.connection.collection(JOBS_COLLECTION);
  for (let round = 0; round < rounds; round += 1) {
    await jobs.dropIndex('failed');
    await eventually('a round of the sweep', async () => (await jobs.indexes()).some(({ name }) => name === 'failed'));
  }
}

/** Sends the checkout to `url` with a token from the machine with the right clock. */
async function checkOutAt(url: string, app: TestApp): Promise<{ orderId: string; txRef: string }> {
  const [item] = await makeVariants(app, {});
  const shopper = await app.signUp();
  await fillCart(shopper, [[item, 1]]);
  const reply = await fetch(`${url}/orders/initialize-payment/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shopper.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() }),
  });
  expect(reply.status).toBe(200);
  return (await reply.json()) as { orderId: string; txRef: string };
}

describe.each([
  ['an hour fast', HOUR_MS],
  ['an hour slow', -HOUR_MS],
])('a machine that is %s', (_, skewMs) => {
  let app: TestApp;
  let wrong: RoleProcess;
  beforeAll(async () => {
    app = await startTestApp({ env: { STOCK_HOLD_MINUTES: '30', JWT_SECRET: SHARED_JWT_SECRET } });
    wrong = await startWrongMachine(app, skewMs);
    app.sandbox.setWebhookUrl(`${wrong.url}/webhooks/paystack`);
  }, 60_000);
  afterAll(async () => {
    wrong.signal('SIGTERM');
    await wrong.exited;
    await assertInvariants(app);
    await app.stop();
  }, 60_000);

  async function buyAtIt() {
    const placed = await checkOutAt(wrong.url ?? '', app);
    app.sandbox.pay(placed.txRef);
    const order = await settled(app, placed.orderId);
    await mailsOf(app, placed.orderId);
    const email = await eventually('the email to be marked', () =>
      app.db.emails.findOne({ orderId: order._id, state: 'sent' }).lean(),
    );
    return { order, email };
  }

  test('takes an order, records its payment, settles it and sends its email, each with the right date', async () => {
    const { order, email } = await buyAtIt();
    expect(order.status).toBe('confirmed');
    for (const at of [
      order._id.getTimestamp(),
      order.createdAt,
      email.sentAt,
      ...order.history.map((entry) => entry.at),
    ])
      expect(isNow(at)).toBe(true);
  }, 40_000);

  test('releases no reservation, expires no order and verifies no payment early', async () => {
    const [item] = await makeVariants(app, { stock: 4 });
    const { orderId, txRef } = await order(app, [[item, 3]]);
    await untilSwept(app, 3);
    expect(await readOrder(app, orderId)).toMatchObject({ status: 'pending', reservation: 'reserved' });
    expect(await app.db.variants.findById(item.variantId).lean()).toMatchObject({ stock: 1, reserved: 3 });
    expect(app.sandbox.requests({ route: 'verify', reference: txRef })).toEqual([]);
  }, 40_000);

  test('sends no email that another process has claimed', async () => {
    const { email } = await buyAtIt();
    // A claim of another process that expires in a minute; an early takeover would send a second copy.
    const claim = { state: 'queued' as const, claimedBy: 'another', dueAt: new Date(Date.now() + 60_000) };
    await app.db.emails.updateOne({ _id: email._id }, { $set: claim, $unset: { sentAt: 1 } });
    await untilSwept(app, 3);
    expect(app.mailbox.mails({ key: email._id })).toHaveLength(1);
    await app.db.emails.updateOne(
      { _id: email._id },
      { $set: { state: 'sent', sentAt: new Date() }, $unset: { dueAt: 1, claimedBy: 1 } },
    );
  }, 40_000);

  test('claims a refund for two minutes of the database clock, and does not retry it earlier', async () => {
    const { order } = await buyAtIt();
    const repair = app.sandbox.script({ route: 'refund.list', fault: { kind: 'status', status: 500 } });
    const staff = await app.signUp({ role: 'owner' });
    await staff.client.admin.refund.mutate({ key: newActionKey(), id: String(order._id), note: 'returned' });
    const [refund] = await eventually('the first try to fail', async () => {
      const { refunds } = await readOrder(app, String(order._id));
      return refunds[0]?.lastError !== undefined && refunds;
    });
    repair();
    const waitMs = (refund?.dueAt?.getTime() ?? 0) - Date.now();
    expect(waitMs).toBeGreaterThan(120_000 - AGREES_WITHIN_MS);
    expect(waitMs).toBeLessThan(120_000 + AGREES_WITHIN_MS);
    await untilSwept(app, 2);
    expect(app.sandbox.requests({ route: 'refund.create' })).toEqual([]);
  }, 60_000);
});
