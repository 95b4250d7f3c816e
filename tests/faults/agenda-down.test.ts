/** Agenda is down (Q8): its collection refuses writes or all commands, or no Agenda runs. The sweep replaces it. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { mailsOf, makeVariants, order, pay, settled } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let mongo: FaultyMongo;
let app: TestApp;
beforeAll(async () => {
  mongo = await startFaultyMongo();
  app = await startTestApp({
    worker: true,
    env: { MONGODB_URI: mongo.uri },
    config: { sweepEveryMs: 300 },
    context: { appName: VICTIM },
  });
}, 60_000);
afterEach(async () => {
  await mongo.heal();
  await assertInvariants(app);
});
afterAll(async () => {
  await app.stop();
  await mongo.stop();
});

const breakJobs = (failCommands: string[]) =>
  mongo.fail({ failCommands, namespace: `${app.db.connection.name}.${JOBS_COLLECTION}`, errorCode: 14_031 });

test.each([
  ['cannot be written', ['insert', 'update', 'findAndModify', 'delete', 'createIndexes']],
  ['cannot be used at all', ['find', 'aggregate', 'getMore', 'insert', 'update', 'findAndModify', 'delete', 'count']],
])(
  'while its collection %s, paid orders settle within a few sweeps, and refunds and emails go out once',
  async (_, commands) => {
    const [plenty, scarce] = await makeVariants(app, {}, { stock: 1 });
    await breakJobs(commands);
    const fine = await order(app, [[plenty, 1]]);
    const first = await order(app, [[scarce, 1]]);
    const second = await order(app, [[scarce, 1]]);
    for (const { txRef } of [fine, first, second]) expect(await pay(app, txRef)).toMatch(/^(paid|cancelled)$/);

    expect((await settled(app, fine.orderId)).status).toBe('confirmed');
    expect((await settled(app, first.orderId)).status).toBe('confirmed');
    expect((await settled(app, second.orderId)).status).toBe('cancelled');
    for (const { orderId } of [fine, first, second]) expect(await mailsOf(app, orderId)).toHaveLength(1);
    await eventually('the refund to be made', () => app.sandbox.transaction(second.txRef).refunds.length === 1);
    await eventually('the failure to be logged', () =>
      app.logged.some(({ source }) => String(source).startsWith('enqueue')),
    );

    await mongo.heal();
    const after = await order(app, [[plenty, 1]]);
    expect(await pay(app, after.txRef)).toBe('paid');
    expect((await settled(app, after.orderId)).status).toBe('confirmed');
    expect(await mailsOf(app, after.orderId)).toHaveLength(1);
  },
  60_000,
);

test('without Agenda, the sweep of a worker settles orders and sends their emails', async () => {
  const withoutAgenda = await startTestApp({ env: { MONGODB_URI: mongo.uri } });
  const { startTimers } = await import('../../jobs/agenda/timers.ts');
  withoutAgenda.ctx.config.sweepEveryMs = 200;
  const stopTimers = startTimers(withoutAgenda.ctx);
  try {
    const [item] = await makeVariants(withoutAgenda, {});
    const placed = await order(withoutAgenda, [[item, 1]]);
    expect(await pay(withoutAgenda, placed.txRef)).toBe('paid');
    expect((await settled(withoutAgenda, placed.orderId)).status).toBe('confirmed');
    expect(await mailsOf(withoutAgenda, placed.orderId)).toHaveLength(1);
    // The jobs stay in the collection, at most one of each name.
    const waiting = await withoutAgenda.db.connection
      .collection(JOBS_COLLECTION)
      .find({ lastFinishedAt: null })
      .toArray();
    expect(waiting.map(({ name }) => name).sort()).toEqual(['processOrderPayment', 'sendEmails']);
    await assertInvariants(withoutAgenda);
  } finally {
    await stopTimers();
    await withoutAgenda.stop();
  }
});
