/** A database with some thousand documents in every state, inserted by the driver, for tests of query plans. */

import { Types } from 'mongoose';
import { toProductTokens } from '../../models/catalogue/search/product-tokens.ts';
import { categoryKeyOf } from '../../models/catalogue/search/words.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import type { OrderStatus } from '../../models/contract/statuses.ts';
import type { Database } from '../../models/db/database.ts';
import { newEmail } from '../../models/messaging/email-document.ts';
import { newOrderId } from '../../models/order/ids/order-id.ts';
import type { Order } from '../../models/order/order-document.ts';
import { makeCatalogue, makeConfirmedOrder } from './orders.ts';

const ORDERS = 2_000;
const STATUSES: OrderStatus[] = ['pending', 'confirmed', 'shipped', 'delivered', 'cancelled', 'refunded'];

/**
 * Each user has twenty orders, and one order in two hundred has due work of each kind. They were placed a minute apart.
 * Returns the last one, placed a minute before `now`, and its variant.
 */
export async function fillDatabase(db: Database, now: Date): Promise<{ order: Order; variant: Variant }> {
  const [variant] = await makeCatalogue(db, { stock: 100 });
  if (!variant) throw new Error('no variant was made');
  const order = await makeConfirmedOrder(db, { lines: [{ variant, quantity: 1 }] });
  const users = Array.from({ length: ORDERS / 20 }, () => new Types.ObjectId());
  const copies = Array.from({ length: ORDERS }, (_, index) => copyOf(order, index, users, now));
  await db.orders.collection.insertMany(copies);
  await db.emails.collection.insertMany(
    copies.map(({ _id }, index) => {
      const { dueAt, ...sent } = newEmail(_id, 'order_confirmed', 3, {}, now);
      return index % 200 === 0 ? { ...sent, dueAt } : { ...sent, state: 'sent', sentAt: now };
    }) as never[],
  );
  await db.webhookEvents.collection.insertMany(
    copies.map(({ txRef }, index) => ({
      _id: `digest-${index}`,
      kind: 'charge',
      event: 'charge.success',
      reference: txRef,
      charge: null,
      receivedAt: now,
      deliveries: 1,
      attempts: 0,
      ...(index % 200 === 0 ? { dueAt: now } : { appliedAt: now }),
    })) as never[],
  );
  await fillCatalogue(db, now);
  await fillUsers(db, users, variant, now);
  const [own] = copies;
  return { order: own ?? order, variant };
}

function copyOf(order: Order, index: number, users: Types.ObjectId[], now: Date): Order {
  const [payment] = order.payments;
  if (!payment) throw new Error('a confirmed order has a payment');
  const txRef = `ord-COPY${index}-1`;
  const due = (kind: number) => index % 200 === kind;
  const createdAt = new Date(now.getTime() - (index + 1) * 60_000);
  return {
    ...order,
    _id: newOrderId(createdAt),
    createdAt,
    code: `COPY${index}`,
    checkoutKey: `copy-${index}`,
    userId: users[index % users.length] ?? order.userId,
    contactSnapshot: { email: `user${index % users.length}@example.com`, name: 'Somebody' },
    status: STATUSES[index % STATUSES.length] ?? 'confirmed',
    txRef,
    payments: [{ ...payment, reference: txRef }],
    settlement: { attempts: 0, ...(due(1) ? { parkedAt: now } : {}) },
    ...(due(3) ? { verifyDueAt: now } : {}),
    ...(due(4) ? { refundDueAt: now } : {}),
    ...(due(5) ? { reviewSince: now } : {}),
    ...(due(6) ? { refundAttentionSince: now } : {}),
  };
}

async function fillCatalogue(db: Database, createdAt: Date): Promise<void> {
  const products = Array.from({ length: 500 }, (_, index) => ({
    _id: new Types.ObjectId(),
    slug: `product-${index}`,
    slugs: [`product-${index}`],
    title: index % 50 === 0 ? `Rare thing ${index}` : `Thing ${index}`,
    description: 'As things are.',
    category: `category-${index % 10}`,
    categoryKey: categoryKeyOf(`category-${index % 10}`),
    createdAt,
  }));
  await db.products.collection.insertMany(products);
  await db.productSearch.collection.insertMany(
    products.map((product) => ({ _id: product._id, t: toProductTokens(product, []) })),
  );
  await db.variants.collection.insertMany(
    products.flatMap(({ _id: productId, slug }) =>
      [1, 2].map((n) => ({
        _id: new Types.ObjectId(),
        productId,
        sku: `${slug}-${n}`,
        title: `Size ${n}`,
        price: 100 * n,
        currency: 'NGN' as const,
        stock: n,
        reserved: 0,
      })),
    ),
  );
}

async function fillUsers(
  db: Database,
  users: Types.ObjectId[],
  { _id: variantId }: Variant,
  createdAt: Date,
): Promise<void> {
  await db.users.collection.insertMany(
    users.map((_id, index) => ({
      _id,
      email: `user${index}@example.com`,
      name: 'Somebody',
      role: 'customer',
      createdAt,
    })) as never[],
  );
  await db.carts.collection.insertMany(
    users.map((_id) => ({
      _id,
      rev: 1,
      items: [{ variantId, quantity: 1, unitPrice: 5 }],
      itemCount: 1,
      subtotal: 5,
      currency: 'NGN' as const,
    })),
  );
}
