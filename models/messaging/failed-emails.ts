import { Types } from 'mongoose';
import type { User } from '../accounts/user.ts';
import type { OutboxKind } from '../contract/statuses.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { READ_MAJORITY } from '../db/read-write-concerns.ts';
import { invalidInput } from '../errors.ts';
import type { Order } from '../order/order-document.ts';
import type { Email } from './email-document.ts';
import { parseOutboxId } from './outbox-id.ts';

interface StoredFailure extends Pick<Email, '_id' | 'lastError' | 'parkedAt' | 'undelivered'> {
  kind: OutboxKind;
  orderId?: Types.ObjectId;
}

/** An email that was not sent or did not arrive, with what a list shows of the one whom it was for. */
export interface FailedEmail extends StoredFailure {
  to:
    | { kind: 'customer'; order: Pick<Order, '_id' | 'code' | 'contact' | 'contactSnapshot'> }
    | { kind: 'account'; user: Pick<User, 'name' | 'email'> }
    | { kind: 'staff' };
}

/** Nothing ends the failure of an email that is about no order, so the list forgets it. */
const FORGOTTEN_AFTER_MS = 30 * 24 * 3600_000;

/** The oldest failure first. Without emails whose order or account is gone. */
export async function findFailedEmails(
  db: Database,
  { cursor, limit, now }: { cursor?: string | undefined; limit: number; now: Date },
): Promise<{ items: FailedEmail[]; nextCursor: string | null }> {
  const isListed = listedAt(now);
  const emails = await driverCollection(db.emails)
    .find<StoredFailure>(cursor === undefined ? isListed : { $and: [isListed, afterCursor(cursor)] }, {
      projection: { orderId: 1, kind: 1, lastError: 1, parkedAt: 1, undelivered: 1 },
      sort: { parkedAt: 1, _id: 1 },
      limit: limit + 1,
      ...READ_MAJORITY,
    })
    .toArray();
  const page = emails.slice(0, limit);
  const last = page.at(-1);
  const addressees = await findAddressees(db, page);
  return {
    items: page.flatMap((email) => {
      const to = addressees(email);
      return to === null ? [] : [{ ...email, to }];
    }),
    nextCursor: emails.length > limit && last ? `${last.parkedAt?.getTime()}.${last._id}` : null,
  };
}

/** At most `limit`, by the same condition as the list. */
export function countFailedEmails(db: Database, now: Date, limit: number): Promise<number> {
  return driverCollection(db.emails).countDocuments(listedAt(now), { limit, ...READ_MAJORITY });
}

function listedAt(now: Date) {
  return {
    parkedAt: { $exists: true },
    $or: [{ orderId: { $exists: true } }, { parkedAt: { $gt: new Date(now.getTime() - FORGOTTEN_AFTER_MS) } }],
  };
}

async function findAddressees(
  db: Database,
  emails: readonly StoredFailure[],
): Promise<(email: StoredFailure) => FailedEmail['to'] | null> {
  const orderIds = emails.flatMap(({ orderId }) => orderId ?? []);
  const userIds = emails.flatMap(({ _id }) => userOf(_id) ?? []);
  const [orders, users] = await Promise.all([
    driverCollection(db.orders)
      .find<Pick<Order, '_id' | 'code' | 'contact' | 'contactSnapshot'>>(
        { _id: { $in: orderIds } },
        { projection: { code: 1, contact: 1, contactSnapshot: 1 } },
      )
      .toArray(),
    userIds.length === 0
      ? []
      : driverCollection(db.users)
          .find<Pick<User, '_id' | 'name' | 'email'>>(
            { _id: { $in: userIds.map((id) => new Types.ObjectId(id)) } },
            { projection: { name: 1, email: 1 } },
          )
          .toArray(),
  ]);
  const orderById = new Map(orders.map((order) => [String(order._id), order]));
  const userById = new Map(users.map((user) => [String(user._id), user]));
  return ({ _id, orderId }) => {
    if (parseOutboxId(_id)?.about === 'staff') return { kind: 'staff' };
    const order = orderById.get(String(orderId));
    if (order !== undefined) return { kind: 'customer', order };
    const user = userById.get(userOf(_id) ?? '');
    return user === undefined ? null : { kind: 'account', user };
  };
}

function userOf(emailId: string): string | null {
  const id = parseOutboxId(emailId);
  return id?.about === 'user' ? id.userId : null;
}

function afterCursor(cursor: string) {
  const [, time, id] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (time === undefined || id === undefined)
    throw invalidInput('cursor', 'must be the cursor that came with a page of this list');
  const at = new Date(Number(time));
  return { $or: [{ parkedAt: { $gt: at } }, { parkedAt: at, _id: { $gt: id } }] };
}
