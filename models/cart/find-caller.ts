/**
 * The account of a signed-in call, and its cart where the call needs it. The calls of a few ms are read by one command: a
 * purchase would otherwise send one more command for each step of a cart.
 */
import type { Types } from 'mongoose';
import { ACCOUNT } from '../accounts/find-user.ts';
import type { Account } from '../accounts/user.ts';
import { anyOf, batchLoader, byId } from '../db/batching/batch-loader.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { type Cart, newCart } from './cart-document.ts';

export interface CallerWithCart {
  account: Account;
  /** An empty one where none is stored. */
  cart: Cart;
}

/** The account with its current role; null when there is none. */
export async function findCaller(db: Database, userId: Types.ObjectId): Promise<Account | null> {
  return (await load(db, { userId, withCart: false }))?.account ?? null;
}

/** The same with the cart, both as they are at one instant. */
export function findCallerWithCart(db: Database, userId: Types.ObjectId): Promise<CallerWithCart | null> {
  return load(db, { userId, withCart: true });
}

interface Wanted {
  userId: Types.ObjectId;
  withCart: boolean;
}

type Found = Account & { carts?: [Cart?] };

const load = batchLoader(async (db: Database, wanted: readonly Wanted[]) => {
  const ids = [...new Map(wanted.map(({ userId }) => [String(userId), userId])).values()];
  const read = wanted.some(({ withCart }) => withCart) ? readWithCarts : readAccounts;
  const found = byId(await read(db, ids));
  return wanted.map(({ userId }): CallerWithCart | null => {
    const stored = found.get(String(userId));
    if (stored === undefined) return null;
    const { carts, ...account } = stored;
    return { account, cart: carts?.[0] ?? newCart(userId) };
  });
});

function readAccounts(db: Database, ids: readonly Types.ObjectId[]): Promise<Found[]> {
  return driverCollection(db.users)
    .find<Found>({ _id: anyOf(ids) }, { projection: ACCOUNT })
    .toArray();
}

function readWithCarts(db: Database, ids: readonly Types.ObjectId[]): Promise<Found[]> {
  const carts = { from: 'carts', localField: '_id', foreignField: '_id', as: 'carts' };
  return driverCollection(db.users)
    .aggregate<Found>([{ $match: { _id: anyOf(ids) } }, { $project: ACCOUNT }, { $lookup: carts }])
    .toArray();
}
