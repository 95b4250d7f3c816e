/**
 * Stores a payout and its charges. Each reading has an id, and only the latest reading may store charges and close the
 * payout. So two workers, or one that was paused, never mix theirs. A process that dies in between leaves it `reading`.
 */
import type { ClientSession, mongo } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { comparePayout, stateOf } from './compare-payout.ts';
import type { Payout, PayoutDifference } from './payout-document.ts';
import { linesOf, type PayoutLine, payoutOfLine } from './payout-line-document.ts';
import { isPaidOut, type PayoutReport } from './payout-reports.ts';

/** Differences of single charges that are named. */
const MAX_NAMED = 20;

export async function findPayout(db: Database, payoutId: string): Promise<Payout | null> {
  return driverCollection(db.payouts).findOne({ _id: payoutId });
}

const toFields = ({ payoutId: _, paidOn, createdAt, ...report }: PayoutReport, now: Date) => ({
  ...report,
  ...(paidOn === null ? {} : { paidOn }),
  createdAt: createdAt ?? paidOn ?? now,
});

/** False when the stored payout already says what this report does. */
export function isNewReport(known: Payout, report: PayoutReport): boolean {
  const fields = Object.entries(toFields(report, known.createdAt));
  const stored = new Map<string, unknown>(Object.entries(known));
  return fields.some(([name, value]) => stored.get(name)?.valueOf() !== value.valueOf());
}

/** Stores a payout that has not reached the bank. It has no charges yet; those of one that failed later are dropped. */
export async function storeUnpaidPayout(db: Database, report: PayoutReport, now: Date): Promise<void> {
  await inTransaction(db, async (session) => {
    await driverCollection(db.payouts).updateOne(
      { _id: report.payoutId },
      { $set: { ...toFields(report, now), state: 'reading' }, $unset: NOT_COMPARED },
      { upsert: true, session },
    );
    await driverCollection(db.payoutLines).deleteMany(linesOf(report.payoutId), { session });
  });
}

const NOT_COMPARED = { differences: 1, rows: 1, comparedAt: 1, readingBy: 1, pages: 1 } as const;

/** Begins a reading of a payout's charges, which ends every earlier one. */
export async function beginReading(db: Database, report: PayoutReport, readingBy: string, now: Date): Promise<void> {
  const { differences, rows, comparedAt } = NOT_COMPARED;
  await driverCollection(db.payouts).updateOne(
    { _id: report.payoutId },
    {
      $set: { ...toFields(report, now), state: 'reading', readingBy, pages: 0 },
      $unset: { differences, rows, comparedAt },
    },
    { upsert: true },
  );
}

/** Stores a page of charges. False when another reading has begun. May be repeated. */
export async function storeLines(
  db: Database,
  payoutId: string,
  readingBy: string,
  lines: readonly PayoutLine[],
): Promise<boolean> {
  return inTransaction(db, async (session) => {
    const { matchedCount } = await driverCollection(db.payouts).updateOne(
      { _id: payoutId, readingBy },
      { $inc: { pages: 1 } },
      { session },
    );
    if (matchedCount === 0) return false;
    if (lines.length > 0)
      await driverCollection(db.payoutLines).bulkWrite(
        lines.map((line) => ({
          replaceOne: { filter: { _id: line._id }, replacement: withoutId(line), upsert: true },
        })),
        { session },
      );
    return true;
  });
}

const withoutId = ({ _id, ...line }: PayoutLine): Omit<PayoutLine, '_id'> => line;

export interface WholeReading {
  readingBy: string;
  /** The ids of every line that was read. */
  lineIds: ReadonlySet<string>;
  /** How many charges Paystack says that the payout has; null when it does not say. */
  total: number | null;
  now: Date;
}

/**
 * Ends a reading of all charges: lines of earlier readings go, and the stored lines are compared with the payout. Null when
 * another reading has begun. May be raced: the comparison and its result are one transaction.
 */
export async function closeReading(
  db: Database,
  payoutId: string,
  { readingBy, lineIds, total, now }: WholeReading,
): Promise<Payout | null> {
  return inTransaction(db, async (session) => {
    const payouts = driverCollection(db.payouts);
    const payout = await payouts.findOne({ _id: payoutId, readingBy }, { session });
    if (payout === null) return null;
    const stale = { $and: [linesOf(payoutId), { _id: { $nin: [...lineIds] } }] };
    await driverCollection(db.payoutLines).deleteMany(stale, { session });
    const sums = await sumLines(db, payoutId, session);
    const odd = await findOddLines(db, payout, session);
    const twice = await findPaidTwice(db, payoutId, session);
    const differences = comparePayout({ payout, total, sums, odd, twice });
    const result = { state: stateOf(differences), comparedAt: now, ...(total === null ? {} : { rows: total }) };
    await payouts.updateOne({ _id: payoutId }, { $set: { ...result, ...named(differences) } }, { session });
    return { ...payout, ...result, ...named(differences) };
  });
}

function named(differences: PayoutDifference[]): Pick<Payout, 'differences'> {
  return differences.length === 0 ? {} : { differences };
}

/** Of the stored lines of a payout. */
export async function sumLines(
  db: Database,
  payoutId: string,
  session?: ClientSession,
): Promise<{ rows: number; amount: number; fees: number }> {
  const [sums] = await driverCollection(db.payoutLines)
    .aggregate<{ rows: number; amount: number; fees: number }>(
      [
        { $match: linesOf(payoutId) },
        { $group: { _id: null, rows: { $sum: 1 }, amount: { $sum: '$amount' }, fees: { $sum: '$fees' } } },
        { $project: { _id: 0 } },
      ],
      { ...(session && { session }) },
    )
    .toArray();
  return sums ?? { rows: 0, amount: 0, fees: 0 };
}

/** Lines that disagree with our order, or are in another currency than the payout. */
async function findOddLines(db: Database, { _id, currency }: Payout, session: ClientSession): Promise<PayoutLine[]> {
  const isOdd = { $or: [{ captured: { $exists: true } }, { currency: { $ne: currency } }] };
  const filter: mongo.Filter<PayoutLine> = { $and: [linesOf(_id), isOdd] };
  return driverCollection(db.payoutLines)
    .find(filter, { session, limit: MAX_NAMED, sort: { _id: 1 } })
    .toArray();
}

/** Charges of this payout that another one has too. Only payouts that reached the bank have lines. */
async function findPaidTwice(
  db: Database,
  payoutId: string,
  session: ClientSession,
): Promise<{ reference: string; payoutId: string; amount: number }[]> {
  const lines = await driverCollection(db.payoutLines)
    .aggregate<{ reference: string; amount: number; other: string }>(
      [
        { $match: linesOf(payoutId) },
        { $lookup: { from: 'payoutlines', localField: 'reference', foreignField: 'reference', as: 'same' } },
        { $unwind: '$same' },
        { $match: { $expr: { $ne: ['$same._id', '$_id'] } } },
        { $sort: { _id: 1 } },
        { $limit: MAX_NAMED },
        { $project: { reference: 1, amount: 1, other: '$same._id' } },
      ],
      { session },
    )
    .toArray();
  return lines.map(({ reference, amount, other }) => ({ reference, amount, payoutId: payoutOfLine({ _id: other }) }));
}

/** True when a payout whose report stays as it is must be read, or read again. */
export function isToBeRead(known: Payout | null, report: PayoutReport): boolean {
  return isPaidOut(report) && (known === null || known.state !== 'proved' || isNewReport(known, report));
}
