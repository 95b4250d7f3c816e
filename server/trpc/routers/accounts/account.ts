/** account: what a signed-in person keeps here. */
import type { z } from 'zod';
import { endAllSessions, endSession } from '../../../../models/accounts/end-sessions.ts';
import { findUserByEmail } from '../../../../models/accounts/find-user.ts';
import { findAddresses, removeAddress, saveAddress } from '../../../../models/accounts/profile/saved-addresses.ts';
import { setProfile } from '../../../../models/accounts/profile/set-profile.ts';
import type { SessionRow } from '../../../../models/accounts/sessions/session-document.ts';
import { findSessions, forgetSessions, isSessionOf } from '../../../../models/accounts/sessions/sessions.ts';
import { changePassword } from '../../../../models/accounts/set-password.ts';
import type { SavedAddress } from '../../../../models/accounts/user.ts';
import { toAddressView } from '../../../../models/address/address.ts';
import { readPhone } from '../../../../models/address/phone.ts';
import { readAddress } from '../../../../models/address/read-address.ts';
import {
  accountView,
  changePasswordInput,
  endOtherSessionsInput,
  endSessionInput,
  removeAddressInput,
  saveAddressInput,
  savedAddresses,
  sessionList,
  sessionView,
  setProfileInput,
} from '../../../../models/contract/accounts.ts';
import { invalidInput, notFound } from '../../../../models/errors.ts';
import { unauthenticated } from '../../../auth/auth.ts';
import { assertHardToGuess } from '../../../auth/guessable-passwords.ts';
import { hashPassword, passwordFits } from '../../../auth/passwords.ts';
import { customerProcedure, router } from '../../trpc.ts';
import { startSession, toAccount } from './start-session.ts';

export const accountRouter = router({
  /** Replaces name and phone. */
  setProfile: customerProcedure
    .input(setProfileInput)
    .output(accountView)
    .mutation(async ({ ctx, input }) => {
      // One that is kept already was right where it was entered.
      if (input.phone !== undefined && input.phone !== ctx.user.phone)
        assertPhone(input.phone, await findAddresses(ctx.app.db, ctx.user._id));
      const user = await setProfile(ctx.app.db, ctx.user._id, input);
      if (!user) throw unauthenticated();
      return toAccount(ctx, user);
    }),

  /**
   * Replaces the password, ends every session, and begins a new one here. INVALID_INPUT for a wrong current password, which
   * counts as a failed sign-in, and for a new one that is easily guessed.
   */
  changePassword: customerProcedure
    .input(changePasswordInput)
    .output(sessionView)
    .mutation(async ({ ctx, input: { currentPassword, password } }) => {
      const { app, auth, user, ip } = ctx;
      auth.assertOwnAccounts();
      const was = await app.limits.countSignIn({ ip, email: user.email }, async () => {
        const passwordHash = (await findUserByEmail(app.db, user.email))?.passwordHash;
        return (await passwordFits(passwordHash, currentPassword)) ? (passwordHash ?? null) : null;
      });
      if (was === null) throw wrongPassword();
      // After the current one, whose failures are limited, because it takes processor time.
      const { shopName } = await app.settings();
      assertHardToGuess(password, { ...user, shopName });
      const passwordHash = await hashPassword(password);
      const now = app.clock.now();
      const account = await changePassword(app.db, user._id, { was, passwordHash, now });
      // Another change came first, and this is its password no more.
      if (account === null) throw wrongPassword();
      void app.jobs.enqueueEmails();
      return startSession(ctx, account, now);
    }),

  /** Those that were saved or used, the last used first. */
  addresses: customerProcedure
    .output(savedAddresses)
    .query(async ({ ctx }) => toAddresses(await findAddresses(ctx.app.db, ctx.user._id))),

  /** Adds an address, or replaces one. NOT_FOUND for an id that is not there. */
  saveAddress: customerProcedure
    .input(saveAddressInput)
    .output(savedAddresses)
    .mutation(async ({ ctx: { app, user }, input: { id, address } }) => {
      const change = { id, address: readAddress(address, 'address'), newId: app.random.id(), now: app.clock.now() };
      return toAddresses(await saveAddress(app.db, user._id, change));
    }),

  /** May be repeated. Orders keep the address that they were placed with. */
  removeAddress: customerProcedure
    .input(removeAddressInput)
    .output(savedAddresses)
    .mutation(async ({ ctx: { app, user }, input: { id } }) => toAddresses(await removeAddress(app.db, user._id, id))),

  /** The live sessions of the account. */
  sessions: customerProcedure.output(sessionList).query(async ({ ctx: { app, user, session } }) => {
    const rows = await findSessions(app.db, user, app.clock.now());
    return { items: rows.map((row) => toSession(row, session.id)) };
  }),

  /** Ends one session, whose next call is refused. May be repeated. NOT_FOUND for a session of another account. */
  endSession: customerProcedure
    .input(endSessionInput)
    .output(sessionList)
    .mutation(async ({ ctx: { app, auth, user, session }, input: { id } }) => {
      if (!(await isSessionOf(app.db, user._id, id))) throw notFound('Session');
      const now = app.clock.now();
      await endSession(app.db, user._id, { id, until: auth.lastExpiry(session) }, now);
      await forgetSessions(app.db, user._id, id);
      const rows = await findSessions(app.db, user, now);
      return { items: rows.map((row) => toSession(row, session.id)) };
    }),

  /** Ends every session and begins a new one here. */
  endOtherSessions: customerProcedure
    .input(endOtherSessionsInput)
    .output(sessionView)
    .mutation(async ({ ctx }) => {
      const { app, auth, user } = ctx;
      auth.assertOwnAccounts();
      const now = app.clock.now();
      await endAllSessions(app.db, { _id: user._id }, now);
      await forgetSessions(app.db, user._id);
      const account = await findUserByEmail(app.db, user.email);
      if (!account) throw unauthenticated();
      return startSession(ctx, account, now);
    }),
});

function wrongPassword() {
  return invalidInput('currentPassword', 'this is not your password');
}

/**
 * A number without its country's code may be of each country in the saved addresses, the last used first. Without any it is
 * read as a Nigerian one, like in the form of a new address.
 */
function assertPhone(phone: string, saved: readonly SavedAddress[]): void {
  const [last = 'NG', ...others] = new Set(saved.map(({ address }) => address.country));
  const read = readPhone(phone, last);
  if (!('problem' in read) || others.some((country) => !('problem' in readPhone(phone, country)))) return;
  throw invalidInput('phone', read.problem);
}

function toAddresses(saved: readonly SavedAddress[]): z.input<typeof savedAddresses> {
  return { items: saved.map(({ id, address }) => ({ id, address: toAddressView(address) })) };
}

function toSession(row: SessionRow, currentId: string): z.input<typeof sessionList>['items'][number] {
  const { _id: id, device, startedAt, lastUsedAt } = row;
  return {
    id,
    current: id === currentId,
    device,
    startedAt: startedAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
  };
}
