/** While Paystack does not respond, or responds wrongly, the order is kept. Afterwards everything completes. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { runSweepOnce } from '../../jobs/sweep.ts';
import {
  checkout,
  fillCart,
  makeVariants,
  newCheckoutKey,
  order,
  pay,
  readOrder,
  refusalOf,
  returnFromPaystack,
} from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { fakeClock, startTestApp, type TestApp } from '../support/test-app.ts';

const clock = fakeClock();
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ context: { clock } });
});
afterEach(async () => {
  app.sandbox.clearScript();
  await assertInvariants(app);
});
afterAll(() => app.stop());

async function readyToCheckOut() {
  const [item] = await makeVariants(app, {});
  const shopper = await app.signUp();
  await fillCart(shopper, [[item, 1]]);
  const checkoutKey = newCheckoutKey();
  const orderOfShopper = () => app.db.orders.findOne({ userId: shopper.id }).lean();
  return { shopper, orderOfShopper, start: () => checkout(shopper, { checkoutKey }) };
}

test.each([
  ['cuts the connection', { kind: 'drop' } as const],
  ['answers 503', { kind: 'status', status: 503 } as const],
  ['answers with a page of some proxy', { kind: 'html' } as const],
  ['asks to slow down', { kind: 'status', status: 429, retryAfterSeconds: 60 } as const],
  ['never answers', { kind: 'hang' } as const],
])(
  'when Paystack %s at initialize, the order is kept and the same key resumes it',
  async (_how, fault) => {
    const { start, orderOfShopper } = await readyToCheckOut();
    const repair = app.sandbox.script({ route: 'initialize', fault });
    expect((await refusalOf(start())).code).toBe('GATEWAY_UNAVAILABLE');
    const kept = await orderOfShopper();
    expect(kept).toMatchObject({ status: 'pending', payments: [{ status: 'created' }] });
    // The call that hangs keeps its claim and is retried by itself. The next request returns its page.
    expect(kept?.payments[0]?.claim !== undefined).toBe(fault.kind === 'hang');

    repair();
    const placed = await start();
    expect(placed).toMatchObject({ orderId: String(kept?._id), txRef: kept?.txRef });
    expect(await pay(app, placed.txRef)).toBe('paid');
  },
  20_000,
);

test('a definite refusal at initialize has its own error, and the same key may try again', async () => {
  const { start } = await readyToCheckOut();
  const repair = app.sandbox.script({ route: 'initialize', fault: { kind: 'status', status: 400 } });
  expect((await refusalOf(start())).code).toBe('GATEWAY_REJECTED');
  repair();
  await start();
});

test('when initialize was carried out and its reply lost, the next reference gives a page that can be paid', async () => {
  const { start, orderOfShopper } = await readyToCheckOut();
  app.sandbox.script({ route: 'initialize', times: 1, carriedOut: true, fault: { kind: 'drop' } });
  const placed = await start();
  const stored = await orderOfShopper();
  expect(stored?.payments).toMatchObject([{ status: 'abandoned' }, { status: 'initialized' }]);
  expect(placed.txRef).toBe(stored?.payments[1]?.reference);
  expect(await pay(app, placed.txRef)).toBe('paid');
});

test('a charge on the reference whose page was lost still pays the order', async () => {
  const { start, orderOfShopper } = await readyToCheckOut();
  app.sandbox.script({ route: 'initialize', times: 1, carriedOut: true, fault: { kind: 'drop' } });
  const placed = await start();
  const lost = (await orderOfShopper())?.payments[0]?.reference ?? '';
  expect(await pay(app, lost)).toBe('paid');
  expect(await readOrder(app, placed.orderId)).toMatchObject({ paidReference: lost, paymentStatus: 'paid' });
});

test('a claim left behind by a crash is waited out, and then the same reference is opened', async () => {
  const { start, orderOfShopper } = await readyToCheckOut();
  const repair = app.sandbox.script({ route: 'initialize', fault: { kind: 'drop' } });
  await refusalOf(start());
  repair();
  const claimed = await orderOfShopper();
  const claim = { by: 'a call that crashed', until: new Date(clock.now().getTime() + 15_000) };
  await app.db.orders.updateOne({ txRef: claimed?.txRef ?? '' }, { $set: { 'payments.0.claim': claim } });
  clock.advance(15_001);
  expect((await start()).txRef).toBe(claimed?.txRef);
});

test('when verify does not answer, the return says pending, and the sweep finds the payment when it is due', async () => {
  const [item] = await makeVariants(app, {});
  const { orderId, txRef } = await order(app, [[item, 1]]);
  const repair = app.sandbox.script({ route: 'verify', fault: { kind: 'status', status: 503 } });
  app.sandbox.pay(txRef);
  expect(await returnFromPaystack(app, txRef)).toEqual({ txRef, status: 'pending' });
  await runSweepOnce(app.ctx);
  expect((await readOrder(app, orderId)).status).toBe('pending');

  clock.advance(2 * 60_000);
  await runSweepOnce(app.ctx);
  expect((await readOrder(app, orderId)).status).toBe('pending');
  repair();
  clock.advance(3 * 60_000);
  await runSweepOnce(app.ctx);
  expect((await readOrder(app, orderId)).status).toBe('confirmed');
}, 40_000);

test('when verify hangs, a browser is redirected to its order and a program gets pending, both by the deadline; a late reply is recorded', async () => {
  const [item] = await makeVariants(app, {});
  const { orderId, txRef } = await order(app, [[item, 1]]);
  app.sandbox.script({ route: 'verify', times: 1, fault: { kind: 'hang' } });
  app.sandbox.pay(txRef);
  const [browser, program] = await Promise.all([
    fetch(`${app.url}/orders/verify-payment/${txRef}/`, { redirect: 'manual', headers: { accept: 'text/html' } }),
    returnFromPaystack(app, txRef),
  ]);
  expect([browser.status, browser.headers.get('location')]).toEqual([
    303,
    `http://storefront.example/orders/${orderId}`,
  ]);
  expect(program).toEqual({ txRef, status: 'pending' });
  // The request itself continues, and its second attempt succeeds.
  await eventually('the charge to be recorded', async () => {
    const { paymentStatus } = await readOrder(app, orderId);
    return paymentStatus === 'paid';
  });
  expect(app.logged.filter(({ msg }) => msg === 'request failed')).toEqual([]);
}, 20_000);

test.each(['ongoing', 'abandoned', 'a new word'])('the status "%s" from verify confirms nothing', async (status) => {
  const [item] = await makeVariants(app, {});
  const { orderId, txRef } = await order(app, [[item, 1]]);
  app.sandbox.setStatus(txRef, status);
  expect((await returnFromPaystack(app, txRef)).status).toBe('pending');
  await runSweepOnce(app.ctx);
  expect(await readOrder(app, orderId)).toMatchObject({ status: 'pending' });
});

test('a charge that was reversed before its verification confirms nothing, and waits for staff', async () => {
  const [item] = await makeVariants(app, {});
  const { orderId, txRef } = await order(app, [[item, 1]]);
  app.sandbox.pay(txRef);
  app.sandbox.setStatus(txRef, 'reversed');
  expect((await returnFromPaystack(app, txRef)).status).toBe('pending');
  await runSweepOnce(app.ctx);
  expect(await readOrder(app, orderId)).toMatchObject({ status: 'pending', paymentStatus: 'review' });
});
