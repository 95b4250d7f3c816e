/** admin: the people of the shop, for owners, and the stream of changes for all staff. */
import type { z } from 'zod';
import { changeRole, type RoleResult } from '../../../models/accounts/change-role.ts';
import { endAllSessions } from '../../../models/accounts/end-sessions.ts';
import { findStaff, findUserByEmail } from '../../../models/accounts/find-user.ts';
import type { Invitation } from '../../../models/accounts/invitations/invitation-document.ts';
import { findInvitations, invite, withdrawInvitations } from '../../../models/accounts/invitations/invite.ts';
import { removeStaff } from '../../../models/accounts/remove-staff.ts';
import { lastSeen } from '../../../models/accounts/sessions/sessions.ts';
import type { Account } from '../../../models/accounts/user.ts';
import { toActionKey } from '../../../models/action-key.ts';
import { streamOf } from '../../../models/contract/fields.ts';
import { LOW_STOCK } from '../../../models/contract/limits.ts';
import {
  byEmail,
  endSessionsInput,
  inviteInput,
  inviteOutput,
  limitsView,
  setLimitsInput,
  setLimitsOutput,
  setRoleInput,
  staffAccount,
  staffAccounts,
} from '../../../models/contract/staff/staff-accounts.ts';
import { staffChanges } from '../../../models/contract/staff/staff-changes.ts';
import { invalidInput, notFound } from '../../../models/errors.ts';
import { changeLimits } from '../../../models/settings/change-limits.ts';
import { readSettings } from '../../../models/settings/settings.ts';
import type { Settings } from '../../../models/settings/settings-document.ts';
import { subscribeToShop } from '../../live/staff-subscription.ts';
import { recheckOf, router, staffProcedure } from '../trpc.ts';

export const adminPeopleRouter = router({
  /** Everybody with a role, owners first, and who is invited. */
  staff: staffProcedure('people')
    .output(staffAccounts)
    .query(async ({ ctx: { app } }) => {
      const [staff, invitations] = await Promise.all([findStaff(app.db), findInvitations(app.db, app.clock.now())]);
      const seen = await lastSeen(app.db, staff);
      return {
        items: staff.map((account) => ({
          ...toStaffAccount(account),
          lastSeenAt: seen.get(String(account._id))?.toISOString() ?? null,
        })),
        invitations: invitations.map(toInvitation),
      };
    }),

  /** Sends a link by email, or the open one again. INVALID_INPUT for a member of staff. A repeat of the `key` takes no effect. */
  invite: staffProcedure('people')
    .input(inviteInput)
    .output(inviteOutput)
    .mutation(async ({ ctx: { app, auth, user }, input: { key, ...input } }) => {
      auth.assertOwnAccounts();
      const invitation = await invite(app.db, {
        ...input,
        invitedBy: user.name,
        key: toActionKey(key, input),
        newId: app.random.id(),
        now: app.clock.now(),
      });
      await app.jobs.enqueueEmails();
      return toInvitation(invitation);
    }),

  /** The link of the address works no more. May be repeated. */
  withdrawInvitation: staffProcedure('people')
    .input(byEmail)
    .output(byEmail)
    .mutation(async ({ ctx: { app }, input: { email } }) => {
      await withdrawInvitations(app.db, email, app.clock.now());
      return { email };
    }),

  /** Takes every permission away and signs the account out everywhere. INVALID_INPUT for the last owner. May be repeated. */
  removeStaff: staffProcedure('people')
    .input(byEmail)
    .output(staffAccount)
    .mutation(async ({ ctx: { app }, input: { email } }) =>
      toStaffAccount(accountOf(await removeStaff(app.db, email, app.clock.now()), 'email')),
    ),

  /** Applies from the account's next call. INVALID_INPUT if the shop would have no owner. A repeat changes nothing. */
  setRole: staffProcedure('people')
    .input(setRoleInput)
    .output(staffAccount)
    .mutation(async ({ ctx: { app }, input: { email, role } }) =>
      toStaffAccount(accountOf(await changeRole(app.db, { email }, role), 'role')),
    ),

  /** Signs the account out everywhere; it may sign in again. */
  endSessions: staffProcedure('people')
    .input(endSessionsInput)
    .output(staffAccount)
    .mutation(async ({ ctx: { app }, input: { email } }) => {
      const user = await findUserByEmail(app.db, email);
      if (!user) throw notFound('Account');
      await endAllSessions(app.db, { _id: user._id }, app.clock.now());
      return toStaffAccount(user);
    }),

  /** The limits on what roles may do. */
  limits: staffProcedure('settings')
    .output(limitsView)
    .query(async ({ ctx: { app } }) => toLimits(await readSettings(app.db, app.defaultSettings))),

  /** They hold from the next call. */
  setLimits: staffProcedure('settings')
    .input(setLimitsInput)
    .output(setLimitsOutput)
    .mutation(async ({ ctx: { app, user }, input }) => {
      const change = { ...input, changedBy: String(user._id), now: app.clock.now() };
      const { outcome, settings } = await changeLimits(app.db, app.defaultSettings, change);
      return { outcome, ...toLimits(settings) };
    }),

  /** Server-sent events: the kind and id of what has changed, at most once a second. 5 per user, 15 minutes each. */
  watch: staffProcedure('viewOrders')
    .output(streamOf(staffChanges))
    .subscription(async function* ({ ctx, signal }) {
      yield* subscribeToShop(ctx.app, {
        userId: ctx.user._id,
        signal: signal ?? new AbortController().signal,
        recheck: recheckOf(ctx, 'viewOrders'),
      });
    }),
});

function accountOf(result: RoleResult, field: 'role' | 'email'): Account {
  if (result.outcome === 'no_account') throw notFound('Account');
  if (result.outcome === 'last_owner')
    throw invalidInput(field, 'must stay that of an owner, because the shop has no other');
  return result.account;
}

function toInvitation({ email, role, sentAt, expiresAt }: Invitation): z.input<typeof inviteOutput> {
  return { email, role, sentAt: sentAt.toISOString(), expiresAt: expiresAt.toISOString() };
}

function toLimits({ version, limits }: Settings): z.input<typeof limitsView> {
  return { version, supportRefund: limits.supportRefund ?? null, lowStock: limits.lowStock ?? LOW_STOCK };
}

function toStaffAccount({
  _id,
  email,
  name,
  role,
}: Pick<Account, '_id' | 'email' | 'name' | 'role'>): z.input<typeof staffAccount> {
  return { id: String(_id), email, name, role };
}
