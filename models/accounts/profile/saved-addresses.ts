/** The addresses that an account keeps: the last used or changed one first. */
import type { mongo, Types } from 'mongoose';
import type { Address } from '../../address/address.ts';
import { MAX_SAVED_ADDRESSES } from '../../contract/limits.ts';
import { batchLoader } from '../../db/batching/batch-loader.ts';
import { failuresOf } from '../../db/batching/write-failures.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { notFound } from '../../errors.ts';
import type { SavedAddress, User } from '../user.ts';

/** The window of the writes while checkouts are many, ms: a checkout's call to Paystack takes longer. */
const BESIDE_MS = 20;

export async function findAddresses(db: Database, userId: Types.ObjectId): Promise<SavedAddress[]> {
  const user = await driverCollection(db.users).findOne(
    { _id: userId },
    { projection: { addresses: 1 }, ...READ_MAJORITY },
  );
  return user?.addresses ?? [];
}

/**
 * Keeps the address of a checkout; one that is kept already becomes the first. Beyond ten, the one that was
 * not used for longest is dropped. `newId` must be new.
 */
export async function rememberAddress(
  db: Database,
  userId: Types.ObjectId,
  address: Address,
  { newId, now }: { newId: string; now: Date },
): Promise<void> {
  const kept = inOrder(address);
  // The usual order goes where the last one went: nothing is written then.
  const filter = { _id: userId, 'addresses.0.address': { $ne: kept } };
  await remember(db, { updateOne: { filter, update: toFirst({ id: newId, address: kept, usedAt: now }) } });
}

const remember = batchLoader(
  async (db: Database, writes: readonly mongo.AnyBulkWriteOperation<User>[]) => {
    const failures = await failuresOf(() => driverCollection(db.users).bulkWrite(writes, { ordered: false }));
    return writes.map((_, index) => failures.get(index) ?? null);
  },
  { windowMs: BESIDE_MS },
);

/** Adds an address, or replaces the one with this id. Throws NOT_FOUND for an id that the account does not have. */
export async function saveAddress(
  db: Database,
  userId: Types.ObjectId,
  { id, address, newId, now }: { id?: string | undefined; address: Address; newId: string; now: Date },
): Promise<SavedAddress[]> {
  const which = { _id: userId, ...(id === undefined ? {} : { 'addresses.id': id }) };
  const user = await driverCollection(db.users).findOneAndUpdate(
    which,
    toFirst({ id: id ?? newId, address: inOrder(address), usedAt: now }),
    { returnDocument: 'after', projection: { addresses: 1 } },
  );
  if (user === null) throw notFound('Address');
  return user.addresses ?? [];
}

/** May be repeated. */
export async function removeAddress(db: Database, userId: Types.ObjectId, id: string): Promise<SavedAddress[]> {
  const user = await driverCollection(db.users).findOneAndUpdate(
    { _id: userId },
    { $pull: { addresses: { id } } },
    { returnDocument: 'after', projection: { addresses: 1 } },
  );
  return user?.addresses ?? [];
}

/** Puts the address first, in the place of an equal one and of the one with its id. */
function toFirst({ id, address, usedAt }: SavedAddress): mongo.Document[] {
  const isOther = { $and: [{ $ne: ['$$this.address', { $literal: address }] }, { $ne: ['$$this.id', id] }] };
  const others = { $filter: { input: { $ifNull: ['$addresses', []] }, cond: isOther } };
  const first = [{ id: { $literal: id }, address: { $literal: address }, usedAt }];
  return [{ $set: { addresses: { $slice: [{ $concatArrays: [first, others] }, MAX_SAVED_ADDRESSES] } } }];
}

/** The server compares documents field by field in their order. */
function inOrder(address: Address): Address {
  const entries = Object.entries(address).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries) as unknown as Address;
}
