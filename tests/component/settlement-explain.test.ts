/**
 * Every query of settlement and of the queues uses an index: no collection scan, no sort in memory. The test explains
 * the commands that the driver sent, so it holds no copies of queries.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Document } from 'mongodb';
import mongoose, { Types } from 'mongoose';
import { createUser } from '../../models/accounts/create-user.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { bindDatabase, type Database } from '../../models/db/database.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import { claimDueEmails } from '../../models/messaging/email-outbox.ts';
import { findDueWebhooks } from '../../models/messaging/webhook-inbox.ts';
import { findOrderByReference } from '../../models/order/queries/find-order.ts';
import { findOrdersOfUser } from '../../models/order/queries/list-orders.ts';
import { type OrderSearch, searchOrders } from '../../models/order/queries/search-orders.ts';
import { findDueVerifies } from '../../models/payment/verify-queue.ts';
import { findDueRefunds } from '../../models/refund/refund-queue.ts';
import { settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { isSettlementDue } from '../../models/settlement/settlement-queue.ts';
import { storePaidOrders, storeShop } from '../bench/fill.ts';
import { composeShop } from '../bench/load.ts';
import { testMongoUri, uniqueDatabaseName } from '../support/test-mongo.ts';

const now = new Date();
const sent: Document[] = [];
let db: Database;

beforeAll(async () => {
  const options = { dbName: uniqueDatabaseName(), monitorCommands: true, autoIndex: false, autoCreate: false };
  db = bindDatabase(await mongoose.createConnection(testMongoUri(), options).asPromise());
  await migrate(db);
  const shop = composeShop(now);
  await storeShop(db, shop, now);
  await storePaidOrders(db, shop, { orders: 300, mix: 'mixed' }, now);
  await createUser(db, { email: 'shopper@example.com', name: 'Ada Obi', passwordHash: 'none' }, now);
  db.connection.getClient().on('commandStarted', ({ command }) => sent.push(command));
});

afterAll(() => db.connection.close());

const settleAll = () =>
  settlePaidOrders(db, {
    holder: 'explain',
    now: () => now,
    budgetMs: 20_000,
    waitForLease: true,
    refundIdFor: () => 'refund',
  });
const listOfShopper = (status?: 'pending') => findOrdersOfUser(db, new Types.ObjectId(), { limit: 20, status });
const movementsOfVariant = async () => {
  const { variantId } = (await driverCollection(db.stockMovements).findOne())?.lines[0] ?? {};
  return driverCollection(db.stockMovements)
    .find({ 'lines.variantId': variantId }, { sort: { at: -1 }, limit: 20 })
    .toArray();
};
const search = (by: Partial<OrderSearch>) => searchOrders(db, { limit: 20, ...by });

test('a settlement scans no collection and sorts nothing in memory, in any of its commands', async () => {
  const stages = await stagesOf(settleAll);
  expect(stages.map(({ command }) => command)).toEqual(
    expect.arrayContaining([
      'find orders',
      'find variants',
      'update variants',
      'update orders',
      'find carts',
      'update carts',
      'findAndModify leases',
    ]),
  );
  expectIndexed(stages);
});

describe('runs on an index, in its order:', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['the look for a due settlement', () => isSettlementDue(db, now)],
    ['due verifies', () => findDueVerifies(db, now, 500)],
    ['due refunds', () => findDueRefunds(db, now, 500)],
    ['due webhooks', () => findDueWebhooks(db, now, 500)],
    ['the next emails', () => claimDueEmails(db, 'explain', now, 8)],
    ['the order of a reference', () => findOrderByReference(db, 'ord-B00000000001-1')],
    ["a shopper's orders", () => listOfShopper()],
    ["a shopper's orders of one status", () => listOfShopper('pending')],
    ["staff's orders of one status", () => search({ status: 'confirmed' })],
    ["staff's orders of one address", () => search({ email: 'shopper@example.com' })],
    ['all orders, newest first', () => search({})],
    ["a variant's movements, newest first", movementsOfVariant],
  ])('%s', async (_name, act) => expectIndexed(await stagesOf(act)));
});

describe('is found without a scan, and is so little that sorting it costs nothing:', () => {
  test.each<[string, Partial<OrderSearch>]>([
    ['the order of one code', { code: 'B00000000001' }],
    ['parked settlements', { attention: 'parked' }],
    ['charges in review', { attention: 'review' }],
    ['refunds that failed', { attention: 'refund' }],
    ['stuck work', { attention: 'stuck' }],
  ])('%s', async (_name, by) => {
    const [plan] = await stagesOf(() => search(by));
    expect(plan?.stages).toContain('IXSCAN');
    expect(plan?.stages).not.toContain('COLLSCAN');
  });
});

interface Explained {
  /** Such as `find orders`. */
  command: string;
  /** Every stage of the winning plan, outermost first. */
  stages: string[];
}

function expectIndexed(explained: Explained[]): void {
  expect(explained.length).toBeGreaterThan(0);
  for (const { command, stages } of explained) {
    expect({ command, scanned: stages.includes('COLLSCAN'), sorted: stages.includes('SORT') }).toEqual({
      command,
      scanned: false,
      sorted: false,
    });
    expect(stages.some((stage) => stage === 'IXSCAN' || stage === 'IDHACK')).toBe(true);
  }
}

/** Runs `act` and explains one of each kind of command with a filter that it sent. */
async function stagesOf(act: () => Promise<unknown>): Promise<Explained[]> {
  sent.length = 0;
  await act();
  const kinds = new Map<string, Document>();
  for (const command of sent) {
    const [name, collection] = Object.entries(command)[0] ?? [];
    if (name !== undefined && EXPLAINABLE.has(name)) kinds.set(`${name} ${collection}`, command);
  }
  const explained: Explained[] = [];
  for (const [command, document] of kinds) {
    const reply = await db.connection.db?.command({ explain: explainable(document), verbosity: 'queryPlanner' });
    explained.push({ command, stages: collectStages(reply?.queryPlanner?.winningPlan) });
  }
  return explained;
}

const EXPLAINABLE: ReadonlySet<string> = new Set(['find', 'update', 'findAndModify', 'delete']);
const SESSION_FIELDS = [
  'lsid',
  'txnNumber',
  'startTransaction',
  'autocommit',
  'readConcern',
  'writeConcern',
  '$db',
  '$clusterTime',
];

/** Without its transaction, and with one write of many, because explain accepts no more. */
function explainable(command: Document): Document {
  const kept = Object.entries(command).filter(([field]) => !SESSION_FIELDS.includes(field));
  const first = (value: unknown) => (Array.isArray(value) ? value.slice(0, 1) : value);
  return Object.fromEntries(
    kept.map(([field, value]) => [field, field === 'updates' || field === 'deletes' ? first(value) : value]),
  );
}

function collectStages(plan: Document | undefined): string[] {
  if (plan === undefined) return [];
  const inner: Document[] = [...(plan.inputStages ?? []), ...(plan.inputStage ? [plan.inputStage] : [])];
  return [String(plan.stage), ...inner.flatMap(collectStages)];
}
