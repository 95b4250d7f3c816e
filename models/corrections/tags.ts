import { isDeepStrictEqual } from 'node:util';
import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { foldText } from '../search/fold-text.ts';

export interface NewTags {
  /** All tags that the order is to have. */
  tags: readonly string[];
  actor: Actor;
  now: Date;
}

/** Replaces the order's tags. A repeat changes nothing. Throws ORDER_STATE_CONFLICT only when the history is full. */
export async function setTags(db: Database, orderId: Types.ObjectId, request: NewTags): Promise<Order> {
  return (await changeOrder(db, orderId, (order) => decideTags(order, request), request.now)).order;
}

export function decideTags(order: Order, { tags, actor }: NewTags): OrderChange | null {
  const cleaned = cleanTags(tags);
  if (isDeepStrictEqual(cleaned, order.tags ?? [])) return null;
  assertHistoryHasRoom(order);
  return { set: { tags: cleaned.length === 0 ? undefined : cleaned }, actor, event: { type: 'tags_set' } };
}

/** White space is folded. Of tags that are the same to a search, the first stays. */
export function cleanTags(tags: readonly string[]): string[] {
  const byFolded = new Map<string, string>();
  for (const tag of tags) {
    const cleaned = tag.replace(/\s+/gu, ' ').trim();
    const folded = foldText(cleaned).trim();
    if (folded !== '' && !byFolded.has(folded)) byFolded.set(folded, cleaned);
  }
  return [...byFolded.values()];
}
