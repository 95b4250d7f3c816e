import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { READ_MAJORITY } from '../db/read-write-concerns.ts';
import { invalidInput } from '../errors.ts';
import type { Order } from '../order/order-document.ts';
import type { Email } from './email-document.ts';

/** A parked email with what a list shows of its order. */
export interface FailedEmail extends Pick<Email, '_id' | 'orderId' | 'kind' | 'lastError' | 'parkedAt'> {
  order: Pick<Order, 'code' | 'contact' | 'contactSnapshot'>;
}

/** Emails of orders that could not be sent, the oldest failure first. */
export async function findFailedEmails(
  db: Database,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: FailedEmail[]; nextCursor: string | null }> {
  const emails = await driverCollection(db.emails)
    .find<Omit<FailedEmail, 'order'>>(
      { parkedAt: { $exists: true }, orderId: { $exists: true }, ...(cursor === undefined ? {} : afterCursor(cursor)) },
      {
        projection: { orderId: 1, kind: 1, lastError: 1, parkedAt: 1 },
        sort: { parkedAt: 1, _id: 1 },
        limit: limit + 1,
        ...READ_MAJORITY,
      },
    )
    .toArray();
  const page = emails.slice(0, limit);
  const last = page.at(-1);
  const orders = await driverCollection(db.orders)
    .find<FailedEmail['order'] & Pick<Order, '_id'>>(
      { _id: { $in: page.map(({ orderId }) => orderId) } },
      { projection: { code: 1, contact: 1, contactSnapshot: 1 } },
    )
    .toArray();
  const byId = new Map(orders.map((order) => [String(order._id), order]));
  return {
    items: page.flatMap((email) => {
      const order = byId.get(String(email.orderId));
      return order === undefined ? [] : [{ ...email, order }];
    }),
    nextCursor: emails.length > limit && last ? `${last.parkedAt?.getTime()}.${last._id}` : null,
  };
}

function afterCursor(cursor: string) {
  const [, time, id] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (time === undefined || id === undefined)
    throw invalidInput('cursor', 'must be the cursor that came with a page of this list');
  const at = new Date(Number(time));
  return { $or: [{ parkedAt: { $gt: at } }, { parkedAt: at, _id: { $gt: id } }] };
}
