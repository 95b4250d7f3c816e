/**
 * The audit's pass over all orders: each with its emails and its rows of the stock ledger, batch by batch in the order of
 * their ids. Emails and ledger rows carry the order's id at the front of their own, so every read is a range of a
 * primary index and the three lists merge like zips; what belongs to no order comes out as well.
 */
import { type ClientSession, Types } from 'mongoose';
import type { StockMovement } from '../catalogue/stock-movement.ts';
import type { Database } from '../db/database.ts';
import { inSnapshot } from '../db/transaction.ts';
import type { Email } from '../messaging/email-document.ts';
import type { Order } from '../order/order-document.ts';
import type { AuditCheck, AuditScope, CheckTally } from './check.ts';

/** An order with everything that other collections hold about it, as of one instant. */
export interface OrderWithRecords {
  order: Order;
  emails: Email[];
  /** Its sales and restocks. */
  movements: StockMovement[];
}

/** A check that needs nothing but one order's dossier. */
export interface OrderCheck extends AuditCheck {
  /** What is wrong, in words; nothing when all is well. Pure. */
  inspect(dossier: OrderWithRecords, scope: AuditScope): string[];
  /** Likewise for what names an order that does not exist. */
  inspectOrphans?(orphans: Orphans): { id: string; detail: string }[];
}

export interface Orphans {
  emails: Email[];
  movements: StockMovement[];
}

export interface OrderBatch {
  orders: OrderWithRecords[];
  orphans: Orphans;
}

/** Some 5 MB of orders with long histories. */
const BATCH_SIZE = 500;

/**
 * Gives every order to `visit`, once. The whole pass sees one instant, unless it outlives the server's memory of it: then
 * it carries on as of a newer one, which is as good, because no dossier is ever read in two pieces.
 */
export async function scanOrders(
  db: Database,
  since: Date | null,
  visit: (batch: OrderBatch) => void | Promise<void>,
): Promise<void> {
  let position: Position = since === null ? null : firstIdSince(since);
  let ended = false;
  await inSnapshot(db, async (session) => {
    while (!ended) {
      const batch = await readBatch(db, position, session);
      await visit(batch.content);
      position = batch.end;
      ended = batch.end === null;
    }
  });
}

/** The last id that was read; null before the first and after the last. */
type Position = Types.ObjectId | null;

/** Ids begin with the second in which they were made. */
function firstIdSince(since: Date): Types.ObjectId {
  return Types.ObjectId.createFromTime(Math.floor(since.getTime() / 1000));
}

async function readBatch(
  db: Database,
  after: Position,
  session: ClientSession,
): Promise<{ content: OrderBatch; end: Position }> {
  const orders = await db.orders
    .find(after === null ? {} : { _id: { $gt: after } })
    .sort({ _id: 1 })
    .limit(BATCH_SIZE)
    .session(session)
    .lean<Order[]>();
  const end = orders.length < BATCH_SIZE ? null : (orders.at(-1)?._id ?? null);
  const emails = await db.emails
    .find({ _id: idRange('', after, end) })
    .session(session)
    .lean<Email[]>();
  const sales = await db.stockMovements
    .find({ _id: idRange('sale:', after, end) })
    .session(session)
    .lean<StockMovement[]>();
  const restocks = await db.stockMovements
    .find({ _id: idRange('restock:', after, end) })
    .session(session)
    .lean<StockMovement[]>();
  return { content: assemble(orders, emails, [...sales, ...restocks]), end };
}

/** The ids `<prefix><order id>:…` of the orders after `after` up to and with `end`. In ASCII ';' follows ':'. */
function idRange(prefix: string, after: Position, end: Position): { $gte: string; $lt?: string } {
  const $gte = after === null ? prefix : `${prefix}${after};`;
  if (end !== null) return { $gte, $lt: `${prefix}${end};` };
  return prefix === '' ? { $gte } : { $gte, $lt: `${prefix.slice(0, -1)};` };
}

function assemble(orders: Order[], emails: Email[], movements: StockMovement[]): OrderBatch {
  const dossiers = new Map<string, OrderWithRecords>();
  for (const order of orders) dossiers.set(String(order._id), { order, emails: [], movements: [] });
  const orphans: Orphans = { emails: [], movements: [] };
  for (const email of emails) {
    const [orderId = ''] = email._id.split(':');
    (dossiers.get(orderId) ?? orphans).emails.push(email);
  }
  for (const movement of movements) {
    const [, orderId = ''] = movement._id.split(':');
    (dossiers.get(orderId) ?? orphans).movements.push(movement);
  }
  return { orders: [...dossiers.values()], orphans };
}

/** Puts one batch before the check. */
export function applyOrderCheck(check: OrderCheck, tally: CheckTally, batch: OrderBatch, scope: AuditScope): void {
  for (const dossier of batch.orders) tally.inspect(dossier.order._id, () => check.inspect(dossier, scope));
  for (const { id, detail } of check.inspectOrphans?.(batch.orphans) ?? []) tally.violated(id, detail);
}
