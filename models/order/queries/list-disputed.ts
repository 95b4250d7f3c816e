import { Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { invalidInput } from '../../errors.ts';
import { ATTENTION_INDEX } from '../order-schema.ts';
import { LISTED, type ListedOrder, type Page, type PageRequest } from './list-orders.ts';

/** Of the orders that agree with the filter, those with an open dispute, the first deadline first. */
export async function findDisputedOrders(
  db: Database,
  filter: Record<string, unknown>,
  { cursor, limit }: PageRequest,
): Promise<Page<ListedOrder>> {
  const after = cursor === undefined ? {} : { $and: [afterCursor(cursor)] };
  const orders = await driverCollection(db.orders)
    .find<ListedOrder>(
      { ...filter, ...after },
      {
        projection: LISTED,
        sort: { disputeAnswerBy: 1, _id: 1 },
        limit: limit + 1,
        // A scan of this small index, which holds no order without something rare.
        hint: ATTENTION_INDEX,
        ...READ_MAJORITY,
      },
    )
    .toArray();
  const items = orders.slice(0, limit);
  const last = items.at(-1);
  const next = orders.length > limit && last ? `${last.disputeAnswerBy?.getTime()}.${last._id}` : null;
  return { items, nextCursor: next };
}

function afterCursor(cursor: string) {
  const [, time, hex] = /^(\d{1,15})\.([0-9a-f]{24})$/.exec(cursor) ?? [];
  if (time === undefined || hex === undefined)
    throw invalidInput('cursor', 'must be the cursor that came with a page of this list');
  const at = new Date(Number(time));
  return { $or: [{ disputeAnswerBy: { $gt: at } }, { disputeAnswerBy: at, _id: { $gt: new Types.ObjectId(hex) } }] };
}
