/**
 * What one would write first on this stack: one Agenda job an order, each in a transaction of its own with the same writes
 * as ours. Given its best: the bare driver, projections, one bulk write for the variants, as many jobs at once as serve it
 * best, jobs stored beforehand.
 */
import { MongoBackend, MongoChangeStreamNotificationChannel } from '@agendajs/mongo-backend';
import { Agenda, type Job } from 'agenda';
import type { ClientSession } from 'mongodb';
import { Types } from 'mongoose';
import { inTransaction } from '../../models/connection.ts';
import type { Database } from '../../models/database.ts';
import { newEmail } from '../../models/email-outbox.ts';
import { quantitiesByVariant } from '../../models/order.ts';
import type { Order } from '../../models/order-document.ts';
import { orderMovement } from '../../models/stock-movement.ts';
import type { Contestant } from './contest.ts';
import type { MongoGround } from './mongo-ground.ts';
import { prepareMongoRound } from './ours.ts';

const JOB = 'settleOneOrder';
const COLLECTION = 'benchJobs';
/** A crowd on one variant conflicts many times before each has had its turn. */
const ATTEMPTS = 1_000;
const DEADLINE_MS = 60_000;

export function oneJobPerOrder(ground: MongoGround, ordersPerRound: number, concurrency: number): Contestant {
  return {
    name: `one Agenda job and transaction per order (${concurrency} at once)`,
    ordersPerRound,
    async prepare(load) {
      const filled = await prepareMongoRound(ground, load);
      await storeJobs(filled.db);
      return { ...filled, settle: () => runJobs(filled.db, load.orders, concurrency) };
    },
  };
}

async function runJobs(db: Database, orders: number, concurrency: number): Promise<void> {
  const mongo = db.connection.db;
  if (!mongo) throw new Error('The database is open.');
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo, collection: COLLECTION }),
    processEvery: 100,
    maxConcurrency: concurrency,
    defaultConcurrency: concurrency,
    notificationChannel: new MongoChangeStreamNotificationChannel({ db: mongo, collection: COLLECTION }),
  });
  await agenda.ready;
  let left = orders;
  await new Promise<void>((resolve, reject) => {
    agenda.on('error', reject);
    agenda.define(
      JOB,
      async (job: Job<{ orderId: string }>) => {
        try {
          await settleOne(db, new Types.ObjectId(job.attrs.data.orderId));
        } catch (error) {
          reject(error);
        }
        left -= 1;
        if (left === 0) resolve();
      },
      { concurrency, lockLimit: concurrency },
    );
    agenda.start().catch(reject);
  });
  await agenda.stop(false);
}

/** As agenda.now() would have stored them, in one insert. */
async function storeJobs(db: Database): Promise<void> {
  const orders = await db.orders
    .find({}, { _id: 1 })
    .sort({ 'settlement.dueAt': 1, _id: 1 })
    .lean<{ _id: Types.ObjectId }[]>();
  const now = new Date();
  await db.connection.collection(COLLECTION).insertMany(
    orders.map(({ _id }) => ({
      name: JOB,
      type: 'normal',
      priority: 0,
      data: { orderId: String(_id) },
      nextRunAt: now,
      lastModifiedBy: null,
      lockedAt: null,
    })),
  );
}

async function settleOne(db: Database, orderId: Types.ObjectId): Promise<void> {
  await inTransaction(db, (session) => settleInTransaction(db, orderId, session), {
    attempts: ATTEMPTS,
    deadlineMs: DEADLINE_MS,
  });
}

async function settleInTransaction(db: Database, orderId: Types.ObjectId, session: ClientSession): Promise<void> {
  const projection = { version: 1, status: 1, paymentStatus: 1, userId: 1, 'items.variantId': 1, 'items.quantity': 1 };
  const order = await db.orders.collection.findOne<Order>({ _id: orderId }, { session, projection });
  if (order?.status !== 'pending' || order.paymentStatus !== 'paid') return;
  const now = new Date();
  const quantities = quantitiesByVariant(order.items).sort((a, b) =>
    String(a.variantId) < String(b.variantId) ? -1 : 1,
  );
  const taken = await db.variants.collection.bulkWrite(
    quantities.map(({ variantId, quantity }) => ({
      updateOne: { filter: { _id: variantId, stock: { $gte: quantity } }, update: { $inc: { stock: -quantity } } },
    })),
    { session },
  );
  if (taken.matchedCount !== quantities.length) throw new Error('This benchmark never runs out of stock.');
  await confirm(db, order, now, session);
  const rows = quantities.map(({ variantId, quantity }) =>
    orderMovement('sale', orderId, variantId, quantity, 'system', now),
  );
  await db.stockMovements.collection.insertMany(rows as never[], { session });
  const emptied = { items: [], itemCount: 0, subtotal: 0, currency: null };
  await db.carts.collection.updateOne({ _id: order.userId }, { $set: emptied }, { session });
  const email = newEmail(orderId, 'order_confirmed', order.version + 1, {}, now);
  await db.emails.collection.insertOne(email as never, { session });
}

async function confirm(db: Database, order: Order, at: Date, session: ClientSession): Promise<void> {
  const { _id, version } = order;
  const [from, to] = (['pending', 'confirmed'] as const).map((status) => ({ status, paymentStatus: 'paid' }));
  const entry = { seq: version + 1, at, actor: 'system', from, to, reason: 'stock taken' };
  await db.orders.collection.updateOne(
    { _id, version, status: 'pending', paymentStatus: 'paid' },
    {
      $set: { status: 'confirmed', hold: 'taken', settlement: { attempts: 0 } },
      $unset: { verifyDueAt: 1 },
      $inc: { version: 1 },
      $push: { history: entry } as never,
    },
    { session },
  );
}
