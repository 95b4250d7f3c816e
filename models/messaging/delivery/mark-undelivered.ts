import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { parseOutboxId } from '../outbox-id.ts';
import { type DeliveryFailure, describeDeliveryFailure } from './delivery-failure.ts';

export interface UndeliveredReport {
  /** The outbox id. */
  emailId: string;
  /** The provider's id of the copy, which begins with the one that it gave when it accepted it; null when it names none. */
  copyId: string | null;
  failure: DeliveryFailure;
}

/**
 * - recorded: the email is parked, as one that the provider refused
 * - unchanged: reported before, or a copy that was sent again since
 * - not_yet: the copy is being sent; report it again
 * - unknown: no email has this id any more
 */
export type UndeliveredOutcome = 'recorded' | 'unchanged' | 'not_yet' | 'unknown';

const MAX_IDS = 500;

/** The reports about emails that there are. One read for hundreds of them, because a batch may hold thousands. */
export async function findReported(db: Database, reports: readonly UndeliveredReport[]): Promise<UndeliveredReport[]> {
  const ids = [...new Set(reports.map(({ emailId }) => emailId))];
  const known = new Set<string>();
  for (let from = 0; from < ids.length; from += MAX_IDS) {
    const found = driverCollection(db.emails)
      // An email that is parked was reported before.
      .find({ _id: { $in: ids.slice(from, from + MAX_IDS) }, state: { $ne: 'parked' } }, { projection: { _id: 1 } });
    for await (const { _id } of found) known.add(_id);
  }
  return reports.filter(({ emailId }) => known.has(emailId));
}

/**
 * Records that a sent email did not arrive. It is then parked: staff see it, and a correction of the address sends it
 * again. Emails to staff, who have many addresses, and about accounts stay sent, and are listed as failed. May be repeated,
 * raced, and called in any order.
 */
export async function markUndelivered(
  db: Database,
  { emailId, copyId, failure }: UndeliveredReport,
): Promise<{ outcome: UndeliveredOutcome; kind: string }> {
  const emails = driverCollection(db.emails);
  const email = await emails.findOne(
    { _id: emailId },
    { projection: { kind: 1, state: 1, messageId: 1, claimedBy: 1, sentAt: 1, undelivered: 1 } },
  );
  if (email === null) return { outcome: 'unknown', kind: 'unknown' };
  const { kind, state, claimedBy, sentAt } = email;
  const isLast = isCopy(copyId, email.messageId ?? null);
  if (state === 'queued' && claimedBy !== undefined && !(isLast && email.messageId))
    return { outcome: 'not_yet', kind };
  if (state !== 'sent' || sentAt === undefined || !isLast) return { outcome: 'unchanged', kind };
  const isOfOrder = parseOutboxId(emailId)?.about === 'order';
  if (!isOfOrder && email.undelivered !== undefined) return { outcome: 'unchanged', kind };
  const undelivered = { ...failure, sentAt };
  const { modifiedCount } = await emails.updateOne(
    { _id: emailId, state: 'sent', sentAt },
    !isOfOrder
      ? { $set: { parkedAt: failure.at, undelivered } }
      : {
          $set: {
            state: 'parked',
            parkedAt: failure.at,
            undelivered,
            lastError: describeDeliveryFailure(failure),
          },
          // Kept until it is sent again: the time limit on sent emails counts from sentAt.
          $unset: { sentAt: 1 },
        },
  );
  return { outcome: modifiedCount === 1 ? 'recorded' : 'unchanged', kind };
}

/** The provider's events name the copy as its first id with a suffix. */
function isCopy(copyId: string | null, messageId: string | null): boolean {
  if (copyId === null || messageId === null) return true;
  return copyId === messageId || copyId.startsWith(`${messageId}.`);
}
