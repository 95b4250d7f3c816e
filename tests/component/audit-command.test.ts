/** `npm run audit`: its output, its exit codes, and its comparison of Paystack's list with the database. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Variant } from '../../models/catalogue/variant.ts';
import { describeAmount } from '../../models/contract/money.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { recordDispute } from '../../models/dispute/record-dispute.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import type { Order } from '../../models/order/order-document.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { recordCharge } from '../../models/payment/record-charge.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { claimRefund } from '../../models/refund/refund-queue.ts';

import { auditCommand } from '../../server/commands/audit-command.ts';
import { auditPaystack } from '../../server/commands/audit-paystack.ts';
import { systemClock } from '../../server/context/system-ports.ts';
import { aLostDispute } from '../support/an-order.ts';
import { type FakePaystack, initializeAt, startPaystack, TEST_KEY } from '../support/fake-paystack.ts';
import {
  askForRefund,
  makeCatalogue,
  makePendingOrder,
  openOwnDatabase,
  sendAllEmails,
  settleAll,
} from '../support/orders.ts';
import { testMongoUri } from '../support/test-mongo.ts';

let db: Database;
let fakePaystack: FakePaystack;
let variant: Variant;

beforeAll(async () => {
  fakePaystack = await startPaystack();
});
afterAll(() => fakePaystack.sandbox.close());

beforeEach(async () => {
  db = await openOwnDatabase();
  const [made] = await makeCatalogue(db);
  if (!made) throw new Error('no variant was made');
  variant = made;
});
afterEach(() => db.connection.close());

/** A confirmed order whose charge is in the sandbox. */
async function buy(): Promise<Order> {
  const order = await makePendingOrder(db, { lines: [{ variant, quantity: 1 }] });
  await initializeAt(fakePaystack.paystack, order);
  fakePaystack.sandbox.pay(order.txRef);
  const report = await fakePaystack.paystack.verify(order.txRef);
  await recordCharge(db, { report, source: 'verify', domain: 'test', refundId: 'unused', now: new Date() });
  await settleAll(db);
  return getOrder(db, order._id);
}

/** Cancels the order and processes its refund to the end, as the job does. */
async function refund(order: Order): Promise<string> {
  const refundId = `r-${order.code}`;
  await cancelOrder(db, order._id, { reason: 'by_staff', refundId, actor: 'staff:1', now: new Date() });
  await claimRefund(db, order._id, new Date());
  const amount = { amount: order.total, currency: order.currency };
  const notes = { merchantNote: `rf:${refundId}`, customerNote: 'Refund' };
  const { gatewayRefundId } = await fakePaystack.paystack.createRefund({ reference: order.txRef, amount, ...notes });
  fakePaystack.sandbox.finishRefunds(order.txRef);
  const ended = await fakePaystack.paystack.getRefund(gatewayRefundId);
  await recordRefund(db, order._id, refundId, ended, new Date());
  return refundId;
}

/** Runs the command on this test's database, which its URI names. */
async function run(...args: string[]): Promise<{ exitCode: number; printed: string; complained: string }> {
  const uri = new URL(testMongoUri());
  uri.pathname = `/${db.connection.name}`;
  return runWith({ MONGODB_URI: String(uri), PAYSTACK_SECRET_KEY: TEST_KEY }, ...args);
}

async function runWith(env: Record<string, string>, ...args: string[]) {
  const output = { printed: '', complained: '' };
  const exitCode = await auditCommand({
    args,
    env,
    clock: systemClock,
    print: (text) => {
      output.printed += text;
    },
    complain: (text) => {
      output.complained += text;
    },
    connectPaystack: () => fakePaystack.paystack,
  });
  return { exitCode, ...output };
}

describe('the command', () => {
  test('prints every check and exits 0 without a violation', async () => {
    await buy();
    const { exitCode, printed } = await run();
    expect(printed).toContain('No check found a violation');
    expect(printed).toMatch(/^I1 +sales-and-returns +1 +0$/m);
    expect(printed).toContain('NGN: 1 charge, captured ₦6,500.00, pays ₦6,500.00');
    expect(exitCode).toBe(0);
  });

  test('names the offending ids and exits 1 for violations', async () => {
    const order = await buy();
    await driverCollection(db.orders).updateOne({ _id: order._id }, { $inc: { total: 1 } });
    const { exitCode, printed } = await run();
    expect(exitCode).toBe(1);
    expect(printed).toContain(`  ${order._id}: items, prices, delivery or totals were changed`);
    expect(printed).toContain('The checks found 3 violations.');
  });

  test('prints the report as JSON on --json', async () => {
    const { exitCode, printed } = await run('--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ clean: true, since: null, checks: expect.any(Array), totals: [] });
  });

  test('looks only at orders since --since', async () => {
    const order = await buy();
    await driverCollection(db.orders).updateOne({ _id: order._id }, { $inc: { shippingFee: 1 } });
    expect((await run('--since', '2099-01-01')).exitCode).toBe(0);
    expect((await run('--since', '2000-01-01')).exitCode).toBe(1);
  });

  test.each([
    [['--since', 'yesterday'], '--since yesterday is not a date.'],
    [['--grace', '-1'], '--grace'],
    [['--fix'], '--fix'],
  ])('exits 2 with its usage on %j', async (args, complaint) => {
    const { exitCode, complained } = await run(...args);
    expect(exitCode).toBe(2);
    expect(complained).toContain(complaint);
    expect(complained).toContain('usage: npm run audit');
  });

  test('exits 2 and names the missing variable, and needs Paystack only with --paystack', async () => {
    const { exitCode, complained } = await runWith({});
    expect(exitCode).toBe(2);
    expect(complained).toContain('MONGODB_URI is missing');
    expect(complained).not.toContain('PAYSTACK');
    expect((await runWith({ MONGODB_URI: testMongoUri() }, '--paystack')).complained).toContain('PAYSTACK_SECRET_KEY');
  });
});

/** The findings about one reference, because the sandbox also holds the charges of other tests. */
async function findings(reference: string): Promise<[string, string][]> {
  const checks = await auditPaystack(db, fakePaystack.paystack, { now: new Date(), graceMs: -1_000 });
  return checks.flatMap(({ name, violations }) =>
    violations.filter(({ id }) => id === reference).map(({ detail }): [string, string] => [name, detail]),
  );
}

describe('with Paystack', () => {
  test('agrees about charges that pay and about those that went back', async () => {
    const [kept, returned] = [await buy(), await buy()];
    await refund(returned);
    await sendAllEmails(db);
    expect(await findings(kept.txRef)).toEqual([]);
    expect(await findings(returned.txRef)).toEqual([]);
  });

  test('agrees about a charge that was lost in a dispute', async () => {
    const order = await buy();
    const { id } = fakePaystack.sandbox.openDispute(order.txRef);
    fakePaystack.sandbox.resolveDispute(id, 'merchant-accepted');
    const { report, ...reported } = aLostDispute(order.txRef, new Date());
    await recordDispute(db, order._id, { ...reported, report: { ...report, disputeId: String(id) } });
    expect(await findings(order.txRef)).toEqual([]);
  });

  test('finds a charge of ours that the database lacks', async () => {
    const order = await makePendingOrder(db, { lines: [{ variant, quantity: 1 }] });
    await initializeAt(fakePaystack.paystack, order);
    fakePaystack.sandbox.pay(order.txRef);
    expect(await findings(order.txRef)).toEqual([
      ['paystack-charges-known', `${describeAmount(order.total, 'NGN')} came in, and the database says initialized`],
    ]);
    const { exitCode, printed } = await run('--paystack', '--grace', '0');
    expect(exitCode).toBe(1);
    expect(printed).toContain(order.txRef);
  });

  test('finds a charge of ours that belongs to no order', async () => {
    const order = await buy();
    await db.orders.deleteOne({ _id: order._id });
    expect(await findings(order.txRef)).toEqual([
      ['paystack-charges-known', `${describeAmount(order.total, 'NGN')} came in for no order of ours`],
    ]);
  });

  test('finds another amount', async () => {
    const order = await buy();
    await driverCollection(db.orders).updateOne({ _id: order._id }, { $inc: { 'payments.0.amount': 5 } });
    expect(await findings(order.txRef)).toEqual([
      [
        'paystack-charges-known',
        `${describeAmount(order.total, 'NGN')} at Paystack, ${describeAmount(order.total + 5, 'NGN')} in the database`,
      ],
    ]);
  });

  test('finds a charge in the database that Paystack never had, or does not count', async () => {
    const order = await buy();
    await driverCollection(db.orders).updateOne(
      { _id: order._id },
      { $set: { 'payments.0.reference': 'ord-NEVER-1' } },
    );
    expect(await findings('ord-NEVER-1')).toEqual([
      ['our-charges-at-paystack', 'Paystack does not know this reference'],
    ]);
    const other = await buy();
    fakePaystack.sandbox.setStatus(other.txRef, 'failed');
    expect(await findings(other.txRef)).toEqual([
      ['our-charges-at-paystack', 'failed at Paystack, succeeded in the database'],
    ]);
  });
});

describe('refunds beside Paystack', () => {
  test('finds a refund that has another name at Paystack', async () => {
    const order = await buy();
    const refundId = await refund(order);
    await driverCollection(db.orders).updateOne({ _id: order._id }, { $set: { 'refunds.0.refundId': 'renamed' } });
    expect(await findings(order.txRef)).toEqual([
      ['paystack-refunds', `refund renamed is called rf:${refundId} at Paystack`],
    ]);
  });

  test('finds a refund that a database restored to an older state lacks', async () => {
    const order = await buy();
    const refundId = `r-${order.code}`;
    await askForRefund(db, order._id, { note: 'a stain', actor: 'staff:1', refundId, amount: 100, now: new Date() });
    const { gatewayRefundId } = await fakePaystack.paystack.createRefund({
      reference: order.txRef,
      amount: { amount: 100, currency: order.currency },
      merchantNote: `rf:${refundId}`,
      customerNote: 'Refund',
    });
    fakePaystack.sandbox.finishRefunds(order.txRef);
    await recordRefund(db, order._id, refundId, await fakePaystack.paystack.getRefund(gatewayRefundId), new Date());
    expect(await findings(order.txRef)).toEqual([]);
    await driverCollection(db.orders).updateOne({ _id: order._id }, { $set: { refunds: [] } });
    expect(await findings(order.txRef)).toEqual([
      ['our-charges-at-paystack', 'reversed at Paystack, succeeded in the database'],
      ['paystack-refunds', `refund ${gatewayRefundId} of ₦1.00 (rf:${refundId}) is not in the database`],
    ]);
  });

  test('finds a refund that was made twice, and one that somebody made by hand', async () => {
    const order = await buy();
    const staff = { note: 'wrong size', actor: 'staff:1', refundId: `r-${order.code}`, now: new Date() } as const;
    await askForRefund(db, order._id, { ...staff, amount: 100 });
    const amount = { amount: 100, currency: order.currency };
    fakePaystack.sandbox.setSwitches({ secondRefundWhilePending: 'accepted' });
    const send = (merchantNote: string) =>
      fakePaystack.paystack.createRefund({ reference: order.txRef, amount, merchantNote, customerNote: '' });
    await send(`rf:${staff.refundId}`);
    await send(`rf:${staff.refundId}`);
    await send('by hand');
    expect(await findings(order.txRef)).toEqual([
      ['paystack-refunds', `refund ${staff.refundId} was made 2 times`],
      ['paystack-refunds', expect.stringContaining('of ₦1.00 (by hand) is not in the database')],
    ]);
  });
});
