/**
 * Many confirmed orders, for tests of what comes after: copies of one order that the models made. Each has a charge at the
 * sandbox, a row of the stock ledger and an email. Hundreds of checkouts would take longer than such a test.
 */
import { randomBytes } from 'node:crypto';
import { mongo } from 'mongoose';
import type { Variant } from '../../models/catalogue/variant.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { newEmail } from '../../models/messaging/email-document.ts';
import { newOrderId } from '../../models/order/ids/order-id.ts';
import type { Order } from '../../models/order/order-document.ts';
import { makeConfirmedOrder } from './orders.ts';
import type { TestApp } from './test-app.ts';

const { EJSON } = mongo.BSON;
/** Charges that are made at once. */
const AT_ONCE = 20;

/** `variants`: of each, one line with its quantity in every order, and enough stock for all. */
export async function makeConfirmedOrders(
  app: TestApp,
  count: number,
  lines: readonly { variant: Variant; quantity: number }[],
): Promise<Order[]> {
  const { db, ctx } = app;
  const now = ctx.clock.now();
  const first = await makeConfirmedOrder(db, { lines: [...lines], now });
  const copies = Array.from({ length: count }, () => copyOf(first, now));
  await removeOriginal(app, first);
  for (let from = 0; from < count; from += AT_ONCE)
    await Promise.all(copies.slice(from, from + AT_ONCE).map((order) => charge(app, order)));
  await driverCollection(db.orders).insertMany(copies);
  const confirmedAt = first.history.findLast(({ type }) => type === 'order_confirmed')?.seq ?? 0;
  await driverCollection(db.emails).insertMany(
    copies.map(({ _id }) => newEmail(_id, 'order_confirmed', confirmedAt, {}, now)),
  );
  await driverCollection(db.stockMovements).insertMany(
    copies.map(({ _id: orderId }) => ({
      _id: `sale:${orderId}`,
      reason: 'sale' as const,
      orderId,
      lines: lines.map(({ variant, quantity }) => ({ variantId: variant._id, delta: -quantity })),
      actor: 'system',
      at: now,
    })),
  );
  for (const { variant, quantity } of lines)
    await driverCollection(db.variants).updateOne({ _id: variant._id }, { $inc: { stock: -quantity * count } });
  return copies;
}

/** With an id and a code of its own, which its references contain. */
function copyOf(order: Order, now: Date): Order {
  const code = randomBytes(6).toString('hex').toUpperCase();
  const renamed = EJSON.stringify(order, { relaxed: false }).replaceAll(order.code, code);
  return { ...EJSON.parse(renamed, { relaxed: true }), _id: newOrderId(now), checkoutKey: code };
}

/** The order that was copied has no charge at the sandbox. Its units go back to the shelf. */
async function removeOriginal({ db }: TestApp, { _id, items }: Order): Promise<void> {
  await driverCollection(db.orders).deleteOne({ _id });
  await driverCollection(db.emails).deleteMany({ orderId: _id });
  await driverCollection(db.stockMovements).deleteMany({ orderId: _id });
  for (const { variantId, quantity } of items)
    await driverCollection(db.variants).updateOne({ _id: variantId }, { $inc: { stock: quantity } });
}

/** Pays the order's reference at the sandbox, and gives the order the id of that charge. */
async function charge({ ctx, sandbox }: TestApp, order: Order): Promise<void> {
  const { _id, code, txRef: reference, total: amount, currency, contactSnapshot, payments } = order;
  await ctx.paystack.initialize({
    reference,
    email: contactSnapshot.email,
    total: { amount, currency },
    callbackUrl: 'https://shop.example/back',
    cancelUrl: 'https://shop.example/cancelled',
    metadata: { orderId: String(_id), code },
  });
  sandbox.pay(reference, { webhook: 'lose' });
  for (const payment of payments) payment.gatewayId = String(sandbox.transaction(reference).id);
}
