/** I21: what is called proved of payouts is so by the stored charges. */
import type { ClientSession } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { inSnapshot } from '../../db/transaction.ts';
import { comparePayout } from '../../payout/compare-payout.ts';
import type { Payout } from '../../payout/payout-document.ts';
import { payoutOfLine } from '../../payout/payout-line-document.ts';
import { sumLines } from '../../payout/store-payout.ts';
import { type AuditCheck, type CheckResult, CheckResultBuilder } from '../check.ts';

export const provedPayoutsCheck: AuditCheck = {
  id: 'I21',
  name: 'payouts-proved',
  question: 'Of each proved payout, the number of its stored charges, their amounts, their fees and its net agree.',
};

export const paidOutOnceCheck: AuditCheck = {
  id: 'I21',
  name: 'charges-paid-out-once',
  question: 'No charge is in two proved payouts.',
};

export const PAYOUT_CHECKS: readonly AuditCheck[] = [provedPayoutsCheck, paidOutOnceCheck];

/** As of one instant: a payout that is being read again is not proved meanwhile. */
export async function auditPayouts(db: Database): Promise<CheckResult[]> {
  return inSnapshot(db, async (session) => {
    const proved = new CheckResultBuilder(provedPayoutsCheck);
    const ids = new Set<string>();
    // One a day: a walk through an index, as for every other read of the audit.
    const hint = { createdAt: -1, _id: -1 } as const;
    const payouts = driverCollection(db.payouts).find({ state: 'proved' }, { session, hint });
    for await (const payout of payouts) {
      ids.add(payout._id);
      proved.record(payout._id, await problemsOf(db, payout, session));
    }
    return [proved.result(), await findPaidOutTwice(db, ids, session)];
  });
}

async function problemsOf(db: Database, payout: Payout, session: ClientSession): Promise<string[]> {
  const { _id, rows = null } = payout;
  const sums = await sumLines(db, _id, session);
  const differences = comparePayout({ payout, total: rows, sums, odd: [], twice: [] });
  return differences.map(
    ({ kind, expected, found }) => `${kind}: ${found} of the stored charges instead of ${expected}`,
  );
}

/** In the order of the references, so that the lines of one charge follow each other, however many there are. */
async function findPaidOutTwice(
  db: Database,
  proved: ReadonlySet<string>,
  session: ClientSession,
): Promise<CheckResult> {
  const builder = new CheckResultBuilder(paidOutOnceCheck);
  const lines = driverCollection(db.payoutLines).find(
    {},
    { session, sort: { reference: 1 }, projection: { reference: 1 } },
  );
  let before: { reference: string; payoutId: string } | null = null;
  for await (const line of lines) {
    const payoutId = payoutOfLine(line);
    if (!proved.has(payoutId)) continue;
    const { reference } = line;
    const isTwice = before?.reference === reference;
    builder.record(reference, isTwice ? [`in the payouts ${before?.payoutId} and ${payoutId}`] : []);
    before = { reference, payoutId };
  }
  return builder.result();
}
