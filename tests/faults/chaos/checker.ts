/**
 * Compares the replies to shoppers and staff with the database, the sandbox's ledger and the mailbox, after the cluster has
 * healed. It does not use the application's API.
 */

import type { Cluster } from '../../../dev/cluster/cluster.ts';
import type { StockMovement } from '../../../models/catalogue/stock-movement.ts';
import type { Database } from '../../../models/db/database.ts';
import type { HistoryType } from '../../../models/order/history.ts';
import type { Order, Refund } from '../../../models/order/order-document.ts';
import { ORDER_TRANSITIONS } from '../../../models/order/status.ts';
import type { Payout } from '../../../models/payout/payout-document.ts';
import { findBrokenInvariants, type ShopRecords } from '../../support/invariants.ts';
import type { History, Operation } from './history.ts';
import type { Period } from './nemesis.ts';
import { REFUND_REASON } from './people.ts';
import { checkPreviews } from './previewed.ts';

/** Work that has just come due is no violation: six seconds of real time on the fast clock. */
const GRACE_MS = 60_000;

export interface CheckResult {
  violations: string[];
  /** Status transitions that occurred, e.g. `pending → confirmed`, with their counts. */
  transitions: Map<string, number>;
  /**
   * Ids of refunds that Paystack made twice and that the order records. A worker that is paused past its lock between listing
   * and sending cannot avoid them (K15), so they are no violation.
   */
  duplicates: string[];
  /** Acts of staff whose preview was compared with what stands. */
  previews: number;
  /** Entries of the orders' histories about money that others move, and payouts by state, with their counts. */
  outside: Map<string, number>;
}

export async function check(
  { history, elections }: { history: History; elections: readonly Period[] },
  cluster: Cluster,
  db: Database,
  clock: NonNullable<ShopRecords['ctx']>['clock'],
): Promise<CheckResult> {
  const orders = await db.orders.find().lean<Order[]>();
  const duplicates = orders.flatMap(({ refunds }) => refunds.filter(hasDuplicate).map(({ refundId }) => refundId));
  const previewed = await checkPreviews(history, orders, db);
  const system = { db, sandbox: cluster.sandbox, mailbox: cluster.mailbox, ctx: { clock } };
  return {
    // Killed processes and lost replies cause copies of an email with the same key.
    violations: [
      ...(await findBrokenInvariants(system, {
        copies: 'allowed',
        domain: 'test',
        graceMs: GRACE_MS,
        duplicates,
      })),
      ...findLostOrders(history, orders),
      ...findUnwantedOrders(history, orders),
      ...findUntruths(history, orders, elections),
      ...findLostActions(history, orders),
      ...findLostRefunds(history, orders),
      ...(await findWrongStock(history, db)),
      ...previewed.violations,
    ],
    transitions: countTransitions(orders),
    duplicates,
    previews: previewed.compared,
    outside: await countOutside(orders, db),
  };
}

function hasDuplicate({ duplicateIds }: Refund): boolean {
  return duplicateIds !== undefined && duplicateIds.length > 0;
}

const textOf = (value: unknown, key: string): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const text: unknown = Reflect.get(value, key);
  return typeof text === 'string' ? text : undefined;
};

/** No acknowledged order is lost: every page that was shown belongs to the one order of its key. */
function findLostOrders(history: History, orders: Order[]): string[] {
  const byKey = new Map(orders.map((order) => [order.checkoutKey, order]));
  return history.named('initializePayment', 'ok').flatMap(({ id, input, value }) => {
    const order = byKey.get(String(input.checkoutKey));
    if (!order) return [`operation ${id}: its order ${textOf(value, 'orderId')} is lost`];
    const wrong =
      String(order._id) !== textOf(value, 'orderId') ||
      !order.payments.some(({ reference }) => reference === textOf(value, 'txRef'));
    if (wrong)
      return [`operation ${id}: the reply names order ${textOf(value, 'orderId')}, its key names ${order._id}`];
    const amount: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'amount') : undefined;
    return amount === order.total
      ? []
      : [`operation ${id}: the reply names the amount ${amount}, the order's total is ${order.total}`];
  });
}

/** A key of which every attempt was definitely refused has no order. */
function findUnwantedOrders(history: History, orders: Order[]): string[] {
  const tries = new Map<string, Operation[]>();
  for (const operation of history.named('initializePayment')) {
    const key = String(operation.input.checkoutKey);
    tries.set(key, [...(tries.get(key) ?? []), operation]);
  }
  const existing = new Set(orders.map(({ checkoutKey }) => checkoutKey));
  const refusedOnly = [...tries].filter(([, operations]) => operations.every(({ outcome }) => outcome === 'fail'));
  return [
    ...refusedOnly
      .filter(([key]) => existing.has(key))
      .map(([key]) => `key ${key} was refused and has an order all the same`),
    ...[...existing].filter((key) => !tries.has(key)).map((key) => `order of key ${key} was never sent`),
  ];
}

/** A primary that was paused, or is new, may not know yet what was read from the other one. */
const ELECTION_MS = 10_000;

/**
 * Every status that a shopper read is the order's status at that version. Versions never decrease, but while a primary changes:
 * MongoDB's majority reads are monotonic only within one session (manual, Causal Consistency).
 */
export function findUntruths(
  history: History,
  orders: readonly Pick<Order, '_id' | 'history'>[],
  elections: readonly Period[],
): string[] {
  const byId = new Map(orders.map((order) => [String(order._id), order]));
  const highest = new Map<string, number>();
  const isElected = (at: number) => elections.some(({ from, to }) => at >= from && at <= to + ELECTION_MS);
  return history.named('see', 'ok').flatMap(({ id, input, value, invokedAt }) => {
    const orderId = String(input.orderId);
    const order = byId.get(orderId);
    const version = typeof value === 'object' && value !== null ? Number(Reflect.get(value, 'version')) : Number.NaN;
    if (!order) return [`operation ${id}: saw order ${orderId}, which is lost`];
    const before = highest.get(orderId) ?? 0;
    highest.set(orderId, Math.max(before, version));
    const then = order.history.findLast(({ seq }) => seq <= version)?.to.status;
    return [
      ...(version < before && !isElected(invokedAt)
        ? [`operation ${id}: saw version ${version} of ${orderId} after version ${before}`]
        : []),
      ...(then !== textOf(value, 'status')
        ? [`operation ${id}: saw ${orderId} ${textOf(value, 'status')} at version ${version}, when it was ${then}`]
        : []),
    ];
  });
}

type Input = Record<string, unknown>;

const hasEntry = ({ history }: Order, type: HistoryType, { shipmentId }: Input) =>
  history.some(
    (entry) =>
      entry.type === type && 'data' in entry && 'shipmentId' in entry.data && entry.data.shipmentId === shipmentId,
  );

const REACHED: Record<string, (order: Order, input: Input) => boolean> = {
  ship: (order, input) => hasEntry(order, 'shipment_created', input),
  deliver: (order, input) => hasEntry(order, 'shipment_delivered', input),
  void: (order, input) => hasEntry(order, 'shipment_voided', input),
  undo: (order, input) => hasEntry(order, 'delivery_undone', input),
  refundLines: ({ refunds }, { refundId: named }) => refunds.some(({ refundId }) => refundId === named),
  answerDispute: ({ history }, { answerKey }) => history.some(({ key }) => key?.id === answerKey),
  cancel: ({ status }) => status === 'cancelled',
  staffCancel: ({ status }) => status === 'cancelled',
};

/** Every acknowledged action is in the order. */
function findLostActions(history: History, orders: Order[]): string[] {
  const byId = new Map(orders.map((order) => [String(order._id), order]));
  return Object.entries(REACHED).flatMap(([name, isReached]) =>
    history.named(name, 'ok').flatMap(({ id, input }) => {
      const order = byId.get(String(input.orderId));
      return order && isReached(order, input)
        ? []
        : [`operation ${id}: ${name} of ${input.orderId} was acknowledged and is lost`];
    }),
  );
}

/** Every acknowledged refund of staff is in the order, with its amount. */
function findLostRefunds(history: History, orders: Order[]): string[] {
  const left = new Map(
    orders.map(({ _id, refunds }) => [
      String(_id),
      refunds.filter(({ note }) => note === REFUND_REASON).map(({ amount }) => amount),
    ]),
  );
  // Refunds with an amount are matched first; those of the remainder match any amount.
  const acknowledged = history
    .named('refund', 'ok')
    .sort((a, b) => Number(a.input.amount === null) - Number(b.input.amount === null));
  return acknowledged.flatMap(({ id, input }) => {
    const amounts = left.get(String(input.orderId)) ?? [];
    const index = input.amount === null ? amounts.length - 1 : amounts.indexOf(Number(input.amount));
    if (index < 0) return [`operation ${id}: refund of ${input.amount ?? 'the rest'} of ${input.orderId} is lost`];
    amounts.splice(index, 1);
    return [];
  });
}

/** The stock ledger holds at least the acknowledged deliveries, and at most the attempted ones. */
async function findWrongStock(history: History, db: Database): Promise<string[]> {
  const rows = await db.stockMovements.find({ reason: 'adjust' }).lean<StockMovement[]>();
  const sums = new Map<string, { booked: number; least: number; most: number }>();
  const of = (variantId: string) => {
    const sum = sums.get(variantId) ?? { booked: 0, least: 0, most: 0 };
    sums.set(variantId, sum);
    return sum;
  };
  for (const { variantId, delta } of rows.flatMap(({ lines }) => lines)) of(String(variantId)).booked += delta;
  for (const { input, outcome } of history.named('adjustStock')) {
    const sum = of(String(input.variantId));
    if (outcome === 'ok') sum.least += Number(input.delta);
    if (outcome !== 'fail') sum.most += Number(input.delta);
  }
  return [...sums].flatMap(([variantId, { booked, least, most }]) =>
    booked < least || booked > most
      ? [`variant ${variantId}: ${booked} units were booked in, between ${least} and ${most} were acknowledged`]
      : [],
  );
}

export function countTransitions(orders: readonly Pick<Order, 'history'>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { history } of orders) {
    for (const { from, to } of history) {
      if (from === null || from.status === to.status) continue;
      const name = `${from.status} → ${to.status}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

const OUTSIDE_TYPES = /^(dispute|reversal|external|transfer)_/;

async function countOutside(orders: readonly Pick<Order, 'history'>[], db: Database): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { type } of orders.flatMap(({ history }) => history)) if (OUTSIDE_TYPES.test(type)) count(type);
  for (const { state } of await db.payouts.find().lean<Pick<Payout, 'state'>[]>()) count(`payout ${state}`);
  return counts;
}

/** Every transition of the table, as `from → to`. */
export const ALL_TRANSITIONS = Object.entries(ORDER_TRANSITIONS).flatMap(([from, next]) =>
  next.map((to) => `${from} → ${to}`),
);
