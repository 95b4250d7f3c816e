/**
 * The commands of the other measured procedures written by hand, in the same order as ours. tests/component/bench-rivals
 * compares both.
 */
import { createHash } from 'node:crypto';
import type { Db, Document, MongoClient, ObjectId } from 'mongodb';
import { ACCOUNT } from '../../../models/accounts/find-user.ts';
import type { CartItem } from '../../../models/cart/cart-document.ts';
import type { OfferedVariant } from '../../../models/catalogue/find-variants.ts';
import { composeOrder } from '../../../models/checkout/compose-order.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { readVariants } from './bare-cart.ts';

const byCurrency = [
  { $match: { archivedAt: null } },
  { $group: { _id: '$currency', least: { $min: '$price' }, most: { $max: '$price' }, stock: { $max: '$stock' } } },
  { $sort: { _id: 1 } },
];

export function bareCatalogue(db: Db): Promise<Document[]> {
  const offers = { from: 'variants', localField: '_id', foreignField: 'productId', pipeline: byCurrency, as: 'offers' };
  return db
    .collection('products')
    .aggregate([
      { $match: { archivedAt: null } },
      { $sort: { _id: -1 } },
      { $limit: 21 },
      { $lookup: offers },
      { $project: { slug: 1, title: 1, category: 1, score: 1, offers: 1 } },
    ])
    .toArray();
}

export async function bareOrder(db: Db, userId: ObjectId, _id: ObjectId): Promise<Document | null> {
  await db.collection('users').findOne({ _id: userId }, { projection: ACCOUNT });
  return db.collection('orders').findOne({ _id, userId }, { readConcern: { level: 'majority' } });
}

interface Means {
  client: MongoClient;
  db: Db;
  paystackUrl: string;
  key: string;
}

export async function bareInitialize(
  means: Means,
  userId: ObjectId,
  { code, checkoutKey }: { code: string; checkoutKey: string },
): Promise<{ orderId: ObjectId; txRef: string; amount: number }> {
  const { db } = means;
  const orders = db.collection<Order>('orders');
  const [cart] = await Promise.all([
    db.collection('carts').findOne({ _id: userId }),
    db.collection('users').findOne({ _id: userId }, { projection: ACCOUNT }),
  ]);
  // The account keeps the address.
  await db
    .collection('users')
    .bulkWrite([{ updateOne: { filter: { _id: userId }, update: { $set: { addresses: [] } } } }]);
  const { _id, txRef, total } = await placeOrder(means, userId, { code, checkoutKey, items: cart?.items ?? [] });
  const page = await initializeTransaction(means, {
    email: 'shopper@example.com',
    amount: total,
    currency: 'NGN',
    reference: txRef,
  });
  const opened = {
    'payments.0.status': 'initialized',
    'payments.0.authorizationUrl': page,
    'payments.0.accessCode': page.slice(-15),
  } as const;
  await orders.updateOne({ _id, version: 1 }, { $set: opened, $inc: { version: 1 } });
  return { orderId: _id, txRef, amount: total };
}

async function placeOrder(
  { db }: Means,
  userId: ObjectId,
  { code, checkoutKey, items }: { code: string; checkoutKey: string; items: CartItem[] },
): Promise<Order> {
  const now = new Date();
  const orders = db.collection<Order>('orders');
  const unpaid = { userId, status: 'pending', paymentStatus: 'unpaid' } as const;
  const ids = items.map(({ variantId }) => variantId);
  const [variants] = await Promise.all([
    readVariants(db, ids),
    orders.find(unpaid, { projection: { code: 1, userId: 1 }, sort: { _id: 1 } }).toArray(),
  ]);
  const order = composeOrder(
    {
      userId,
      contact: { email: 'shopper@example.com', name: 'Ada Obi' },
      shippingAddress: {
        name: 'Ada Obi',
        line1: '12 Marina Road',
        city: 'Lagos',
        state: 'Lagos',
        country: 'NG',
        phone: '+2348000000000',
        phoneE164: '+2348000000000',
      },
      checkoutKey,
      sent: {},
      shippingFees: [{ amount: 0, currency: 'NGN' }],
      reservationMinutes: 0,
      code,
      now,
    },
    { items, currency: 'NGN' },
    new Map(variants.map((variant) => [String(variant._id), variant as OfferedVariant])),
  );
  await orders.insertOne(order);
  return order;
}

async function initializeTransaction({ paystackUrl, key }: Means, body: Document): Promise<string> {
  const reply = await fetch(`${paystackUrl}/transaction/initialize`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { data } = (await reply.json()) as { data: { authorization_url: string } };
  return data.authorization_url;
}

export async function bareWebhook(db: Db, bytes: Buffer): Promise<Document> {
  const { data } = JSON.parse(bytes.toString());
  const digest = createHash('sha256').update(bytes).digest('hex');
  const inbox = db.collection<{ _id: string }>('webhookevents');
  const now = new Date();
  const event = {
    event: 'charge.success',
    kind: 'charge',
    reference: data.reference,
    charge: data,
    receivedAt: now,
    attempts: 0,
    dueAt: now,
  };
  await inbox.updateOne({ _id: digest }, { $setOnInsert: event, $inc: { deliveries: 1 } }, { upsert: true });
  const orders = db.collection<Order>('orders');
  const order = await orders.findOne({ 'payments.reference': data.reference });
  if (!order) throw new Error('no such order');
  const [attempt] = order.payments;
  const entry = {
    seq: order.version + 1,
    at: now,
    actor: 'paystack',
    type: 'payment_received',
    data: { reference: data.reference },
    from: { status: 'pending', paymentStatus: 'unpaid' },
    to: { status: 'pending', paymentStatus: 'paid' },
  };
  await orders.updateOne({ _id: order._id, version: order.version }, {
    $set: {
      payments: [{ ...attempt, status: 'succeeded', amount: data.amount, paidAt: now }],
      paidReference: data.reference,
      paymentStatus: 'paid',
      settlement: { dueAt: now, attempts: 0 },
    },
    $inc: { version: 1 },
    $push: { history: entry },
  } as Document);
  const waiting = { name: 'processOrderPayment', type: 'normal', lockedAt: null, nextRunAt: { $ne: null } };
  const job = { name: 'processOrderPayment', type: 'normal', priority: 0, data: {}, nextRunAt: now };
  await db
    .collection('agendaJobs')
    .findOneAndUpdate(waiting, { $setOnInsert: { ...job, lockedAt: null } }, { upsert: true });
  await inbox.updateOne(
    { _id: digest },
    { $set: { appliedAt: now, outcome: { code: 'charge_recorded', charge: 'paid' } }, $unset: { dueAt: 1 } },
    { writeConcern: { w: 1, journal: false } },
  );
  return { received: true };
}
