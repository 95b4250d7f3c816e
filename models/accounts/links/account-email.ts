/** Emails about an account, in the same outbox as those about orders. They go to the account's address. */
import type { ClientSession, mongo } from 'mongoose';
import type { AccountEmailKind } from '../../contract/statuses.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import type { Email } from '../../messaging/email-document.ts';
import { parseOutboxId, userEmailId } from '../../messaging/outbox-id.ts';
import type { User } from '../user.ts';

/** The values that the text of each kind needs beside the account. */
export interface AccountEmailData {
  reset_password: { linkId: string };
  verify_email: { linkId: string };
  password_changed: { at: Date };
}

export type AccountEmail = {
  [Kind in AccountEmailKind]: Omit<Email, 'orderId' | 'kind' | 'data'> & { kind: Kind; data: AccountEmailData[Kind] };
}[AccountEmailKind];

/** True for an email about an account, by its id. */
export function isAccountEmail(email: Pick<Email, '_id'>): email is AccountEmail & { claimedBy: string } {
  return parseOutboxId(email._id)?.about === 'user';
}

/** For the transaction of its event, which has raised the account's count of emails. */
export async function queueAccountEmail<Kind extends AccountEmailKind>(
  db: Database,
  user: Pick<User, '_id' | 'emails'>,
  { kind, data, now }: { kind: Kind; data: AccountEmailData[Kind]; now: Date },
  session: ClientSession,
): Promise<void> {
  const emails = driverCollection(db.emails) as unknown as mongo.Collection<Omit<AccountEmail, 'kind' | 'data'>>;
  const email = {
    _id: userEmailId(user._id, kind, user.emails ?? 0),
    kind,
    data,
    state: 'queued' as const,
    createdAt: now,
    dueAt: now,
    attempts: 0,
  };
  await emails.insertOne(email, { session });
}
