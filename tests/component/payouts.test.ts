/** Payouts, read as a reconcile pass from the sandbox: proved or differing, listed for staff, and sent as CSV. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { runAudit } from '../../models/audit/audit.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { beginReading, closeReading, storeLines } from '../../models/payout/store-payout.ts';
import { auditCommand } from '../../server/commands/audit-command.ts';
import {
  alerts,
  buy,
  type Checkout,
  DAY_MS,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  orderOf,
  type Shop,
  startTestShop,
  work,
} from '../support/shopping.ts';
import { testMongoUri } from '../support/test-mongo.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
/** The money that other tests have left is paid out. */
beforeEach(async () => {
  shop.sandbox.settle();
  await reconcile();
});
afterEach(() => shop.sandbox.clearScript());
afterAll(() => expectAllConsistent(shop, { unknown: ['=1-till'] }));
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;

async function reconcile() {
  shop.clock.advance(HOUR_MS);
  return runReconcileOnce(shop.ctx);
}

/** Bought, and paid out to the shop's bank account by the sandbox. */
async function paidOut(count = 1): Promise<{ bought: Checkout[]; payoutId: string }> {
  const bought: Checkout[] = [];
  for (let n = 0; n < count; n += 1) bought.push(await buy(shop));
  const [payout] = shop.sandbox.settle();
  return { bought, payoutId: String(payout?.id) };
}

test('a payout is read with its charges, and proved; the staff view shows the fee of a charge', async () => {
  const { bought, payoutId } = await paidOut(2);
  expect((await reconcile()).passes.payouts).toMatchObject({ ended: 'completed', applied: 1 });
  const gross = bought.reduce((sum, { amount }) => sum + amount, 0);
  const payout = await admin().payout.query({ id: payoutId });
  expect(payout).toMatchObject({ state: 'proved', status: 'success', currency: 'NGN', gross, differences: [] });
  expect(payout.net).toBe(gross - payout.fees);
  const { items, nextCursor } = await admin().payoutCharges.query({ id: payoutId, limit: 1 });
  const rest = await admin().payoutCharges.query({ id: payoutId, cursor: nextCursor ?? '' });
  expect(rest.nextCursor).toBeNull();
  const charges = [...items, ...rest.items];
  expect(charges.map(({ code }) => code).sort()).toEqual(bought.map(({ code }) => code).sort());
  expect(charges.reduce((sum, { fees }) => sum + fees, 0)).toBe(payout.fees);
  const { payments } = await admin().order.query({ id: bought[0]?.orderId ?? '' });
  expect(payments[0]?.fees).toBe(charges.find(({ code }) => code === bought[0]?.code)?.fees);
  // Proved, it costs no further call.
  shop.sandbox.clearRequests();
  await reconcile();
  expect(shop.sandbox.requests({ route: 'settlement.transactions' })).toEqual([]);
});

test('fees that verify and the webhook lacked are taken from the row of the payout, once', async () => {
  const { bought, payoutId } = await paidOut();
  const { orderId, txRef } = bought[0] as Checkout;
  await driverCollection(shop.db.orders).updateMany({}, { $unset: { 'payments.$[].fees': 1 } });
  await driverCollection(shop.db.checkpoints).deleteMany({});
  shop.sandbox.script({ route: 'list', fault: { kind: 'html' } });
  await reconcile();
  const [attempt] = (await orderOf(shop, { orderId })).payments;
  const { items } = await admin().payoutCharges.query({ id: payoutId });
  expect(attempt?.fees).toBe(items.find(({ reference }) => reference === txRef)?.fees);
});

test('a payout whose rows do not all come differs, with one alert, and is proved once they do', async () => {
  const { payoutId } = await paidOut(2);
  const seen = alerts(shop).length;
  await withoutLastRow(async () => {
    await reconcile();
    await reconcile();
  });
  const { state, differences } = await admin().payout.query({ id: payoutId });
  expect(state).toBe('differs');
  expect(differences).toHaveLength(3);
  expect(differences[0]).toBe('Paystack says that it holds 2 charges, and lists 1.');
  expect(differences[1]).toMatch(/^Its charges add up to ₦[\d,.]+, and Paystack says ₦[\d,.]+\.$/);
  expect(alerts(shop).slice(seen)).toEqual([expect.objectContaining({ event: 'payout_compared', payoutId })]);
  expect((await admin().payouts.query({ state: 'differs' })).items.map(({ id }) => id)).toEqual([payoutId]);
  await reconcile();
  expect(await admin().payout.query({ id: payoutId })).toMatchObject({ state: 'proved', differences: [] });
});

/** As if Paystack's pages had shifted while they were read. */
async function withoutLastRow(work: () => Promise<void>): Promise<void> {
  const { paystack } = shop.ctx;
  const listPayoutCharges = paystack.listPayoutCharges.bind(paystack);
  shop.ctx.paystack = {
    ...paystack,
    listPayoutCharges: async (input) => {
      const answer = await listPayoutCharges(input);
      return { ...answer, charges: answer.charges.slice(0, -1) };
    },
  };
  await work();
  shop.ctx.paystack = paystack;
}

test('a worker that was paused while another read the payout again stores nothing more', async () => {
  const { payoutId } = await paidOut();
  await reconcile();
  const payout = await shop.db.payouts.findById(payoutId).lean();
  if (!payout) throw new Error('the payout is not stored');
  const { createdAt, paidOn = null, gross, fees, deductions, net } = payout;
  const report = { ...{ payoutId, domain: 'test', status: 'success', currency: 'NGN', gross, fees, deductions, net } };
  const dated = { ...report, createdAt, paidOn };
  const now = shop.clock.now();
  await beginReading(shop.db, dated, 'paused', now);
  await beginReading(shop.db, dated, 'newer', now);
  const line = { _id: `${payoutId}:1`, reference: 'till-1', amount: 5, fees: 0, currency: 'NGN' };
  expect(await storeLines(shop.db, payoutId, 'paused', [line])).toBe(false);
  const whole = { readingBy: 'paused', lineIds: new Set([line._id]), total: 1, now };
  expect(await closeReading(shop.db, payoutId, whole)).toBeNull();
  // It stays `reading`, as after a crash, until the next pass has read it.
  expect((await admin().payout.query({ id: payoutId })).state).toBe('reading');
  await reconcile();
  expect((await admin().payout.query({ id: payoutId })).state).toBe('proved');
});

test('a charge of another system counts, and its formula is no formula in the CSV', async () => {
  await fetch(`${shop.sandbox.url}/transaction/initialize`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shop.ctx.config.paystackSecretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'someone@example.com', amount: 500_050, currency: 'NGN', reference: '=1-till' }),
  });
  shop.sandbox.pay('=1-till', { webhook: 'lose' });
  const { bought, payoutId } = await paidOut();
  await reconcile();
  expect(await admin().payout.query({ id: payoutId })).toMatchObject({ state: 'proved' });
  const csv = await download(`/admin/payouts/${payoutId}/charges.csv`, shop.staff.token);
  expect(csv.type).toBe('text/csv; charset=utf-8');
  expect(csv.bytes.slice(0, 3)).toEqual([0xef, 0xbb, 0xbf]);
  const [header, ...rows] = csv.lines;
  expect(header).toBe('payout,transaction,reference,order,currency,amount,fees');
  expect(rows).toHaveLength(2);
  expect(rows.join()).toMatch(new RegExp(`${payoutId},\\d+,'=1-till,,NGN,5000\\.50,\\d+\\.\\d\\d`));
  expect(rows.join()).toContain(`,${bought[0]?.txRef},${bought[0]?.code},NGN,`);
  const list = await download('/admin/payouts/list.csv', shop.staff.token);
  expect(list.lines.find((line) => line.startsWith(`${payoutId},`))).toMatch(
    /^\d+,\d{4}-\d\d-\d\dT[\d:.]+Z,NGN,\d+\.\d\d,/,
  );
});

async function download(path: string, token: string) {
  const reply = await fetch(shop.url + path, { headers: { authorization: `Bearer ${token}` } });
  const bytes = [...new Uint8Array(await reply.arrayBuffer())];
  const lines = new TextDecoder().decode(Uint8Array.from(bytes)).replace('\uFEFF', '').trimEnd().split('\r\n');
  return { status: reply.status, type: reply.headers.get('content-type'), bytes, lines };
}

test('only managers and owners see payouts, by procedure and by CSV', async () => {
  const [manager, support, customer] = await Promise.all([
    shop.signUp({ role: 'manager' }),
    shop.signUp({ role: 'support' }),
    shop.signUp(),
  ]);
  const paths = ['/admin/payouts/list.csv', '/admin/payouts/1/charges.csv'];
  const statuses = async (token: string) =>
    Promise.all(paths.map(async (path) => (await download(path, token)).status));
  expect(await statuses(manager.token)).toEqual([200, 404]);
  expect(await statuses(support.token)).toEqual([403, 403]);
  expect(await statuses(customer.token)).toEqual([403, 403]);
  expect(await statuses('')).toEqual([401, 401]);
  expect(await errorCodeOf(support.client.admin.payouts.query({}))).toBe('FORBIDDEN');
  expect(await errorCodeOf(manager.client.admin.payout.query({ id: '1' }))).toBe('NOT_FOUND');
});

test('a charge that no payout holds after three business days is flagged once, until one does', async () => {
  await paidOut();
  await reconcile();
  const { txRef, code } = await buy(shop);
  shop.clock.advance(2 * DAY_MS);
  await reconcile();
  expect(await admin().unpaidCharges.query({})).toMatchObject({ items: [], count: 0 });
  shop.clock.advance(5 * DAY_MS);
  const seen = alerts(shop).length;
  await reconcile();
  await reconcile();
  expect(await admin().unpaidCharges.query({})).toMatchObject({ items: [{ reference: txRef, code }], count: 1 });
  expect(alerts(shop).slice(seen)).toEqual([expect.objectContaining({ event: 'charges_unpaid', count: 1 })]);
  shop.sandbox.settle();
  await reconcile();
  expect(await admin().unpaidCharges.query({})).toMatchObject({ items: [], count: 0 });
});

test('money that is captured and in no payout yet is counted with each reading of the payouts', async () => {
  await paidOut();
  await reconcile();
  const emptyAt = shop.clock.now().toISOString();
  expect(await admin().awaitedPayout.query()).toEqual({ countedAt: emptyAt, sums: [] });
  const [kept, returned] = [await buy(shop), await buy(shop)];
  await admin().cancel.mutate({ id: returned.orderId });
  await finishRefunds(shop);
  expect(await admin().awaitedPayout.query()).toMatchObject({ countedAt: emptyAt });
  await reconcile();
  const sums = [{ currency: 'NGN', amount: kept.amount, charges: 1 }];
  expect(await admin().awaitedPayout.query()).toEqual({ countedAt: shop.clock.now().toISOString(), sums });
  for (const days of [10, 50]) {
    shop.clock.advance(days * DAY_MS);
    await reconcile();
    expect(await admin().awaitedPayout.query()).toMatchObject({ sums });
  }
  shop.sandbox.settle();
  await reconcile();
  expect(await admin().awaitedPayout.query()).toMatchObject({ sums: [] });
});

test('a refund that the balance does not cover is tried again after the next payout', async () => {
  const { bought } = await paidOut();
  const { orderId, txRef } = bought[0] as Checkout;
  await reconcile();
  shop.sandbox.setSwitches({ refundBalance: 'pending-payout-only' });
  await admin().cancel.mutate({ id: orderId });
  await work(shop);
  const dueAt = async () => (await orderOf(shop, { orderId })).refundDueAt?.getTime();
  expect(await dueAt()).toBe(shop.clock.now().getTime() + 6 * HOUR_MS);
  shop.sandbox.setSwitches({ refundBalance: 'enough' });
  await paidOut();
  await reconcile();
  expect(await dueAt()).toBeLessThanOrEqual(shop.clock.now().getTime());
  await work(shop);
  expect(shop.sandbox.transaction(txRef).refunds).toHaveLength(1);
  await finishRefunds(shop);
});

test('the audit finds a payout that is called proved and is not, and a charge in two of them', async () => {
  const { payoutId: first } = await paidOut();
  const { payoutId: second } = await paidOut();
  await reconcile();
  const lines = driverCollection(shop.db.payoutLines);
  const line = await lines.findOne({ _id: { $gt: `${first}:`, $lt: `${first};` } });
  if (!line) throw new Error('no payout is stored');
  const found = async () => {
    const { checks } = await runAudit(shop.db, { now: shop.clock.now() });
    const ofPayouts = checks.filter(({ id }) => id === 'I21');
    return ofPayouts.map(({ name, violations }) => [name, violations.map(({ id }) => id)]);
  };
  expect(await found()).toEqual([
    ['payouts-proved', []],
    ['charges-paid-out-once', []],
  ]);
  await lines.insertOne({ ...line, _id: `${second}:1`, amount: 0, fees: 0 });
  expect(await found()).toEqual([
    ['payouts-proved', [second]],
    ['charges-paid-out-once', [line.reference]],
  ]);
  await lines.deleteOne({ _id: `${second}:1` });
});

test('the report names what differs, what went back, and what is in no payout, and exits 0', async () => {
  await paidOut();
  await reconcile();
  const { bought, payoutId } = await paidOut(2);
  const waits = await buy(shop);
  shop.clock.advance(7 * DAY_MS);
  await withoutLastRow(async () => {
    await reconcile();
  });
  const printed: string[] = [];
  const uri = new URL(testMongoUri());
  uri.pathname = `/${shop.db.connection.name}`;
  const run = (...args: string[]) =>
    auditCommand({
      args: ['--payouts', ...args],
      env: { MONGODB_URI: String(uri) },
      clock: shop.clock,
      print: (text) => printed.push(text),
      complain: (text) => printed.push(text),
      connectPaystack: () => shop.ctx.paystack,
    });
  expect([await run(), printed.join()]).toEqual([0, expect.any(String)]);
  const [text = ''] = printed;
  expect(text).toMatch(
    new RegExp(`${payoutId} +₦[\\d,.]+  differs:\n +Paystack says that it holds 2 charges, and lists 1\\.`),
  );
  expect(text).toMatch(/ {2}proved\n/);
  expect(text).toMatch(/NGN: \d+ payouts of ₦[\d,.]+, less fees of ₦[\d,.]+ and deductions of ₦[\d,.]+: ₦[\d,.]+\./);
  expect(text).toMatch(
    /₦[\d,.]+ went back by refunds and disputes\. (All of it|₦[\d,.]+ of that) is (not )?deducted( yet)?\./,
  );
  // The row that is missing in the payout is of a charge that no payout is known to hold.
  expect(text).toContain('in no payout: 2\n');
  expect(text).toContain(`  ${waits.txRef}: ₦`);
  expect(await run('--json')).toBe(0);
  expect(JSON.parse(printed[1] ?? '')).toMatchObject({ clean: true, payouts: { unpaidCount: 2 } });
  expect(bought).toHaveLength(2);
  shop.sandbox.settle();
  await reconcile();
});
