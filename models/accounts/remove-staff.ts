import type { Database } from '../db/database.ts';
import { changeRole, type RoleResult } from './change-role.ts';
import { endAllSessions } from './end-sessions.ts';
import { withdrawInvitations } from './invitations/invite.ts';

/**
 * Takes the role away and signs the account out everywhere. It stays as a customer's, because orders name it. May be repeated:
 * a call that died after the change of the role ends the sessions when it comes again. Never removes the last owner.
 */
export async function removeStaff(db: Database, email: string, now: Date): Promise<RoleResult> {
  const result = await changeRole(db, { email }, 'customer');
  if (result.outcome === 'last_owner' || result.outcome === 'no_account') return result;
  await endAllSessions(db, { email }, now);
  await withdrawInvitations(db, email, now);
  return result;
}
