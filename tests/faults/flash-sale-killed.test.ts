/** A flash sale whose workers are killed again and again: the books are exact, and all is quiet soon after the last payment. */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RoleProcess } from '../../dev/cluster/role-process.ts';
import { makeVariants, order, stockOf } from '../support/checkouts.ts';
import { compileEntry } from '../support/compile-entry.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { SHARED_JWT_SECRET, startRoleOf } from '../support/role-of-app.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { untilAtRest } from './chaos/rest.ts';

const SHOPPERS = 300;
const UNITS = 100;
/** A worker is killed after each so many payments. */
const PAYMENTS_BETWEEN_KILLS = 30;
const QUIET_WITHIN_MS = 35_000;

let entry: string;
let app: TestApp;
const workers: RoleProcess[] = [];
beforeAll(async () => {
  entry = await compileEntry('tests/faults/chaos/role-entry.ts');
  app = await startTestApp({ env: { JWT_SECRET: SHARED_JWT_SECRET } });
  app.sandbox.setWebhookUrl(`${app.url}/webhooks/paystack`);
  workers.push(...(await Promise.all([startWorker(), startWorker()])));
}, 60_000);
afterAll(async () => {
  for (const worker of workers) worker.signal('SIGKILL');
  await Promise.all(workers.map(({ exited }) => exited));
  await app.stop();
  await rm(dirname(entry), { recursive: true, force: true });
}, 60_000);

function startWorker(): Promise<RoleProcess> {
  return startRoleOf(app, {
    name: 'worker',
    entry,
    env: { ROLES: 'worker' },
    clock: { since: 0, factor: 1 },
    skewMs: 0,
  });
}

/** The other worker goes on meanwhile. */
async function killOne(): Promise<void> {
  const [dying] = workers.splice(0, 1);
  dying?.signal('SIGKILL');
  await dying?.exited;
  workers.push(await startWorker());
}

async function placeAll(): Promise<{ txRefs: string[]; left: () => Promise<number> }> {
  const [item] = await makeVariants(app, { stock: UNITS });
  const txRefs: string[] = [];
  for (let placed = 0; placed < SHOPPERS; placed += 25)
    txRefs.push(...(await Promise.all(Array.from({ length: 25 }, async () => (await order(app, [[item, 1]])).txRef))));
  return { txRefs, left: () => stockOf(app, item) };
}

test('of 300 shoppers 100 get the units and 200 their money, with ten workers killed, and all is quiet within 35 s', async () => {
  const { txRefs, left } = await placeAll();
  let kills: Promise<unknown> = Promise.resolve();
  for (const [index, txRef] of txRefs.entries()) {
    app.sandbox.pay(txRef);
    if (index % PAYMENTS_BETWEEN_KILLS === PAYMENTS_BETWEEN_KILLS - 1) {
      await kills;
      kills = killOne();
    }
  }
  const lastPaidAt = performance.now();
  await kills;
  const leftMs = () => QUIET_WITHIN_MS - (performance.now() - lastPaidAt);
  const refunds = () => app.sandbox.ledger().refunds.length;
  await eventually('the refunds to be at Paystack', () => refunds() === SHOPPERS - UNITS, leftMs());
  app.sandbox.finishRefunds();
  expect((await untilAtRest(app.db, app.sandbox, leftMs())).unrest).toEqual([]);

  const counted = await app.db.orders.aggregate([{ $group: { _id: '$status', count: { $sum: 1 } } }]);
  expect(Object.fromEntries(counted.map(({ _id, count }) => [_id, count]))).toEqual({
    confirmed: UNITS,
    cancelled: SHOPPERS - UNITS,
  });
  expect(await left()).toBe(0);
  // A sender that dies between sending and marking sends once more.
  await assertInvariants(app, { copies: 'allowed' });
}, 180_000);
