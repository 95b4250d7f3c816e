/** Staff's lists of payouts, of the charges in one, and of charges in none. */
import type { PayoutState } from '../contract/staff/payouts.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { READ_MAJORITY } from '../db/read-write-concerns.ts';
import { invalidInput, notFound } from '../errors.ts';
import type { Page, PageRequest } from '../order/queries/list-orders.ts';
import type { Payout } from './payout-document.ts';
import { linesOf, type PayoutLine, payoutLineId } from './payout-line-document.ts';
import type { UnpaidCharge } from './unpaid-charge-document.ts';

/** Newest first. */
export async function listPayouts(
  db: Database,
  { cursor, limit, state }: PageRequest & { state?: PayoutState | undefined },
): Promise<Page<Payout>> {
  const after = cursor === undefined ? null : parseCursor(cursor);
  const older = after && {
    $or: [{ createdAt: { $lt: after.at } }, { createdAt: after.at, _id: { $lt: after.id } }],
  };
  const payouts = await driverCollection(db.payouts)
    .find(
      { ...(state === undefined ? {} : { state }), ...older },
      { sort: { createdAt: -1, _id: -1 }, limit: limit + 1, ...READ_MAJORITY },
    )
    .toArray();
  return toPage(payouts, limit, ({ createdAt, _id }) => `${createdAt.getTime()}.${_id}`);
}

/** True once any payout was read. */
export async function hasPayouts(db: Database): Promise<boolean> {
  return (await driverCollection(db.payouts).findOne({}, { projection: { _id: 1 } })) !== null;
}

/** Throws NOT_FOUND. */
export async function getPayout(db: Database, payoutId: string): Promise<Payout> {
  const payout = await driverCollection(db.payouts).findOne({ _id: payoutId }, READ_MAJORITY);
  if (payout === null) throw notFound('Payout');
  return payout;
}

/** In the order of Paystack's transaction ids, as text. Throws NOT_FOUND for an unknown payout. */
export async function listPayoutLines(
  db: Database,
  payoutId: string,
  { cursor, limit }: PageRequest,
): Promise<Page<PayoutLine>> {
  await getPayout(db, payoutId);
  const range = linesOf(payoutId);
  const _id = cursor === undefined ? range._id : { ...range._id, $gt: payoutLineId(payoutId, cursor) };
  const lines = await driverCollection(db.payoutLines)
    .find({ _id }, { sort: { _id: 1 }, limit: limit + 1, ...READ_MAJORITY })
    .toArray();
  return toPage(lines, limit, (line) => line._id.slice(payoutId.length + 1));
}

/** Oldest first. `count` is of all. */
export async function listUnpaidCharges(
  db: Database,
  { cursor, limit }: PageRequest,
): Promise<Page<UnpaidCharge> & { count: number }> {
  const after = cursor === undefined ? null : parseCursor(cursor);
  const younger =
    after === null ? {} : { $or: [{ paidAt: { $gt: after.at } }, { paidAt: after.at, _id: { $gt: after.id } }] };
  const charges = driverCollection(db.unpaidCharges);
  const [found, count] = await Promise.all([
    charges.find(younger, { sort: { paidAt: 1, _id: 1 }, limit: limit + 1, ...READ_MAJORITY }).toArray(),
    charges.estimatedDocumentCount(),
  ]);
  return { ...toPage(found, limit, ({ paidAt, _id }) => `${paidAt.getTime()}.${_id}`), count };
}

/** All, newest first. */
export function eachPayout(db: Database): AsyncIterable<Payout> {
  return driverCollection(db.payouts).find({}, { sort: { createdAt: -1, _id: -1 }, ...READ_MAJORITY });
}

/** The charges of one payout, all of them. */
export function eachPayoutLine(db: Database, payoutId: string): AsyncIterable<PayoutLine> {
  return driverCollection(db.payoutLines).find(linesOf(payoutId), { sort: { _id: 1 }, ...READ_MAJORITY });
}

function toPage<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

function parseCursor(cursor: string): { at: Date; id: string } {
  const [, time, id] = /^(\d{1,15})\.([A-Za-z0-9.=-]{1,60})$/.exec(cursor) ?? [];
  if (time === undefined || id === undefined)
    throw invalidInput('cursor', 'must be the cursor that came with a page of this list');
  return { at: new Date(Number(time)), id };
}
