/**
 * Agenda down (Q8): nothing can be stored in its collection, nothing read from it, or nobody runs it. Orders are
 * taken, paid and settled all the same, by the sweep, and when Agenda is back nothing happens twice.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { mailsOf, makeGoods, order, pay, settled } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let mongo: FaultyMongo;
let world: TestApp;
beforeAll(async () => {
  mongo = await startFaultyMongo();
  world = await startTestApp({
    worker: true,
    env: { MONGODB_URI: mongo.uri },
    config: { sweepEveryMs: 300 },
    context: { appName: VICTIM },
  });
}, 60_000);
afterEach(async () => {
  await mongo.heal();
  await assertInvariants(world);
});
afterAll(async () => {
  await world.stop();
  await mongo.stop();
});

const breakJobs = (failCommands: string[]) =>
  mongo.fail({ failCommands, namespace: `${world.db.connection.name}.${JOBS_COLLECTION}`, errorCode: 14_031 });

test.each([
  ['cannot be written', ['insert', 'update', 'findAndModify', 'delete', 'createIndexes']],
  ['cannot be used at all', ['find', 'aggregate', 'getMore', 'insert', 'update', 'findAndModify', 'delete', 'count']],
])(
  'while its collection %s, paid orders settle within a few sweeps, refunds and mails go out, and once',
  async (_, commands) => {
    const [plenty, scarce] = await makeGoods(world, {}, { stock: 1 });
    await breakJobs(commands);
    const fine = await order(world, [[plenty, 1]]);
    const first = await order(world, [[scarce, 1]]);
    const second = await order(world, [[scarce, 1]]);
    for (const { txRef } of [fine, first, second]) expect(await pay(world, txRef)).toMatch(/^(paid|cancelled)$/);

    expect((await settled(world, fine.orderId)).status).toBe('confirmed');
    expect((await settled(world, first.orderId)).status).toBe('confirmed');
    expect((await settled(world, second.orderId)).status).toBe('cancelled');
    for (const { orderId } of [fine, first, second]) expect(await mailsOf(world, orderId)).toHaveLength(1);
    await eventually('the refund to be made', () => world.sandbox.transaction(second.txRef).refunds.length === 1);
    await eventually('the failure to be told', () =>
      world.logged.some(({ source }) => String(source).startsWith('enqueue')),
    );

    await mongo.heal();
    const after = await order(world, [[plenty, 1]]);
    expect(await pay(world, after.txRef)).toBe('paid');
    expect((await settled(world, after.orderId)).status).toBe('confirmed');
    expect(await mailsOf(world, after.orderId)).toHaveLength(1);
  },
  60_000,
);

test('where Agenda was never started, the rounds of a worker settle and mail what the web took in', async () => {
  const deaf = await startTestApp({ env: { MONGODB_URI: mongo.uri } });
  const { startTimers } = await import('../../jobs/agenda/timers.ts');
  deaf.ctx.config.sweepEveryMs = 200;
  const stopTimers = startTimers(deaf.ctx);
  try {
    const [goods] = await makeGoods(deaf, {});
    const placed = await order(deaf, [[goods, 1]]);
    expect(await pay(deaf, placed.txRef)).toBe('paid');
    expect((await settled(deaf, placed.orderId)).status).toBe('confirmed');
    expect(await mailsOf(deaf, placed.orderId)).toHaveLength(1);
    // The triggers wait for somebody to run them, one of each kind at most.
    const waiting = await deaf.db.connection.collection(JOBS_COLLECTION).find({ lastFinishedAt: null }).toArray();
    expect(waiting.map(({ name }) => name).sort()).toEqual(['processOrderPayment', 'sendEmails']);
    await assertInvariants(deaf);
  } finally {
    await stopTimers();
    await deaf.stop();
  }
});
