/** Orders of two years with their search rows, for the benchmark of staff's searches. */
import type { Types } from 'mongoose';
import type { OrderStatus } from '../../models/contract/statuses.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import { orderEmailId } from '../../models/messaging/outbox-id.ts';
import { referenceOf } from '../../models/order/ids/reference.ts';
import type { Order } from '../../models/order/order-document.ts';
import { toSearchTokens } from '../../models/search/order-tokens.ts';
import { composePaidOrders, composeShop, createChance } from './load.ts';
import { formatNumber } from './report.ts';

const CHUNK = 1_000;
const YEARS_MS = 2 * 365 * 24 * 3600_000;
const QUICK = { ordered: false, writeConcern: { w: 1, journal: false } };
/** Orders that the searches look for. */
const SAMPLES = 100;
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const SYLLABLES = [
  ...['Ade', 'Olú', 'Chi', 'Ngọ', 'Ama', 'Kọ́', 'Fẹ́', 'Ibr', 'Mus', 'Zai', 'Eme', 'Oba'],
  ...['Tun', 'Bis', 'Yẹ́', 'Nne'],
];
const ENDINGS = ['ola', 'yemi', 'dike', 'zi', 'funke', 'wale', 'bunmi', 'rahim', 'nab', 'eka', 'sewa', 'tope', 'uche'];

/** Words by which staff search an order. */
export interface Person {
  code: string;
  first: string;
  last: string;
  email: string;
  /** With the country, without a plus. */
  phone: string;
  sku: string;
  tracking: string;
  product: string;
  userId: Types.ObjectId;
  status: OrderStatus;
  placedAt: Date;
}

export async function fillSearch(db: Database, orders: number, progress: (line: string) => void): Promise<Person[]> {
  const now = new Date();
  const shop = composeShop(now);
  const chance = createChance(orders);
  const people: Person[] = [];
  // The indexes are built at the end, which takes a fraction of the time.
  await driverCollection(db.orders).dropIndexes();
  await driverCollection(db.orderSearch).dropIndexes();
  for (let done = 0; done < orders; done += CHUNK) {
    const placedAt = new Date(now.getTime() - YEARS_MS * (1 - done / orders));
    const composed = [...composePaidOrders(shop, { orders: CHUNK, mix: 'mixed' }, placedAt, done)];
    const varied = composed.map(({ order }, index) => vary(order, done + index, chance));
    await driverCollection(db.orders).insertMany(
      varied.map(({ order }) => order),
      QUICK,
    );
    await driverCollection(db.orderSearch).insertMany(
      varied.map(({ order }) => ({ _id: order._id, t: toSearchTokens(order), v: order.version })),
      QUICK,
    );
    await storeFailedEmails(db, varied[0]?.order, placedAt);
    if (done % Math.ceil(orders / SAMPLES / CHUNK) === 0)
      for (const { person } of varied.slice(0, Math.ceil((SAMPLES * CHUNK) / orders))) people.push(person);
    if ((done / CHUNK) % 50 === 0) progress(`search: ${formatNumber(done)} orders stored`);
  }
  await storeCustomers(db, people);
  progress('search: all orders stored');
  await migrate(db);
  progress('search: indexes built');
  return people;
}

/** One of each chunk has failed, as after a day without a provider. */
async function storeFailedEmails(db: Database, order: Order | undefined, at: Date): Promise<void> {
  if (order === undefined) return;
  const failed = { state: 'parked', attempts: 9, data: {}, createdAt: at, parkedAt: at } as const;
  const email = {
    _id: orderEmailId(order._id, 'order_confirmed', 1),
    orderId: order._id,
    kind: 'order_confirmed',
  } as const;
  await driverCollection(db.emails).insertOne({ ...email, ...failed });
}

/** Those whom the searches look for have accounts. */
async function storeCustomers(db: Database, people: readonly Person[]): Promise<void> {
  const accounts = people.map(({ userId: _id, email, first: name, placedAt: createdAt }) => {
    return { _id, email, name, role: 'customer', createdAt } as const;
  });
  await driverCollection(db.users).insertMany(accounts, QUICK);
}

/** Some thousand orders need attention, each kind as often as the others. */
function troubleOf(n: number, at: Date): Partial<Order> {
  switch (n % 1_000) {
    case 1:
      return { reviewSince: at };
    case 2:
      return { refundAttentionSince: at };
    case 3:
      return { stuckSince: at };
    case 4:
      return { disputeAnswerBy: new Date(at.getTime() + 48 * 3600_000) };
    default:
      return {};
  }
}

const pick = <T>(values: readonly T[], chance: () => number): T => {
  // Squared, because some names are far more frequent than others.
  const value = values[Math.floor(chance() ** 2 * values.length)];
  if (value === undefined) throw new Error('Nothing to pick from.');
  return value;
};

const STATUSES: readonly OrderStatus[] = [
  ...Array<OrderStatus>(40).fill('delivered'),
  ...(['cancelled', 'cancelled', 'refunded', 'shipped', 'shipped', 'confirmed', 'confirmed', 'pending'] as const),
];

function vary(order: Order, n: number, chance: () => number): { order: Order; person: Person } {
  const code = Array.from({ length: 12 }, () => CODE_ALPHABET[Math.floor(chance() * CODE_ALPHABET.length)]).join('');
  const [first, last] = [1, 2].map(() => pick(SYLLABLES, chance) + pick(ENDINGS, chance));
  if (first === undefined || last === undefined) throw new Error('A person has two names.');
  const plain = (name: string) => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const email = `${plain(first)}.${plain(last)}${n}@${n % 3 === 0 ? 'mail' : 'post'}.example`;
  const phone = `80${String(Math.floor(chance() * 1e8)).padStart(8, '0')}`;
  const status = STATUSES[Math.floor(chance() * STATUSES.length)] ?? 'delivered';
  const tracking = `GIG${100_000_000 + n}`;
  const reference = referenceOf(code, 1);
  const { verifyDueAt, ...rest } = order;
  const varied: Order = {
    ...rest,
    code,
    status,
    contactSnapshot: { email, name: `${first} ${last}` },
    shippingAddressSnapshot: { ...order.shippingAddressSnapshot, name: `${first} ${last}`, phone: `0${phone}` },
    txRef: reference,
    payments: order.payments.map((attempt) => ({ ...attempt, reference, channel: n % 40 === 0 ? 'bank' : 'card' })),
    ...(n % 50 === 0 ? { tags: ['gift'] } : {}),
    ...troubleOf(n, order.createdAt),
    paymentStatus: status === 'pending' ? 'unpaid' : 'paid',
    paidReference: reference,
    settlement: { attempts: 0 },
    shipments: [
      {
        shipmentId: `shipment-${n}`,
        kind: 'parcel',
        lines: order.items.map(({ quantity }, index) => ({ lineId: index + 1, quantity })),
        carrier: 'GIG',
        trackingNumber: tracking,
        shippedAt: order.createdAt,
        by: 'system',
      },
    ],
  };
  const sku = order.items[0]?.variantSnapshot.sku ?? '';
  const product = String(order.items[0]?.productSnapshot.productId);
  const of = { status, product, userId: order.userId, placedAt: order.createdAt };
  return { order: varied, person: { code, first, last, email, phone: `234${phone}`, sku, tracking, ...of } };
}
