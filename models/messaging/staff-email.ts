/**
 * Emails to the shop's staff, in the same outbox as customers' emails. Each goes to every address that the settings name,
 * and without any to the owners. They hold no text of a customer.
 */
import type { ClientSession, mongo } from 'mongoose';
import { STAFF_ROLES, type StaffRole } from '../contract/permissions.ts';
import type { StaffEmailKind } from '../contract/statuses.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { readSettings } from '../settings/settings.ts';
import type { Settings } from '../settings/settings-document.ts';
import type { Email } from './email-document.ts';
import type { Claim } from './email-outbox.ts';
import { parseOutboxId, staffEmailId } from './outbox-id.ts';

/** The values that the text of each kind needs. Amounts in subunits of `currency`. */
export interface StaffEmailData {
  dispute_due: {
    orderId: string;
    code: string;
    amount: number;
    currency: string;
    answerBy: Date;
    /** Paystack named no deadline. */
    assumed: boolean;
    /** Why the answer that staff gave is not at Paystack yet; null without such an answer. */
    unsent: string | null;
  };
  /** To one person, who is not of the staff yet. */
  invitation: { invitationId: string; to: string; role: StaffRole; invitedBy: string; until: Date };
  /** Orders that were paid. */
  new_orders: {
    /** The first of them. */
    orders: { orderId: string; code: string; units: number; amount: number; currency: string }[];
    count: number;
    /** There were more than the email counts. */
    more: boolean;
    /** The totals of all that are counted, per currency. */
    sums: { amount: number; currency: string }[];
    /** The email reports what was confirmed until then. */
    until: Date;
  };
}

interface StaffEmailOf<Kind extends StaffEmailKind> extends Omit<Email, 'orderId' | 'kind' | 'data'> {
  kind: Kind;
  data: StaffEmailData[Kind];
}

export type StaffEmail = { [Kind in StaffEmailKind]: StaffEmailOf<Kind> }[StaffEmailKind];

/** True for an email to staff, by its id. */
export function isStaffEmail(email: Pick<Email, '_id'> | StaffEmail): email is StaffEmail & { claimedBy: string } {
  return parseOutboxId(email._id)?.about === 'staff';
}

/**
 * Queues an email to staff; `what` names its event, so that each event causes one email. False when it was queued before. Not
 * in a transaction: the caller records its event after it, and a repeat finds the email.
 */
export async function queueStaffEmail<Kind extends StaffEmailKind>(
  db: Database,
  kind: Kind,
  { what, data, now }: NewStaffEmail<Kind>,
): Promise<boolean> {
  try {
    await insert(db, kind, { what, data, now });
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return false;
  }
}

/** For the transaction of the event. */
export function queueStaffEmailIn<Kind extends StaffEmailKind>(
  db: Database,
  kind: Kind,
  email: NewStaffEmail<Kind>,
  session: ClientSession,
): Promise<void> {
  return insert(db, kind, email, session);
}

interface NewStaffEmail<Kind extends StaffEmailKind> {
  what: string;
  data: StaffEmailData[Kind];
  now: Date;
}

async function insert<Kind extends StaffEmailKind>(
  db: Database,
  kind: Kind,
  { what, data, now }: NewStaffEmail<Kind>,
  session?: ClientSession,
): Promise<void> {
  const email: StaffEmailOf<Kind> = {
    _id: staffEmailId(kind, what),
    kind,
    data,
    state: 'queued',
    createdAt: now,
    dueAt: now,
    attempts: 0,
  };
  const stored = email as mongo.OptionalUnlessRequiredId<StaffEmailOf<Kind>>;
  await staffEmails<StaffEmailOf<Kind>>(db).insertOne(stored, session === undefined ? {} : { session });
}

/** The values of an email in the outbox; null when it is not there. */
export async function staffEmailData<Kind extends StaffEmailKind>(
  db: Database,
  kind: Kind,
  what: string,
): Promise<StaffEmailData[Kind] | null> {
  const email = await driverCollection(db.emails).findOne<StaffEmailOf<Kind>>(
    { _id: staffEmailId(kind, what) },
    { projection: { data: 1 } },
  );
  return email?.data ?? null;
}

/** Keeps that the provider has accepted the email for these addresses, so that a retry leaves them out. */
export async function markSentTo(db: Database, email: Claim, addresses: readonly string[]): Promise<void> {
  await staffEmails(db).updateOne(
    { _id: email._id, claimedBy: email.claimedBy },
    { $addToSet: { sentTo: { $each: [...addresses] } } },
  );
}

/** The addresses of the settings, else those of the owners. */
export async function findRecipients(db: Database, defaults: Settings): Promise<string[]> {
  const { recipients } = await readSettings(db, defaults);
  if (recipients.length > 0) return [...new Set(recipients)];
  const [owner] = STAFF_ROLES;
  const owners = await driverCollection(db.users)
    .find<{ email: string }>({ role: owner }, { projection: { email: 1 } })
    .toArray();
  return owners.map(({ email }) => email);
}

/** The outbox as a collection of staff's emails, which share its documents' common fields. */
function staffEmails<Stored extends Omit<StaffEmail, 'kind' | 'data'> = StaffEmail>(
  db: Database,
): mongo.Collection<Stored> {
  return driverCollection(db.emails) as unknown as mongo.Collection<Stored>;
}
