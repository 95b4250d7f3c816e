/** The state of the jobs as managers read it: last outcomes, failures with their orders, and a sweep by a press. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { startTimers } from '../../jobs/agenda/timers.ts';
import { eventually } from '../support/eventually.ts';
import { makeCatalogue, makePaidOrder } from '../support/orders.ts';
import { errorCodeOf } from '../support/shopping.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let manager: SignedIn;
beforeEach(async () => {
  app = await startTestApp({ worker: true, env: { SWEEP_SECONDS: '3600' } });
  manager = await app.signUp({ role: 'manager' });
});
afterEach(() => app.stop());

const read = () => manager.client.admin.jobs.query();
const sweepOf = (state: Awaited<ReturnType<typeof read>>) => state.jobs.find(({ name }) => name === 'sweep');

test('each kind of job and each round is listed, also before its first run', async () => {
  const { jobs, rounds } = await read();
  expect(jobs.map(({ name }) => name)).toEqual([
    'processOrderPayment',
    'sendEmails',
    'processRefunds',
    'processDisputes',
    'sweep',
    'reconcilePaystack',
  ]);
  expect(rounds.map(({ name }) => name)).toEqual(['sweep', 'settlement', 'audit', 'reconcilePaystack']);
  expect(sweepOf(await read())).toEqual({
    name: 'sweep',
    runs: 0,
    failures: 0,
    waiting: 0,
    running: false,
    last: null,
  });
});

test('a press of a sweep is done by a worker, which tells its outcome; two presses at once are no more than two sweeps', async () => {
  const pressed = await Promise.all([manager.client.admin.runSweep.mutate(), manager.client.admin.runSweep.mutate()]);
  expect(pressed).toEqual([{ lastAt: null }, { lastAt: null }]);
  const state = await eventually('the sweep’s end', async () => {
    const sweep = sweepOf(await read());
    return sweep?.last !== null && sweep?.waiting === 0 && !sweep.running ? sweep : null;
  });
  expect(state.last).toEqual({ at: expect.any(String), summary: 'nothing found', failed: false });
  expect(state.runs).toBeLessThanOrEqual(2);
  const again = await manager.client.admin.runSweep.mutate();
  expect(again.lastAt).toBe(state.last?.at);
});

test('a failed run, and an order whose work waits for staff, are among the failures with the order’s code', async () => {
  const [variant] = await makeCatalogue(app.db);
  if (!variant) throw new Error('no variant was made');
  const [failed, parked] = [
    await makePaidOrder(app.db, { lines: [{ variant, quantity: 1 }] }),
    await makePaidOrder(app.db, { lines: [{ variant, quantity: 1 }] }),
  ];
  const [at, earlier] = [new Date(), new Date(Date.now() - 1_000)];
  const failure = { job: 'processOrderPayment' as const, error: 'Error: planted', at: earlier, times: 8 };
  const settlement = { attempts: 8, lastError: 'Error: planted', parkedAt: at };
  await app.db.orders.updateOne({ _id: parked._id }, { $set: { settlement, failures: [failure] } });
  await app.db.connection.collection(JOBS_COLLECTION).insertMany([
    {
      name: 'processRefunds',
      nextRunAt: null,
      lockedAt: null,
      lastFinishedAt: at,
      failedAt: at,
      failReason: 'the run broke',
      data: { orderId: String(failed._id) },
    },
    { name: 'sendEmails', nextRunAt: null, lockedAt: null, lastFinishedAt: earlier, failedAt: earlier, data: {} },
  ]);
  const { failures, jobs } = await read();
  expect(failures.slice(0, 3)).toEqual([
    {
      job: 'processRefunds',
      at: at.toISOString(),
      error: 'the run broke',
      times: 1,
      order: { id: String(failed._id), code: failed.code },
    },
    expect.objectContaining({ job: 'sendEmails', order: null, error: 'unknown error' }),
    {
      job: 'processOrderPayment',
      at: earlier.toISOString(),
      error: 'Error: planted',
      times: 8,
      order: { id: String(parked._id), code: parked.code },
    },
  ]);
  expect(jobs.find(({ name }) => name === 'processRefunds')).toMatchObject({
    failures: 1,
    last: { failed: true, summary: 'the run broke' },
  });
});

test('a round of a worker’s timer leaves its outcome, and a failed one its error', async () => {
  const roundOf = async (name: string) => (await read()).rounds.find((round) => round.name === name)?.last ?? null;
  const often = { ...app.ctx.config, sweepEveryMs: 20 };
  const stop = startTimers({ ...app.ctx, config: often });
  await eventually('a round of the sweep', async () => (await roundOf('sweep'))?.failed === false);
  await stop();
  const broken = {
    ...app.ctx,
    config: often,
    stopping: {
      get signal(): AbortSignal {
        throw new Error('planted');
      },
    },
  };
  const stopBroken = startTimers(broken);
  await eventually('a failed round', async () => (await roundOf('sweep'))?.failed);
  await stopBroken();
  expect(await roundOf('sweep')).toMatchObject({ failed: true, summary: 'Error: planted' });
});

test('only owners and managers read the jobs and press a sweep', async () => {
  for (const role of ['support', 'packer', 'customer'] as const) {
    const { admin } = (await app.signUp({ role })).client;
    expect([role, await errorCodeOf(admin.jobs.query())]).toEqual([role, 'FORBIDDEN']);
    expect([role, await errorCodeOf(admin.runSweep.mutate())]).toEqual([role, 'FORBIDDEN']);
  }
});
