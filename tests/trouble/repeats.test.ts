/** Repeats of any action, concurrent or sequential, in one process or two, have the effect of one. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import {
  checkout,
  fillCart,
  mailsOf,
  makeVariants,
  order,
  pay,
  readOrder,
  returnFromPaystack,
  settled,
  stockOf,
} from '../support/checkouts.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startRival } from '../support/rival-worker.ts';
import { fakeClock, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(() => assertInvariants(app));
afterAll(() => app.stop());

const times = <T>(count: number, act: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => act(i)));
const confirmations = async (orderId: string) =>
  (await readOrder(app, orderId)).history.filter(
    ({ from, to }) => from?.status === 'pending' && to.status === 'confirmed',
  );

test('a hundred concurrent returns from Paystack verify once, settle once and send one email', async () => {
  const busy = await startTestApp({ worker: true });
  try {
    const [item] = await makeVariants(busy, { stock: 5 });
    const { orderId, txRef } = await order(busy, [[item, 2]]);
    busy.sandbox.pay(txRef);
    const { verifications } = busy.ctx;
    // The clock stands still, so a slow machine may process the last of them as late as it must.
    busy.ctx.verifications = new SingleFlight(1, fakeClock());
    const answers = await times(100, () => returnFromPaystack(busy, txRef));
    busy.ctx.verifications = verifications;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['paid']));
    expect(busy.sandbox.requests({ route: 'verify', reference: txRef })).toHaveLength(1);
    await settled(busy, orderId);
    await mailsOf(busy, orderId);
    await times(20, () => returnFromPaystack(busy, txRef));

    expect(busy.sandbox.requests({ route: 'verify', reference: txRef })).toHaveLength(1);
    expect(await stockOf(busy, item)).toBe(3);
    expect(await busy.db.stockMovements.countDocuments({ reason: 'sale' })).toBe(1);
    expect(await busy.db.emails.countDocuments()).toBe(1);
    expect(busy.mailbox.attempts()).toHaveLength(1);
    await assertInvariants(busy);
  } finally {
    await busy.stop();
  }
});

test('fifty runs of processOrderPayment at once, by two processes, settle one order once', async () => {
  const rival = await startRival(app, { roles: [] });
  try {
    const [item] = await makeVariants(app, { stock: 5 });
    const { orderId, txRef } = await order(app, [[item, 1]]);
    await pay(app, txRef);
    const runs = await times(50, (index) =>
      runSettlementOnce(index % 2 === 0 ? app.ctx : rival.ctx, { orderId, txRef }),
    );
    expect(runs.reduce((total, { confirmed }) => total + confirmed, 0)).toBe(1);
    expect(await confirmations(orderId)).toHaveLength(1);
    expect(await stockOf(app, item)).toBe(4);
    expect(await app.db.emails.countDocuments({ orderId })).toBe(1);
  } finally {
    await rival.stop();
  }
});

test('two workers that drain at once, lease or no lease, settle each of many orders once', async () => {
  const rival = await startRival(app, { roles: [] });
  try {
    const [item, other] = await makeVariants(app, { stock: 15 }, { stock: 100 });
    const placed = await times(20, () =>
      order(app, [
        [item, 1],
        [other, 1],
      ]),
    );
    await Promise.all(placed.map(({ txRef }) => pay(app, txRef)));
    // Without the lease, both workers drain the queue, and only the documents decide.
    const noLease = setInterval(() => app.db.leases.deleteMany({}).catch(() => undefined), 2);
    const runs = await times(6, (index) => runSettlementOnce(index % 2 === 0 ? app.ctx : rival.ctx));
    clearInterval(noLease);
    await runSettlementOnce(app.ctx);

    const orders = await Promise.all(placed.map(({ orderId }) => readOrder(app, orderId)));
    expect(orders.filter(({ status }) => status === 'confirmed')).toHaveLength(15);
    expect(orders.filter(({ status }) => status === 'cancelled')).toHaveLength(5);
    expect(runs.reduce((total, { confirmed }) => total + confirmed, 0)).toBeLessThanOrEqual(15);
    expect(await stockOf(app, item)).toBe(0);
    expect(await stockOf(app, other)).toBe(85);
    expect(await app.db.emails.countDocuments({ orderId: { $in: orders.map(({ _id }) => _id) } })).toBe(20);
  } finally {
    await rival.stop();
  }
});

test('one checkoutKey twenty times at once makes one order with one page', async () => {
  const [item] = await makeVariants(app, {});
  const shopper = await app.signUp();
  await fillCart(shopper, [[item, 2]]);
  const checkoutKey = 'twenty-times-at-once';
  const answers = await times(20, () => checkout(shopper, { checkoutKey }));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await app.db.orders.countDocuments({ userId: shopper.id })).toBe(1);
  const [placed] = answers;
  expect(app.sandbox.requests({ route: 'initialize', reference: placed?.txRef })).toHaveLength(1);
  expect(await checkout(shopper, { checkoutKey })).toEqual(placed);
});
