/**
 * Many orders shipped from one file, as the staff's page sends it (B1, B2). Calls of at most 25 rows follow one another. Each row
 * has the key `<hash of the file>.<row>`.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ShipManyInput, ShipManyOutput } from '../../client-sdk/src/index.ts';
import { MAX_SHIP_ROWS } from '../../models/contract/limits.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Order } from '../../models/order/order-document.ts';
import { liveShipments, unitsByLine } from '../../models/order/units.ts';
import { newActionKey } from '../support/action-keys.ts';
import { makeConfirmedOrders } from '../support/confirmed-orders.ts';
import { eventually } from '../support/eventually.ts';
import { makeCatalogue } from '../support/orders.ts';
import { expectAllConsistent, finishRefunds, type Shop, startTestShop, work } from '../support/shopping.ts';
import { everything } from '../support/stocked-variant.ts';
import type { SignedIn } from '../support/test-app.ts';

type Row = ShipManyInput['rows'][number];
type Outcome = ShipManyOutput['rows'][number];

let shop: Shop;
let colleague: SignedIn;
beforeEach(async () => {
  shop = await startTestShop();
  colleague = await shop.signUp({ role: 'owner' });
});
afterEach(() => shop.stop());

/** Two units of the first line, one of the second. */
async function makeOrders(count: number): Promise<Order[]> {
  const variants = await makeCatalogue(shop.db, { variants: 2, stock: 10_000, now: shop.clock.now() });
  return makeConfirmedOrders(
    shop,
    count,
    variants.map((variant, index) => ({ variant, quantity: 2 - index })),
  );
}

/**
 * A row for each order. Every third has a tracking number; every third is of one unit without a number. Of these the key
 * alone distinguishes a repeat from a second parcel.
 */
function fileOf(orders: readonly Order[]): Row[] {
  const rows = orders.map(({ code }, index) => ({
    code,
    ...(index % 3 === 0 ? { carrier: 'GIG', trackingNumber: `GIG-${code}` } : {}),
    ...(index % 3 === 1 ? { lines: [{ lineId: 1, quantity: 1 }] } : {}),
  }));
  const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  return rows.map((row, index) => ({ ...row, key: `${hash}.${index + 1}` }));
}

function callsOf(rows: readonly Row[]): Row[][] {
  const count = Math.ceil(rows.length / MAX_SHIP_ROWS);
  return Array.from({ length: count }, (_, n) => rows.slice(n * MAX_SHIP_ROWS, (n + 1) * MAX_SHIP_ROWS));
}

const send = async (rows: Row[]) => (await shop.staff.client.admin.shipMany.mutate({ rows })).rows;

async function sendAll(rows: readonly Row[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const call of callsOf(rows)) outcomes.push(...(await send(call)));
  return outcomes;
}

const readOrders = async () =>
  new Map((await shop.db.orders.find().lean<Order[]>()).map((order) => [order.code, order]));

const unitsIn = (lines: readonly { quantity: number }[]) => lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** The acts of others on an order that is in the file, as at the page of that order. */
const BY_OTHERS: Record<string, (order: Order) => Promise<unknown>> = {
  cancel: ({ _id }) => colleague.client.admin.cancel.mutate({ id: String(_id) }),
  'refund a line': ({ _id }) =>
    colleague.client.admin.refund.mutate({
      id: String(_id),
      key: newActionKey(),
      lines: [{ lineId: 1, unshipped: 2, restock: 2 }],
    }),
  'refund all': ({ _id }) => colleague.client.admin.refund.mutate({ id: String(_id), key: newActionKey() }),
  'ship the same parcel': ({ _id, code }) =>
    colleague.client.admin.ship.mutate({ id: String(_id), key: newActionKey(), trackingNumber: `gig-${code} ` }),
  'ship all': ({ _id }) =>
    colleague.client.admin.ship.mutate({ id: String(_id), key: newActionKey(), trackingNumber: 'X-1' }),
};
const ACTS = Object.keys(BY_OTHERS);

interface Other {
  code: string;
  act: string;
  done: boolean;
}

/** Whether the call was carried out; a refusal that names the order's state is an answer, anything else fails the test. */
async function actOf(order: Order, act: string): Promise<Other> {
  const call = BY_OTHERS[act];
  if (call === undefined) throw new Error(`no such act: ${act}`);
  const done = await call(order).then(
    () => true,
    (error: { data?: { code?: string } }) => {
      expect(error.data?.code).toBe('ORDER_STATE_CONFLICT');
      return false;
    },
  );
  return { code: order.code, act, done };
}

/** The acts of others on five orders of this call, each time on other ones. */
function actsDuring(call: number, orders: readonly Order[]): { order: Order; act: string }[] {
  return ACTS.flatMap((act, n) => {
    const order = orders[call * MAX_SHIP_ROWS + ((n + call) % ACTS.length) * ACTS.length + (call % ACTS.length)];
    return order === undefined ? [] : [{ order, act }];
  });
}

test('of 500 orders that are cancelled, refunded and shipped by others meanwhile, each row ships once or says why not', async () => {
  const orders = await makeOrders(500);
  const rows = fileOf(orders);
  const outcomes: Outcome[] = [];
  const others: Other[] = [];
  const calls = callsOf(rows);
  for (const [n, call] of calls.entries()) {
    const acts = () => actsDuring(n, orders).map(({ order, act }) => actOf(order, act));
    // In the first call's orders others are first, in the last call's they are last; in between they race.
    if (n === 0) others.push(...(await Promise.all(acts())));
    const racing = n === 0 || n === calls.length - 1 ? [] : acts();
    outcomes.push(...(await send(call)));
    others.push(...(await Promise.all(racing)));
    if (n === calls.length - 1) others.push(...(await Promise.all(acts())));
  }
  expect(outcomes).toHaveLength(rows.length);
  const after = await readOrders();
  for (const [index, row] of rows.entries()) expectOutcomeTrue(row, outcomes[index], after, others);
  // Others met each row before and after it was done.
  for (const act of ['cancel', 'ship all'])
    expect(new Set(others.filter((other) => other.act === act).map(({ done }) => done)).size).toBe(2);
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['shipped', 'refused', 'done_before']));
  await finishRefunds(shop);
  await work(shop);
  await expectAllConsistent(shop);
}, 60_000);

/** The order has the row's one parcel exactly when the row says so, and what was refused has a cause that others made. */
function expectOutcomeTrue(
  { code, key, lines }: Row,
  row: Outcome | undefined,
  after: ReadonlyMap<string, Order>,
  others: readonly Other[],
): void {
  const order = after.get(code ?? '');
  if (order === undefined || row === undefined) throw new Error(`the order or the outcome of ${key} is lost`);
  const where = `${order.code} ${JSON.stringify(others.filter((other) => other.code === order.code))}`;
  const parcels = (order.shipments ?? []).filter(({ shipmentId }) => shipmentId === key);
  const met = others.find((other) => other.code === order.code);
  expect([where, row.order?.code, parcels.length]).toEqual([where, order.code, row.outcome === 'shipped' ? 1 : 0]);
  for (const { lineId, ordered, unshipped, shipped } of unitsByLine(order))
    expect([where, lineId, unshipped + shipped <= ordered]).toEqual([where, lineId, true]);
  if (row.outcome === 'refused') {
    expect([where, row.error?.errorCode]).toEqual([where, 'ORDER_STATE_CONFLICT']);
    expect([where, met?.done]).toEqual([where, true]);
    return;
  }
  if (met?.done && row.outcome === 'done_before') {
    expect([where, met.act]).toEqual([where, 'ship the same parcel']);
    return;
  }
  if (met === undefined || !met.done) {
    expect([where, row.outcome]).toEqual([where, 'shipped']);
    expect([where, unitsIn(liveShipments(order).flatMap((one) => one.lines))]).toEqual([where, lines ? 1 : 3]);
  }
}

test('a file that is sent again because the browser went away in the middle of a call ships each row once, and so does a third time', async () => {
  const orders = await makeOrders(100);
  const rows = fileOf(orders);
  const [first = [], second = [], third = []] = callsOf(rows);
  for (const call of [first, second]) await send(call);
  const left = await goAwayDuring(third);
  expect(left).toBeGreaterThan(0);

  const again = await sendAll(rows);
  const sent = first.length + second.length;
  expect(again.slice(0, sent).map(({ outcome }) => outcome)).toEqual(first.concat(second).map(() => 'done_before'));
  expect(again.slice(sent).filter(({ outcome }) => outcome === 'refused')).toEqual([]);
  const after = await readOrders();
  for (const { code, key, lines } of rows) {
    const { shipments = [] } = after.get(code ?? '') ?? {};
    const units = unitsIn(shipments.flatMap((one) => one.lines));
    expect([code, shipments.map(({ shipmentId }) => shipmentId), units]).toEqual([code, [key], lines ? 1 : 3]);
  }

  const before = await everything(shop.db);
  const onceMore = await sendAll(rows);
  expect(onceMore.map(({ outcome }) => outcome)).toEqual(rows.map(() => 'done_before'));
  expect(onceMore.map(({ order }) => order?.code)).toEqual(rows.map(({ code }) => code));
  expect(await everything(shop.db)).toBe(before);
  await work(shop);
  await expectAllConsistent(shop);
}, 60_000);

/** Sends the call and destroys its connection once a few rows have shipped. Returns how many had not by then. */
async function goAwayDuring(rows: readonly Row[]): Promise<number> {
  const shipped = () =>
    driverCollection(shop.db.orders).countDocuments({ 'shipments.shipmentId': { $in: rows.map(({ key }) => key) } });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${shop.staff.token}` };
  const browser = request(`${shop.url}/trpc/admin.shipMany`, { method: 'POST', headers });
  const answered = once(browser, 'response').then(
    () => 'a response',
    (error: Error) => error.message,
  );
  browser.end(JSON.stringify({ rows }));
  await eventually('the first rows of the call to ship', async () => (await shipped()) >= 3);
  browser.destroy(new Error('the browser went away'));
  expect(await answered).toBe('the browser went away');
  return rows.length - (await shipped());
}
