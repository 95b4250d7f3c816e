import { type ActionKey, findRepeat } from '../../action-key.ts';
import { isStaff, type StaffRole } from '../../contract/permissions.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { inTransaction } from '../../db/transaction.ts';
import { invalidInput } from '../../errors.ts';
import { queueStaffEmailIn } from '../../messaging/staff-email.ts';
import type { Invitation } from './invitation-document.ts';

export const INVITATION_DAYS = 7;
const LIFETIME_MS = INVITATION_DAYS * 24 * 3600_000;

export interface NewInvitation {
  /** Lower case, trimmed. */
  email: string;
  role: StaffRole;
  /** The name of the owner who invites. */
  invitedBy: string;
  key: ActionKey;
  /** Used unless there is an open invitation of the address, whose link is sent once more. */
  newId: string;
  now: Date;
}

/**
 * Queues the email with the link. An open invitation of the address gets the role and is sent again with the same link. A repeat
 * of the key takes no effect. Throws INVALID_INPUT for a member of staff, ACTION_KEY_REUSED.
 */
export async function invite(
  db: Database,
  { email, role, invitedBy, key, newId, now }: NewInvitation,
): Promise<Invitation> {
  const invitations = driverCollection(db.invitations);
  return inTransaction(db, async (session) => {
    const known = await invitations.findOne({ 'key.id': key.id }, { session });
    const repeated = findRepeat(known === null ? [] : [known], key);
    if (repeated !== null) return repeated;
    const user = await driverCollection(db.users).findOne({ email }, { session, projection: { role: 1 } });
    if (user !== null && isStaff(user.role))
      throw invalidInput('email', 'belongs to a member of staff already; change the role instead');
    const open = await invitations.findOne({ email, ...isOpen(now) }, { session });
    const expiresAt = new Date(now.getTime() + LIFETIME_MS);
    const invitation: Invitation = {
      _id: open?._id ?? newId,
      ...{ email, role, key, sent: (open?.sent ?? 0) + 1, sentAt: now, expiresAt },
    };
    await invitations.replaceOne({ _id: invitation._id }, invitation, { session, upsert: true });
    const data = { invitationId: invitation._id, to: email, role, invitedBy, until: expiresAt };
    await queueStaffEmailIn(db, 'invitation', { what: `${invitation._id}.${invitation.sent}`, data, now }, session);
    return invitation;
  });
}

export function isOpen(now: Date) {
  return { endedAt: { $exists: false }, expiresAt: { $gt: now } };
}

/** The newest first. */
export function findInvitations(db: Database, now: Date): Promise<Invitation[]> {
  return driverCollection(db.invitations)
    .find(isOpen(now), { sort: { sentAt: -1 } })
    .toArray();
}

/** The link works no more. May be repeated. */
export async function withdrawInvitations(db: Database, email: string, now: Date): Promise<void> {
  await driverCollection(db.invitations).updateMany({ email, ...isOpen(now) }, { $set: { endedAt: now } });
}
