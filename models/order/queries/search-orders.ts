/** Staff's lists and search of orders. */
import type { Types } from 'mongoose';
import { type OrderList, WORK_LISTS } from '../../contract/desk/order-lists.ts';
import { MAX_COUNT } from '../../contract/limits.ts';
import { ORDER_STATUSES, type OrderStatus } from '../../contract/statuses.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { countOf, findIdsBySearch } from '../../search/find-by-search.ts';
import {
  channelToken,
  deliveryToken,
  listToken,
  productToken,
  statusToken,
  tagToken,
} from '../../search/order-tokens.ts';
import { parseSearch, type SearchAlternative } from '../../search/parse-search.ts';
import { behind } from '../../search/read-ids.ts';
import { placedBetween } from '../ids/order-id.ts';
import { referenceOf } from '../ids/reference.ts';
import { ATTENTION_INDEX, OWNER_INDEX } from '../order-schema.ts';
import { findDisputedOrders } from './list-disputed.ts';
import { findPage, LISTED, type ListedOrder, type Page, type PageRequest, parseCursor } from './list-orders.ts';
import { LIST_CONDITIONS } from './order-lists.ts';

export interface OrderSearch extends PageRequest {
  /** A code, name, email, phone number, SKU or tracking number, or its beginning, in any writing. */
  search?: string | undefined;
  list?: OrderList | undefined;
  status?: OrderStatus | undefined;
  /** In any writing. */
  tag?: string | undefined;
  /** The id of a product of the order's. */
  product?: string | undefined;
  /** Paystack's word. */
  channel?: string | undefined;
  /** The id of the way of delivery. */
  delivery?: string | undefined;
  /** The customer account's, lower case. */
  email?: string | undefined;
  code?: string | undefined;
  reference?: string | undefined;
  /** Placed at or after, and before. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Only orders that need attention for this reason. */
  attention?: 'parked' | 'review' | 'refund' | 'stuck' | 'dispute' | undefined;
  /** When missing, lists of work begin with the oldest. `attention: 'dispute'` is in the order of the deadlines. */
  oldestFirst?: boolean | undefined;
}

export interface CountedPage extends Page<ListedOrder> {
  /** How many orders agree, counted up to MAX_COUNT + 1; null on later pages, and where the count would cost too much. */
  count: number | null;
}

const NONE: CountedPage = { items: [], nextCursor: null, count: 0 };

const ATTENTION = {
  parked: { 'settlement.parkedAt': { $exists: true } },
  review: { reviewSince: { $exists: true } },
  refund: { refundAttentionSince: { $exists: true } },
  stuck: { stuckSince: { $exists: true } },
  dispute: { disputeAnswerBy: { $exists: true } },
} as const;

/** Every given condition must hold. */
export async function searchOrders(db: Database, request: OrderSearch): Promise<CountedPage> {
  const { search, list, status, email, code, reference, from, to, attention } = request;
  const { oldestFirst = list !== undefined && WORK_LISTS.has(list) } = request;
  const shopper =
    email === undefined ? undefined : await driverCollection(db.users).findOne({ email }, { projection: { _id: 1 } });
  if (shopper === null) return NONE;
  // A code is found by the first reference of its order, which is indexed.
  const named = reference ?? (code === undefined ? undefined : referenceOf(code, 1));
  const { _id: ids, ...fractions } = placedBetween(from, to);
  const narrow = {
    ...(shopper === undefined ? {} : { userId: shopper._id }),
    ...(code === undefined ? {} : { code }),
    ...(named === undefined ? {} : { 'payments.reference': named }),
    ...(attention === undefined ? {} : ATTENTION[attention]),
    ...fractions,
  };
  const [chosen, stateTokens] = [chosenTokens(request), stateTokensOf(request)];
  const state = conditionOf(request);
  if (search !== undefined || chosen.length > 0) {
    const [alternatives, filters] =
      search === undefined
        ? [[{ all: [...chosen, ...stateTokens] }], []]
        : [parseSearch(search), [...chosen, ...stateTokens]];
    return findByTokens(db, { alternatives, filters, state, ids: ids ?? {}, narrow, oldestFirst }, request);
  }
  const filter = {
    ...narrow,
    ...(shopper === undefined ? {} : { status: { $in: [...ORDER_STATUSES] } }),
    ...state,
    ...(ids === undefined ? {} : { _id: ids }),
  };
  const hint = hintFor({ named, shopper, attention, status: status ?? list });
  const { cursor } = request;
  const [page, count] = await Promise.all([
    attention === 'dispute'
      ? findDisputedOrders(db, filter, request)
      : findPage(db, filter, request, { ...hint, oldestFirst }),
    cursor === undefined ? countUpTo(db, filter, hint) : null,
  ]);
  return { ...page, count };
}

/** Filters that only the read model answers. */
function chosenTokens({ tag, product, channel, delivery }: OrderSearch): string[] {
  return [
    ...(tag === undefined ? [] : [tagToken(tag)]),
    ...(product === undefined ? [] : [productToken(product.toLowerCase())]),
    ...(channel === undefined ? [] : [channelToken(channel)]),
    ...(delivery === undefined ? [] : [deliveryToken(delivery)]),
  ];
}

function stateTokensOf({ status, list }: OrderSearch): string[] {
  return [...(list === undefined ? [] : [listToken(list)]), ...(status === undefined ? [] : [statusToken(status)])];
}

/** List and status as a condition of the orders. */
function conditionOf({ status, list }: OrderSearch): Record<string, unknown> {
  const ofList = list === undefined ? {} : LIST_CONDITIONS[list];
  if (status === undefined) return ofList;
  return list === undefined ? { status } : { $and: [ofList, { status }] };
}

type Given = Record<'named' | 'shopper' | 'attention' | 'status', unknown>;

/** Without a hint, the query planner would neither scan the small attention index nor merge a customer's statuses. */
function hintFor({ named, shopper, attention, status }: Given): { hint?: string } {
  if (named !== undefined) return {};
  if (shopper !== undefined) return { hint: OWNER_INDEX };
  if (attention !== undefined) return { hint: ATTENTION_INDEX };
  return status === undefined ? { hint: '_id_' } : {};
}

/** Counting all of a million orders would take seconds. */
export function countUpTo(
  db: Database,
  filter: Record<string, unknown>,
  options: { hint?: string } = {},
): Promise<number> {
  return driverCollection(db.orders).countDocuments(filter, { limit: MAX_COUNT + 1, ...READ_MAJORITY, ...options });
}

interface TokenSearch {
  alternatives: SearchAlternative[];
  /** Tokens that each order must have besides. */
  filters: string[];
  /** The condition of the orders that those tokens stand for, which may be newer. */
  state: Record<string, unknown>;
  ids: { $gte?: Types.ObjectId; $lt?: Types.ObjectId };
  /** Conditions that only the orders themselves can answer. */
  narrow: Record<string, unknown>;
  oldestFirst: boolean;
}

/**
 * Ids from the read model, then the orders. The read model follows the orders by some milliseconds, so the state is
 * compared again: a page may then be short. It may also be short, with a cursor, where much had to be compared.
 */
async function findByTokens(
  db: Database,
  { alternatives, filters, state, ids, narrow, oldestFirst }: TokenSearch,
  { cursor, limit }: PageRequest,
): Promise<CountedPage> {
  if (alternatives.length === 0) return NONE;
  const before = cursor === undefined ? undefined : parseCursor(cursor);
  const isFirst = before === undefined;
  const range = before === undefined ? ids : behind(ids, before, { oldestFirst });
  const found = await findIdsBySearch(db, { alternatives, filters, ids: range, limit: limit + 1, oldestFirst });
  const pageIds = found.ids.slice(0, limit);
  const orders = await driverCollection(db.orders)
    .find<ListedOrder>(
      { ...narrow, ...state, _id: { $in: pageIds } },
      { projection: LISTED, sort: { _id: oldestFirst ? 1 : -1 }, ...READ_MAJORITY },
    )
    .toArray();
  const last = found.ids.length > limit ? pageIds.at(-1) : found.searchedTo;
  return {
    items: orders,
    nextCursor: last === undefined ? null : String(last),
    count: isFirst && Object.keys(narrow).length === 0 ? countOf(found) : null,
  };
}
