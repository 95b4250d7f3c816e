/** Updates that share a command: each call learns of its own document, and one that fails fails by itself. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { contentsOf } from '../../models/cart/cart-document.ts';
import { addToCart, setCartQuantity } from '../../models/cart/change-cart.ts';
import { changeCart, findCart } from '../../models/cart/write-cart.ts';
import { guardedUpdates } from '../../models/db/batching/guarded-updates.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Order } from '../../models/order/order-document.ts';
import { makeCatalogue, makePaidOrder, makePendingOrder, openOwnDatabase, settleAll } from '../support/orders.ts';

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

async function orderMaker(): Promise<() => Promise<Order>> {
  const [variant] = await makeCatalogue(db);
  if (variant === undefined) throw new Error('A catalogue has variants.');
  return () => makePendingOrder(db, { lines: [{ variant, quantity: 1 }] });
}

describe('orders', () => {
  const updateGuarded = guardedUpdates((database) => driverCollection(database.orders), 'version');
  const write = (order: Order, set: Partial<Order>) =>
    updateGuarded(db, { _id: order._id, guard: order.version, update: { $set: set, $inc: { version: 1 } } });

  test('a lost guard and a refused document are told apart, and the others of the command are written', async () => {
    const make = await orderMaker();
    const [first, lost, refused, last] = await Promise.all([make(), make(), make(), make()]);
    const outcomes = await Promise.allSettled([
      write(first, { verifyStep: 7 }),
      write({ ...lost, version: lost.version - 1 }, { verifyStep: 7 }),
      write(refused, { verifyStep: 7, status: 'unheard of' as Order['status'] }),
      write(last, { verifyStep: 7 }),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: true },
      { status: 'fulfilled', value: false },
      { status: 'rejected', reason: { code: 121 } },
      { status: 'fulfilled', value: true },
    ]);
    const ids = [first, lost, refused, last].map(({ _id }) => _id);
    const stored = await db.orders.find({ _id: { $in: ids } }).lean<Order[]>();
    const changed = stored.filter(({ verifyStep }) => verifyStep === 7).map(({ _id }) => String(_id));
    expect(changed.sort()).toEqual([first, last].map(({ _id }) => String(_id)).sort());
  });

  test('of many writes of one version, exactly one holds', async () => {
    const order = await (await orderMaker())();
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, step) => write(order, { verifyStep: step + 1 })));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const stored = await db.orders.findById(order._id).lean<Order>();
    expect(stored).toMatchObject({ version: order.version + 1, verifyStep: outcomes.indexOf(true) + 1 });
  });

  test('a unique index that refuses the update is its error, and no lost guard', async () => {
    const make = await orderMaker();
    const [order, other] = await Promise.all([make(), make()]);
    await expect(write(order, { payments: other.payments })).rejects.toMatchObject({ code: 11_000 });
  });

  test('a missing order is not inserted', async () => {
    const order = await (await orderMaker())();
    const missing = { ...order, _id: new Types.ObjectId() };
    expect(await write(missing, { verifyStep: 1 })).toBe(false);
    expect(await db.orders.countDocuments({ _id: missing._id })).toBe(0);
  });
});

describe('carts', () => {
  const line = (variantId: Types.ObjectId) => ({ variantId, price: 500, currency: 'NGN' as const });
  const quantities = async (userId: Types.ObjectId) =>
    (await findCart(db, userId)).items.map(({ quantity }) => quantity);

  test('a change that was decided on an older cart is decided anew, so that none is lost', async () => {
    const [userId, lamp, chair] = [new Types.ObjectId(), new Types.ObjectId(), new Types.ObjectId()];
    const known = await addToCart(db, userId, line(lamp), 1);
    await addToCart(db, userId, line(chair), 2);
    expect((await addToCart(db, userId, line(lamp), 4, known)).itemCount).toBe(7);
    expect(await quantities(userId)).toEqual([5, 2]);
  });

  test('changes of one cart that share a command follow each other, and a refused one fails by itself', async () => {
    const [userId, lamp, missing] = [new Types.ObjectId(), new Types.ObjectId(), new Types.ObjectId()];
    const outcomes = await Promise.allSettled([
      addToCart(db, userId, line(lamp), 1),
      setCartQuantity(db, userId, missing, 3),
      addToCart(db, userId, line(lamp), 2),
      addToCart(db, new Types.ObjectId(), line(lamp), 1),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'NOT_FOUND' } });
    expect(await quantities(userId)).toEqual([3]);
  });

  test('a settlement between the reading of a cart and its change is not undone', async () => {
    const [variant] = await makeCatalogue(db);
    if (variant === undefined) throw new Error('A catalogue has variants.');
    const order = await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
    const known = await findCart(db, order.userId);
    expect(known.items).not.toEqual([]);
    await settleAll(db);
    const extra = new Types.ObjectId();
    await addToCart(db, order.userId, line(extra), 1, known);
    expect((await findCart(db, order.userId)).items.map(({ variantId }) => variantId)).toEqual([extra]);
  });

  test('a change that changes nothing writes nothing', async () => {
    const userId = new Types.ObjectId();
    await changeCart(db, userId, (cart) => cart);
    expect(await db.carts.countDocuments({ _id: userId })).toBe(0);
    const { rev } = await changeCart(db, userId, () => contentsOf([], null));
    expect((await changeCart(db, userId, (cart) => cart)).rev).toBe(rev);
  });
});
