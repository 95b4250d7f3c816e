/** A backlog of five thousand paid orders with one variant that other clients update every 8 ms (Q9). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import type { LedgerTransaction } from '../../dev/paystack-sandbox/src/index.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import type { Order } from '../../models/order/order-document.ts';
import { settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase } from '../support/orders.ts';
import { testMongoUri } from '../support/test-mongo.ts';

const ORDERS = 5_000;
const UPDATE_EVERY_MS = 8;
/** An idle machine needs a few seconds, a busy one up to a minute. */
const WITHIN_MS = 120_000;

let db: Database;
let others: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
  others = await openDatabase(testMongoUri(), { dbName: db.connection.name });
});
afterAll(async () => {
  await others.connection.close();
  await db.connection.close();
});

test('five thousand waiting orders with a hot variant settle in batches, each once, in the order of payment', async () => {
  const now = new Date();
  const [hot, ...more] = await makeCatalogue(db, { variants: 21, stock: 10 * ORDERS, now });
  if (!hot) throw new Error('no variant was made');
  const orders: Order[] = [];
  for (const variant of more) {
    const lines = [
      { variant: hot, quantity: 1 },
      { variant, quantity: 2 },
    ];
    const model = await makePaidOrder(db, { lines, now });
    const copies = Array.from({ length: ORDERS / more.length - 1 }, (_, n) => copyOf(model, n));
    await driverCollection(db.orders).insertMany(copies);
    orders.push(model, ...copies);
  }
  expect(orders).toHaveLength(ORDERS);

  const writer = await keepUpdating(String(hot._id));
  const batches: number[] = [];
  const beganAt = performance.now();
  while (performance.now() - beganAt < WITHIN_MS) {
    const { ended } = await settlePaidOrders(db, {
      holder: 'backlog',
      now: () => now,
      budgetMs: 15_000,
      waitForLease: true,
      refundIdFor: ({ _id }) => `refund-${_id}`,
      onBatch: ({ settled }) => void batches.push(settled.length),
    });
    if (ended === 'drained') break;
  }
  const written = await writer.stop();

  expect(await db.orders.countDocuments({ status: 'confirmed' })).toBe(ORDERS);
  expect(batches.reduce((sum, size) => sum + size, 0)).toBe(ORDERS);
  // A batch must be read between two writes of the other clients. An idle machine reads hundreds of orders in that time, a
  // busy one only dozens.
  expect(Math.max(...batches)).toBeGreaterThanOrEqual(16);
  expect(batches.length).toBeLessThan(ORDERS / 2);
  // The other clients could write meanwhile.
  expect(written).toBeGreaterThan(batches.length);
  expect(await db.orders.countDocuments({ 'settlement.attempts': { $gt: 0 } })).toBe(0);
  const charges = orders.map(toCharge);
  await assertInvariants(
    {
      db,
      sandbox: { ledger: () => ({ transactions: charges, charges, refunds: [], disputes: [], settlements: [] }) },
      mailbox: { mails: () => [] },
    },
    { now },
  );
}, 180_000);

let copied = 0;

/** The same purchase by another shopper, paid a little later. */
function copyOf(order: Order, n: number): Order {
  copied += 1;
  const code = `COPY${copied}`;
  const reference = `ord-${code}-1`;
  const [charge] = order.payments;
  if (!charge) throw new Error('a paid order has a charge');
  const paidAt = new Date((charge.paidAt?.getTime() ?? 0) + n);
  return {
    ...order,
    _id: new Types.ObjectId(),
    code,
    userId: new Types.ObjectId(),
    checkoutKey: code,
    txRef: reference,
    paidReference: reference,
    payments: [{ ...charge, reference, paidAt, gatewayId: String(5_000_000_000 + copied) }],
    settlement: { ...order.settlement, queuedAt: paidAt },
  };
}

/** Updates the variant until stopped; `stop` resolves with the number of updates. */
async function keepUpdating(variantId: string): Promise<{ stop(): Promise<number> }> {
  let writes = 0;
  let over = false;
  const write = async () => {
    while (!over) {
      const pause = new Promise((resolve) => setTimeout(resolve, UPDATE_EVERY_MS));
      await others.variants.updateOne({ _id: variantId }, { $set: { title: `Written ${writes}` } });
      writes += 1;
      await pause;
    }
  };
  const writing = write();
  await eventually('the first writes', () => writes > 3);
  return {
    async stop() {
      over = true;
      await writing;
      return writes;
    },
  };
}

function toCharge({ txRef, total, currency, contactSnapshot, payments }: Order): LedgerTransaction {
  const at = new Date().toISOString();
  return {
    id: Number(payments[0]?.gatewayId),
    reference: txRef,
    accessCode: txRef,
    domain: 'test',
    email: contactSnapshot.email,
    currency,
    requestedAmount: total,
    amount: total,
    fees: 0,
    callbackUrl: null,
    metadata: '',
    status: 'success',
    gatewayResponse: 'Successful',
    channel: 'card',
    last4: '4081',
    channels: ['card'],
    waiting: null,
    rejectedTransfers: [],
    refundEnd: 'processed',
    createdAt: at,
    paidAt: at,
    settlementId: null,
    attempts: [],
    refunds: [],
    disputes: [],
  };
}
