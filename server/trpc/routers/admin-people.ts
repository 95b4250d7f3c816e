/** admin: the people of the shop, for owners, and the stream of changes for all staff. */
import type { z } from 'zod';
import { changeRole } from '../../../models/accounts/change-role.ts';
import { endAllSessions } from '../../../models/accounts/end-sessions.ts';
import { findStaff, findUserByEmail } from '../../../models/accounts/find-user.ts';
import type { Account } from '../../../models/accounts/user.ts';
import { streamOf } from '../../../models/contract/fields.ts';
import {
  endSessionsInput,
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
  /** Everybody with a role, owners first. */
  staff: staffProcedure('people')
    .output(staffAccounts)
    .query(async ({ ctx }) => ({ items: (await findStaff(ctx.app.db)).map(toStaffAccount) })),

  /** Applies from the account's next call. INVALID_INPUT if the shop would have no owner. A repeat changes nothing. */
  setRole: staffProcedure('people')
    .input(setRoleInput)
    .output(staffAccount)
    .mutation(async ({ ctx: { app }, input: { email, role } }) => {
      const result = await changeRole(app.db, { email }, role);
      if (result.outcome === 'no_account') throw notFound('Account');
      if (result.outcome === 'last_owner')
        throw invalidInput('role', 'must stay that of an owner, because the shop has no other');
      return toStaffAccount(result.account);
    }),

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

function toLimits({ version, limits }: Settings): z.input<typeof limitsView> {
  return { version, supportRefund: limits.supportRefund ?? null };
}

function toStaffAccount({
  _id,
  email,
  name,
  role,
}: Pick<Account, '_id' | 'email' | 'name' | 'role'>): z.input<typeof staffAccount> {
  return { id: String(_id), email, name, role };
}
