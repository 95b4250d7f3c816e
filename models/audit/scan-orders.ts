/**
 * Scans all orders with their emails and rows of the stock ledger, in batches by id. The ids of emails and ledger rows
 * contain their order's id in front, so every read is a range of a primary index. Orphans, records without an order, are
 * found too.
 */
import type { ClientSession, Types } from 'mongoose';
import type { StockMovement } from '../catalogue/stock-movement.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inSnapshot } from '../db/transaction.ts';
import type { Email } from '../messaging/email-document.ts';
import { END_OF_ORDER_IDS, parseOutboxId } from '../messaging/outbox-id.ts';
import { firstIdOf } from '../order/ids/order-id.ts';
import type { Order } from '../order/order-document.ts';
import { hasKnownShape } from '../order/shape.ts';
import type { AuditCheck, AuditScope, CheckResultBuilder } from './check.ts';

/** An order with its records in other collections, as of one instant. */
export interface OrderWithRecords {
  order: Order;
  emails: Email[];
  /** Its sale, the returns of its refunds and its restock. */
  movements: StockMovement[];
}

/** A check of one order with its records. */
export interface OrderCheck extends AuditCheck {
  /** The problems, in words. Pure. */
  inspect(records: OrderWithRecords, scope: AuditScope): string[];
  /** The problems of records whose order does not exist. */
  inspectOrphans?(orphans: Orphans): { id: string; detail: string }[];
}

export interface Orphans {
  emails: Email[];
  movements: StockMovement[];
}

export interface OrderBatch {
  /** Without those of a higher shape: their rules are not known. */
  orders: OrderWithRecords[];
  newerOrders: number;
  orphans: Orphans;
}

/** Some 5 MB of orders with long histories. */
const BATCH_SIZE = 500;

/** The last id that was read; null before the first and after the last. */
type Position = Types.ObjectId | null;

export interface ScanRange {
  /** The scan begins with the next order. */
  after: Position;
  batchSize?: number;
}

type Visited = 'stop' | undefined;

/** The position before the orders placed since then. */
export function positionBefore(since: Date): Types.ObjectId {
  return firstIdOf(Math.floor(since.getTime() / 1000));
}

/**
 * Calls `visit` once for every order of a known shape, until it answers `stop`. The scan reads one snapshot; when that becomes too old for the server, it continues
 * on a newer one. That is safe, because an order and its records are never read from two snapshots. Returns the last id that was read; null after the last order.
 */
export async function scanOrders(
  db: Database,
  { after, batchSize = BATCH_SIZE }: ScanRange,
  visit: (batch: OrderBatch) => Visited | Promise<Visited>,
): Promise<Position> {
  let position = after;
  let ended = false;
  await inSnapshot(db, async (session) => {
    while (!ended) {
      const batch = await readBatch(db, position, batchSize, session);
      const answer = await visit(batch.content);
      position = batch.end;
      ended = batch.end === null || answer === 'stop';
    }
  });
  return position;
}

async function readBatch(
  db: Database,
  after: Position,
  size: number,
  session: ClientSession,
): Promise<{ content: OrderBatch; end: Position }> {
  const orders = await driverCollection(db.orders)
    .find(after === null ? {} : { _id: { $gt: after } }, { sort: { _id: 1 }, limit: size, session })
    .toArray();
  const end = orders.length < size ? null : (orders.at(-1)?._id ?? null);
  const emails = await driverCollection(db.emails)
    .find({ _id: idRange('', after, end) }, { session })
    .toArray();
  const movements = driverCollection(db.stockMovements);
  const sales = await movements.find({ _id: idRange('sale:', after, end) }, { session }).toArray();
  const restocks = await movements.find({ _id: idRange('restock:', after, end) }, { session }).toArray();
  const returns = await movements.find({ _id: idRange('return:', after, end) }, { session }).toArray();
  return { content: assemble(orders, emails, [...sales, ...restocks, ...returns]), end };
}

/** The ids `<prefix><order id>` and `<prefix><order id>:…` of the orders after `after` up to `end`. In ASCII ';' follows ':'. */
function idRange(prefix: string, after: Position, end: Position): { $gte: string; $lt: string } {
  const $gte = after === null ? prefix : `${prefix}${after};`;
  if (end !== null) return { $gte, $lt: `${prefix}${end};` };
  return { $gte, $lt: prefix === '' ? END_OF_ORDER_IDS : `${prefix.slice(0, -1)};` };
}

function assemble(orders: Order[], emails: Email[], movements: StockMovement[]): OrderBatch {
  const byId = new Map<string, OrderWithRecords>();
  for (const order of orders) byId.set(String(order._id), { order, emails: [], movements: [] });
  const orphans: Orphans = { emails: [], movements: [] };
  for (const email of emails) {
    const id = parseOutboxId(email._id);
    (byId.get(id?.about === 'order' ? id.orderId : '') ?? orphans).emails.push(email);
  }
  for (const movement of movements) {
    const [, orderId = ''] = movement._id.split(':');
    (byId.get(orderId) ?? orphans).movements.push(movement);
  }
  const known = [...byId.values()].filter(({ order }) => hasKnownShape(order));
  return { orders: known, newerOrders: orders.length - known.length, orphans };
}

export function applyOrderCheck(
  check: OrderCheck,
  builder: CheckResultBuilder,
  batch: OrderBatch,
  scope: AuditScope,
): void {
  for (const records of batch.orders) builder.inspect(records.order._id, () => check.inspect(records, scope));
  for (const { id, detail } of check.inspectOrphans?.(batch.orphans) ?? []) builder.addViolation(id, detail);
}
