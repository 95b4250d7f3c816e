/** Duplicate work (Q1–Q3): many workers, many job documents, and the race in which Agenda stores a job twice. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import type { RunningServer } from '../../server/process/start.ts';
import { makeVariants, order, pay, settled, stockOf } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startRival } from '../support/rival-worker.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const RIVALS = 3;

let app: TestApp;
let rivals: RunningServer[];
beforeEach(async () => {
  app = await startTestApp({ worker: true, config: { sweepEveryMs: 300 } });
  app.sandbox.setWebhookUrl(`${app.url}/webhooks/paystack`);
  rivals = await Promise.all(
    Array.from({ length: RIVALS }, (_, n) => startRival(app, { roles: ['worker'], appName: `rival-${n}` })),
  );
});
afterEach(async () => {
  await Promise.all(rivals.map((rival) => rival.stop()));
  await app.stop();
});

const jobs = () => app.db.connection.collection(JOBS_COLLECTION);
const dueJob = (name: string) => ({
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
const untilMailed = (count: number) => eventually(`${count} mails`, () => app.mailbox.mails().length >= count, 20_000);

test('four workers, each with its jobs and its sweep, settle thirty orders of one scarce variant once each and mail once', async () => {
  const [scarce, plenty] = await makeVariants(app, { stock: 20 }, { stock: 100 });
  const shoppers = await Promise.all(
    Array.from({ length: 30 }, () =>
      order(app, [
        [scarce, 1],
        [plenty, 1],
      ]),
    ),
  );
  for (const { txRef } of shoppers) app.sandbox.pay(txRef);
  const orders = await Promise.all(shoppers.map(({ orderId }) => settled(app, orderId)));
  expect(orders.filter(({ status }) => status === 'confirmed')).toHaveLength(20);
  expect(orders.filter(({ status }) => status === 'cancelled')).toHaveLength(10);
  expect([await stockOf(app, scarce), await stockOf(app, plenty)]).toEqual([0, 80]);
  await untilMailed(30);
  await eventually('ten refunds', () => app.sandbox.ledger().refunds.length >= 10, 20_000);
  expect(app.sandbox.ledger().refunds).toHaveLength(10);
  await assertInvariants(app);
}, 60_000);

test('fifty due documents of the job, shared by four workers, settle one order once', async () => {
  const [item] = await makeVariants(app, { stock: 3 });
  const { orderId, txRef } = await order(app, [[item, 1]]);
  app.sandbox.pay(txRef);
  await Promise.all([
    jobs().insertMany(Array.from({ length: 50 }, () => dueJob('processOrderPayment'))),
    pay(app, txRef),
  ]);
  expect((await settled(app, orderId)).status).toBe('confirmed');
  await untilRun('every job to be run');
  expect(await stockOf(app, item)).toBe(2);
  await untilMailed(1);
  await assertInvariants(app);
}, 60_000);

test('if a race stored each job twice, the second run finds nothing to do, and the next enqueue still starts one', async () => {
  const [item] = await makeVariants(app, { stock: 2 });
  const first = await order(app, [[item, 1]]);
  const second = await order(app, [[item, 2]]);
  const names = ['processOrderPayment', 'sendEmails', 'processRefunds'];
  await jobs().insertMany([...names, ...names].map(dueJob));
  await pay(app, first.txRef);
  expect((await settled(app, first.orderId)).status).toBe('confirmed');
  await untilRun('both documents of each job to be run');
  await pay(app, second.txRef);
  expect((await settled(app, second.orderId)).status).toBe('cancelled');
  await untilMailed(2);
  await eventually('the refund', () => app.sandbox.ledger().refunds.length > 0);
  expect(app.sandbox.ledger().refunds).toHaveLength(1);
  expect(app.mailbox.mails()).toHaveLength(2);
  await assertInvariants(app);
}, 60_000);
