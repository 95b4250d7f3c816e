/**
 * Reads and writes of carts, many in one command. A change is decided in memory from the cart as it was read, and written
 * under a compare-and-set on `rev`. So no change of another process is lost, and no settlement.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Types } from 'mongoose';
import { anyOf, batchLoader, byId } from '../db/batching/batch-loader.ts';
import { writeGuarded } from '../db/batching/guarded-updates.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { AppError } from '../errors.ts';
import { type Cart, type CartContents, newCart } from './cart-document.ts';

/** Returns the given contents where nothing is to change; may throw an AppError to refuse. Pure, and may run several times. */
export type CartChange = (cart: CartContents) => CartContents;

interface Request {
  userId: Types.ObjectId;
  change: CartChange;
  known: Cart | undefined;
}

/** How often a cart that others keep changing is read again before OVERLOADED. */
const ATTEMPTS = 8;
/** Two writers that lost the same race pause for a random part of this, ms. */
const LOST_RACE_PAUSE_MS = 20;

/** The stored cart, or an empty one. */
export const findCart = batchLoader(async (db: Database, userIds: readonly Types.ObjectId[]) => {
  const carts = await readCarts(db, userIds);
  return userIds.map((userId) => carts.get(String(userId)) ?? newCart(userId));
});

/**
 * Changes the cart and returns it as it is then. `known`, the cart as this call has read it, saves the first read. May be
 * raced: the change is decided anew on the cart that won. Throws what `change` throws, OVERLOADED.
 */
export function changeCart(db: Database, userId: Types.ObjectId, change: CartChange, known?: Cart): Promise<Cart> {
  return enqueue(db, { userId, change, known });
}

const enqueue = batchLoader(async (db: Database, requests: readonly Request[]): Promise<(Cart | Error)[]> => {
  const results = new Map<Request, Cart | Error>();
  let open = byUser(requests);
  let carts = newestKnown(requests);
  for (let attempt = 1; attempt <= ATTEMPTS && open.size > 0; attempt += 1) {
    if (attempt > 1) await delay(Math.random() * LOST_RACE_PAUSE_MS);
    const unread = [...open].filter(([key]) => !carts.has(key)).map(([, [first]]) => first?.userId);
    const read = await readCarts(
      db,
      unread.filter((userId) => userId !== undefined),
    );
    open = await writeAll(db, open, new Map([...carts, ...read]), results);
    carts = new Map();
  }
  return requests.map((request) => results.get(request) ?? overloaded());
});

/** Decides and writes each user's changes, one after the other in memory. Returns those whose race was lost. */
async function writeAll(
  db: Database,
  open: ReadonlyMap<string, Request[]>,
  carts: ReadonlyMap<string, Cart>,
  results: Map<Request, Cart | Error>,
): Promise<Map<string, Request[]>> {
  const decided = [...open].map(([key, requests]) => decide(key, requests, carts.get(key)));
  const changed = decided.filter(({ before, after }) => after.rev !== before.rev);
  const writes = changed.map(({ before, after }) => {
    const { _id, rev, items, itemCount, subtotal, currency } = after;
    return { _id, guard: before.rev, update: { $set: { rev, items, itemCount, subtotal, currency } } };
  });
  const written = writes.length === 0 ? [] : await writeGuarded(driverCollection(db.carts), 'rev', writes);
  const outcomes = new Map(changed.map(({ key }, index) => [key, written[index]]));
  const lost = new Map<string, Request[]>();
  for (const { key, outcomeOf } of decided) {
    const outcome = outcomes.get(key) ?? true;
    const requests = open.get(key) ?? [];
    if (outcome === false) lost.set(key, requests);
    else for (const request of requests) results.set(request, outcome === true ? outcomeOf(request) : outcome);
  }
  return lost;
}

interface Decided {
  key: string;
  before: Cart;
  /** With the next `rev` if the contents have changed. */
  after: Cart;
  /** A refused change fails by itself. */
  outcomeOf: (request: Request) => Cart | Error;
}

function decide(key: string, requests: readonly Request[], stored: Cart | undefined): Decided {
  const [first] = requests;
  if (first === undefined) throw new Error('A cart is changed by at least one call.');
  const before = stored ?? newCart(first.userId);
  let contents: CartContents = before;
  const refused = new Map<Request, Error>();
  for (const request of requests) {
    try {
      contents = request.change(contents);
    } catch (error) {
      refused.set(request, error instanceof Error ? error : new Error(String(error)));
    }
  }
  const after = contents === before ? before : { ...before, ...contents, rev: before.rev + 1 };
  return { key, before, after, outcomeOf: (request) => refused.get(request) ?? after };
}

async function readCarts(db: Database, userIds: readonly Types.ObjectId[]): Promise<ReadonlyMap<string, Cart>> {
  if (userIds.length === 0) return new Map();
  return byId(
    await driverCollection(db.carts)
      .find({ _id: anyOf(userIds) })
      .toArray(),
  );
}

function byUser(requests: readonly Request[]): Map<string, Request[]> {
  const grouped = new Map<string, Request[]>();
  for (const request of requests) {
    const key = String(request.userId);
    grouped.set(key, [...(grouped.get(key) ?? []), request]);
  }
  return grouped;
}

function newestKnown(requests: readonly Request[]): ReadonlyMap<string, Cart> {
  const newest = new Map<string, Cart>();
  for (const { userId, known } of requests) {
    const other = newest.get(String(userId));
    if (known !== undefined && (other === undefined || other.rev < known.rev)) newest.set(String(userId), known);
  }
  return newest;
}

export function overloaded(): AppError {
  return new AppError('OVERLOADED', 'The cart is being changed elsewhere; try again.', {
    details: { retryAfterMs: 1_000 },
  });
}
