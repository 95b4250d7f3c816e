/**
 * auth: accounts and sign-ins. A failed sign-in gives the same reply, in the same time, for known and unknown emails.
 * A registration must report that an email has an account; its limits per address and per email slow down enumeration.
 */
import type { z } from 'zod';
import { createUser } from '../../../models/accounts/create-user.ts';
import { endAllSessions, endSession } from '../../../models/accounts/end-sessions.ts';
import { findUserByEmail } from '../../../models/accounts/find-user.ts';
import type { Account } from '../../../models/accounts/user.ts';
import {
  accountView,
  loginInput,
  registerInput,
  sessionView,
  signOutInput,
  signOutOutput,
} from '../../../models/contract/accounts.ts';
import { permissionsOf } from '../../../models/contract/permissions.ts';
import { AppError } from '../../../models/errors.ts';
import { hashPassword, passwordFits } from '../../auth/passwords.ts';
import { customerProcedure, publicProcedure, type RequestContext, router } from '../trpc.ts';

export const authRouter = router({
  /** Creates a customer and signs them in. INVALID_INPUT if the email has an account. */
  register: publicProcedure
    .input(registerInput)
    .output(sessionView)
    .mutation(async ({ ctx, input }) => {
      ctx.auth.assertOwnAccounts();
      const { email, name } = input;
      await ctx.app.limits.countRegistration({ ip: ctx.ip, email });
      // Hashing comes before the look-up of the email, so that both replies take the same time.
      const passwordHash = await hashPassword(input.password);
      const now = ctx.app.clock.now();
      return startSession(ctx, await createUser(ctx.app.db, { email, name, passwordHash }, now), now);
    }),

  /** UNAUTHENTICATED does not distinguish a wrong password from an unknown email. */
  login: publicProcedure
    .input(loginInput)
    .output(sessionView)
    .mutation(async ({ ctx, input }) => {
      ctx.auth.assertOwnAccounts();
      const { email, password } = input;
      const signingInAt = ctx.app.clock.now();
      const user = await ctx.app.limits.countSignIn({ ip: ctx.ip, email }, async () => {
        const account = await findUserByEmail(ctx.app.db, email);
        const fits = await passwordFits(account?.passwordHash, password);
        return fits ? account : null;
      });
      if (!user) throw new AppError('UNAUTHENTICATED', 'Wrong email or password.');
      return startSession(ctx, user, signingInAt);
    }),

  /**
   * Ends the session of this token: it and the tokens that renewed it are refused from the next call. `everywhere` ends every
   * session of the account.
   */
  signOut: customerProcedure
    .input(signOutInput)
    .output(signOutOutput)
    .mutation(async ({ ctx: { app, auth, user, session }, input: { everywhere } }) => {
      const now = app.clock.now();
      if (everywhere) await endAllSessions(app.db, { _id: user._id }, now);
      else await endSession(app.db, user._id, { id: session.id, until: auth.lastExpiry(session) }, now);
      return { signedOut: everywhere ? 'everywhere' : 'here' } as const;
    }),

  /** The account of the token's owner, read for this call. */
  me: customerProcedure.output(accountView).query(({ ctx }) => toAccount(ctx.user)),
});

async function startSession(
  ctx: RequestContext,
  user: Account,
  signingInAt: Date,
): Promise<z.input<typeof sessionView>> {
  const { token, expiresAt } = await ctx.auth.issue(user, signingInAt);
  return { token, expiresAt: expiresAt.toISOString(), user: toAccount(user) };
}

function toAccount({ _id, email, name, role }: Account): z.input<typeof accountView> {
  return { id: String(_id), email, name, role, permissions: permissionsOf(role) };
}
