/**
 * The obvious design on this stack: one Agenda job per order, each with its own transaction and the same writes as ours.
 * It runs at its best: the bare driver, projections, one bulk write for the variants and the best concurrency. Jobs are
 * stored and the worker is warm before the clock starts.
 */
import { MongoBackend, MongoChangeStreamNotificationChannel } from '@agendajs/mongo-backend';
import { Agenda, type Job } from 'agenda';
import type { ClientSession } from 'mongodb';
import { Types } from 'mongoose';
import { quantitiesByVariant } from '../../models/catalogue/quantities-by-variant.ts';
import { orderMovement } from '../../models/catalogue/stock-movement.ts';
import type { Database } from '../../models/db/database.ts';
import { inTransaction } from '../../models/db/transaction.ts';
import { newEmail } from '../../models/messaging/email-document.ts';
import type { Order } from '../../models/order/order-document.ts';
import { IS_QUEUED, QUEUE_ORDER } from '../../models/settlement/settlement-queue.ts';
import { type Contestant, WARM_UP_ORDERS } from './contest.ts';
import type { MongoServer } from './mongo-server.ts';
import { openRoundDatabase } from './round-database.ts';

const COLLECTION = 'benchJobs';
/** Transactions on one hot variant meet many write conflicts before they commit. */
const ATTEMPTS = 1_000;
const DEADLINE_MS = 60_000;

export function oneJobPerOrder(server: MongoServer, ordersPerRound: number, concurrency: number): Contestant {
  return {
    name: `one Agenda job and transaction per order (${concurrency} at once)`,
    ordersPerRound,
    async prepare(load) {
      const round = await openRoundDatabase(server);
      const worker = await startWorker(round.db, concurrency);
      await round.fill({ ...load, orders: WARM_UP_ORDERS });
      const warmUp = await worker.queue(await findWaiting(round.db));
      await warmUp();
      await round.fill(load);
      const settle = await worker.queue(await findWaiting(round.db));
      return {
        ...round,
        settle,
        async discard() {
          await worker.stop();
          await round.discard();
        },
      };
    },
  };
}

interface JobWorker {
  /**
   * Stores all jobs but the last under a name that Agenda has not defined yet. The returned function defines the name and
   * stores the last job, which wakes the worker. It resolves when the last order is settled.
   */
  queue(orderIds: readonly Types.ObjectId[]): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

async function startWorker(db: Database, concurrency: number): Promise<JobWorker> {
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
  let fail = (_error: unknown): void => undefined;
  agenda.on('error', (error) => fail(error));
  await agenda.start();
  let queues = 0;
  return {
    async queue(orderIds) {
      queues += 1;
      const name = `settleOneOrder${queues}`;
      await storeJobs(db, name, orderIds.slice(0, -1));
      return () =>
        new Promise((resolve, reject) => {
          fail = reject;
          let left = orderIds.length;
          const run = async (job: Job<{ orderId: string }>) => {
            await settleOne(db, new Types.ObjectId(job.attrs.data.orderId)).catch(reject);
            left -= 1;
            if (left === 0) resolve();
          };
          agenda.define(name, run, { concurrency, lockLimit: concurrency });
          storeJobs(db, name, orderIds.slice(-1)).catch(reject);
        });
    },
    stop: () => agenda.stop(false),
  };
}

async function findWaiting(db: Database): Promise<Types.ObjectId[]> {
  const waiting = await db.orders.find(IS_QUEUED, { _id: 1 }).sort(QUEUE_ORDER).lean<{ _id: Types.ObjectId }[]>();
  return waiting.map(({ _id }) => _id);
}

/** The documents that `agenda.now()` stores, in one insert. */
async function storeJobs(db: Database, name: string, orderIds: readonly Types.ObjectId[]): Promise<void> {
  const now = new Date();
  await db.connection.collection(COLLECTION).insertMany(
    orderIds.map((orderId) => ({
      name,
      type: 'normal',
      priority: 0,
      data: { orderId: String(orderId) },
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
  const movement = orderMovement('sale', orderId, quantities, 'system', now);
  await db.stockMovements.collection.insertOne(movement as never, { session });
  const emptied = { items: [], itemCount: 0, subtotal: 0, currency: null };
  await db.carts.collection.updateOne({ _id: order.userId }, { $set: emptied }, { session });
  const email = newEmail(orderId, 'order_confirmed', order.version + 1, {}, now);
  await db.emails.collection.insertOne(email as never, { session });
}

async function confirm(db: Database, order: Order, at: Date, session: ClientSession): Promise<void> {
  const { _id, version } = order;
  const [from, to] = (['pending', 'confirmed'] as const).map((status) => ({ status, paymentStatus: 'paid' }));
  const entry = { seq: version + 1, at, actor: 'system', type: 'order_confirmed', from, to };
  await db.orders.collection.updateOne(
    { _id, version, status: 'pending', paymentStatus: 'paid' },
    {
      $set: { status: 'confirmed', reservation: 'committed', settlement: { attempts: 0 } },
      $unset: { verifyDueAt: 1 },
      $inc: { version: 1 },
      $push: { history: entry } as never,
    },
    { session },
  );
}
