/**
 * Many who do the same (Q1–Q3): the job fifty times over, four workers on one database, and the race in which Agenda
 * stores two triggers where one was meant. Each has one effect.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import type { RunningServer } from '../../server/process/start.ts';
import { makeGoods, order, pay, settled, stockOf } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startRival } from '../support/rival-worker.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const RIVALS = 3;

let world: TestApp;
let rivals: RunningServer[];
beforeEach(async () => {
  world = await startTestApp({ worker: true, config: { sweepEveryMs: 300 } });
  world.sandbox.setWebhookUrl(`${world.url}/webhooks/paystack`);
  rivals = await Promise.all(
    Array.from({ length: RIVALS }, (_, n) => startRival(world, { roles: ['worker'], appName: `rival-${n}` })),
  );
});
afterEach(async () => {
  await Promise.all(rivals.map((rival) => rival.stop()));
  await world.stop();
});

const jobs = () => world.db.connection.collection(JOBS_COLLECTION);
const waitingTrigger = (name: string) => ({
  name,
  type: 'normal',
  priority: 0,
  nextRunAt: new Date(0),
  lockedAt: null,
  disabled: null,
  data: {},
});
const untilRun = (what: string) =>
  eventually(what, async () => (await jobs().countDocuments({ nextRunAt: { $ne: null } })) === 0, 20_000);
const untilMailed = (count: number) =>
  eventually(`${count} mails`, () => world.mailbox.mails().length >= count, 20_000);

test('four workers, each with its jobs and its sweep, settle thirty orders of one scarce variant once each and mail once', async () => {
  const [scarce, plenty] = await makeGoods(world, { stock: 20 }, { stock: 100 });
  const shoppers = await Promise.all(
    Array.from({ length: 30 }, () =>
      order(world, [
        [scarce, 1],
        [plenty, 1],
      ]),
    ),
  );
  for (const { txRef } of shoppers) world.sandbox.pay(txRef);
  const orders = await Promise.all(shoppers.map(({ orderId }) => settled(world, orderId)));
  expect(orders.filter(({ status }) => status === 'confirmed')).toHaveLength(20);
  expect(orders.filter(({ status }) => status === 'cancelled')).toHaveLength(10);
  expect([await stockOf(world, scarce), await stockOf(world, plenty)]).toEqual([0, 80]);
  await untilMailed(30);
  await eventually('ten refunds', () => world.sandbox.ledger().refunds.length >= 10, 20_000);
  expect(world.sandbox.ledger().refunds).toHaveLength(10);
  await assertInvariants(world);
}, 60_000);

test('fifty triggers of the job, all waiting at once among four workers, settle one order once', async () => {
  const [goods] = await makeGoods(world, { stock: 3 });
  const { orderId, txRef } = await order(world, [[goods, 1]]);
  world.sandbox.pay(txRef);
  await Promise.all([
    jobs().insertMany(Array.from({ length: 50 }, () => waitingTrigger('processOrderPayment'))),
    pay(world, txRef),
  ]);
  expect((await settled(world, orderId)).status).toBe('confirmed');
  await untilRun('every trigger to be run');
  expect(await stockOf(world, goods)).toBe(2);
  await untilMailed(1);
  await assertInvariants(world);
}, 60_000);

test('where a race stored two triggers of each job, the second finds nothing to do, and the next enqueue still wakes one', async () => {
  const [goods] = await makeGoods(world, { stock: 2 });
  const first = await order(world, [[goods, 1]]);
  const second = await order(world, [[goods, 2]]);
  const names = ['processOrderPayment', 'sendEmails', 'processRefunds'];
  await jobs().insertMany([...names, ...names].map(waitingTrigger));
  await pay(world, first.txRef);
  expect((await settled(world, first.orderId)).status).toBe('confirmed');
  await untilRun('both triggers of each job to be run');
  await pay(world, second.txRef);
  expect((await settled(world, second.orderId)).status).toBe('cancelled');
  await untilMailed(2);
  await eventually('the refund', () => world.sandbox.ledger().refunds.length > 0);
  expect(world.sandbox.ledger().refunds).toHaveLength(1);
  expect(world.mailbox.mails()).toHaveLength(2);
  await assertInvariants(world);
}, 60_000);
