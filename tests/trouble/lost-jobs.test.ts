/**
 * Jobs only speed up work that the documents define. With the jobs' collection emptied or dropped, the sweep does all
 * of it later.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { mailsOf, makeVariants, order, pay, readOrder, settled } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(() => assertInvariants(app));
afterAll(() => app.stop());

const jobsOf = ({ db }: TestApp) => db.connection.collection(JOBS_COLLECTION);

test.each([
  ['emptied', () => jobsOf(app).deleteMany({})],
  ['dropped', () => jobsOf(app).drop()],
])('with the jobs %s after a payment, the sweep settles the order and sends its mail', async (_how, lose) => {
  const [item] = await makeVariants(app, {});
  const { orderId, txRef } = await order(app, [[item, 1]]);
  await pay(app, txRef);
  expect(await jobsOf(app).countDocuments({ name: 'processOrderPayment' })).toBeGreaterThan(0);
  await lose();

  await runSweepOnce(app.ctx);
  expect((await readOrder(app, orderId)).status).toBe('confirmed');
  expect(await mailsOf(app, orderId)).toHaveLength(1);
  const { found } = await runSweepOnce(app.ctx);
  expect(Object.entries(found).filter(([, count]) => count > 0)).toEqual([]);
});

test('with jobs lost again and again while orders are paid, a worker settles them all and mails once', async () => {
  const robbed = await startTestApp({ worker: true, config: { sweepEveryMs: 200 } });
  try {
    const [item] = await makeVariants(robbed, { stock: 12 });
    const placed = await Promise.all(Array.from({ length: 12 }, () => order(robbed, [[item, 1]])));
    for (const [index, { txRef }] of placed.entries()) {
      const lost = index % 3 === 2 ? jobsOf(robbed).drop() : jobsOf(robbed).deleteMany({});
      await Promise.all([pay(robbed, txRef), lost.catch(() => undefined)]);
    }
    for (const { orderId } of placed) expect((await settled(robbed, orderId)).status).toBe('confirmed');
    for (const { orderId } of placed) await mailsOf(robbed, orderId);
    expect(robbed.mailbox.mails()).toHaveLength(12);
    await assertInvariants(robbed);
  } finally {
    await robbed.stop();
  }
});

test('payments whose wake-ups die with their process are settled within seconds', async () => {
  const worker = await startTestApp({ worker: true });
  const dying = await startTestApp({ dbName: worker.db.connection.name });
  try {
    // The announcements to a run are gone when its process is killed.
    dying.ctx.jobs.enqueueSettlement = async () => undefined;
    const [item] = await makeVariants(worker, {});
    const { orderId, txRef } = await order(dying, [[item, 1]]);
    await pay(dying, txRef);
    expect((await settled(worker, orderId)).status).toBe('confirmed');
    await mailsOf(worker, orderId);
  } finally {
    await Promise.all([dying.stop(), worker.stop()]);
  }
});

test('with every trigger lost, a worker settles and mails by its own rounds of the sweep', async () => {
  const deaf = await startTestApp({ worker: true, config: { sweepEveryMs: 200 } });
  try {
    const [item] = await makeVariants(deaf, {});
    const placed = await order(deaf, [[item, 1]]);
    deaf.ctx.jobs.enqueueSettlement = async () => undefined;
    deaf.ctx.jobs.enqueueEmails = async () => undefined;
    await pay(deaf, placed.txRef);
    expect((await settled(deaf, placed.orderId)).status).toBe('confirmed');
    expect(await mailsOf(deaf, placed.orderId)).toHaveLength(1);
    // The process of a settlement sends its own emails; this one waits for a sweep.
    deaf.ctx.jobs.enqueueRefunds = async () => undefined;
    const cancelled = await order(deaf, [[item, 1]]);
    await cancelled.shopper.client.orders.cancel.mutate({ id: cancelled.orderId });
    expect(await mailsOf(deaf, cancelled.orderId)).toHaveLength(1);
    expect(await jobsOf(deaf).countDocuments()).toBe(0);
    await assertInvariants(deaf);
  } finally {
    await deaf.stop();
  }
});

test('a job that is running absorbs no wake-up of another process', async () => {
  const jobs = jobsOf(app);
  const name = 'processOrderPayment';
  await jobs.deleteMany({});
  await jobs.insertOne({ name, type: 'normal', priority: 0, data: {}, lockedAt: new Date(), nextRunAt: new Date(0) });
  await app.ctx.jobs.enqueueSettlement({});
  await app.ctx.jobs.enqueueSettlement({});
  // The second one is absorbed by the first, which waits.
  expect(await jobs.countDocuments({ name, lockedAt: null, nextRunAt: { $ne: null } })).toBe(1);
  await jobs.deleteMany({});
});

test('of a burst one wake-up is stored at once and the next not within 50 ms, for each job by itself', async () => {
  const { jobs } = app.ctx;
  const stored: string[] = [];
  const beganAt = performance.now();
  await Promise.all([
    jobs.enqueueEmails().then(() => stored.push('first emails')),
    jobs.enqueueEmails().then(() => stored.push('second emails')),
    jobs.enqueueDisputes().then(() => stored.push('disputes')),
  ]);
  // A timer may fire within the millisecond before its time.
  expect(performance.now() - beganAt).toBeGreaterThanOrEqual(49);
  expect(stored.at(-1)).toBe('second emails');
});

test('a payment that comes while a run is at its end is not lost', async () => {
  const eager = await startTestApp({ worker: true });
  try {
    const [item] = await makeVariants(eager, {});
    const first = await order(eager, [[item, 1]]);
    const second = await order(eager, [[item, 1]]);
    const { emailSender } = eager.ctx;
    let running: Promise<number> | undefined;
    // The run has committed what it read, and learns of this payment in memory.
    eager.ctx.emailSender = {
      ...emailSender,
      send(emails) {
        eager.ctx.emailSender = emailSender;
        running = jobsOf(eager).countDocuments({ name: 'processOrderPayment', lockedAt: { $ne: null } });
        void pay(eager, second.txRef);
        emailSender.send(emails);
      },
    };
    await pay(eager, first.txRef);
    await settled(eager, first.orderId);
    expect((await settled(eager, second.orderId)).status).toBe('confirmed');
    expect(await running).toBe(1);
    await eventually('both mails', () => eager.mailbox.mails().length === 2);
    await assertInvariants(eager);
  } finally {
    await eager.stop();
  }
});
