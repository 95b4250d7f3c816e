/**
 * auth: register, login, me. Answers to a sign-in are alike, in words and in time, for known and unknown emails.
 * Registering has to tell that an email has an account; it is counted per address and per email, which makes asking slow.
 */

import type { z } from 'zod';
import { createUser } from '../../../models/accounts/create-user.ts';
import { findUserByEmail } from '../../../models/accounts/find-user.ts';
import type { Account } from '../../../models/accounts/user.ts';
import { accountView, loginInput, registerInput, sessionView } from '../../../models/contract/accounts.ts';
import { AppError } from '../../../models/errors.ts';
import { hashPassword, passwordFits } from '../../auth/passwords.ts';
import { customerProcedure, publicProcedure, type RequestContext, router } from '../trpc.ts';

export const authRouter = router({
  /** A new customer, signed in. INVALID_INPUT when the email has an account. */
  register: publicProcedure
    .input(registerInput)
    .output(sessionView)
    .mutation(async ({ ctx, input }) => {
      ctx.auth.assertOwnAccounts();
      const { email, name } = input;
      await ctx.app.limits.countRegistration({ ip: ctx.ip, email });
      // Hashed before anything is known of the email: both answers take the same time.
      const passwordHash = await hashPassword(input.password);
      const user = await createUser(ctx.app.db, { email, name, passwordHash }, ctx.app.clock.now());
      return startSession(ctx, user);
    }),

  /** A token for who knows the password. UNAUTHENTICATED says no more. */
  login: publicProcedure
    .input(loginInput)
    .output(sessionView)
    .mutation(async ({ ctx, input }) => {
      ctx.auth.assertOwnAccounts();
      const { email, password } = input;
      const user = await ctx.app.limits.countSignIn({ ip: ctx.ip, email }, async () => {
        const found = await findUserByEmail(ctx.app.db, email);
        const fits = await passwordFits(found?.passwordHash, password);
        return fits ? found : null;
      });
      if (!user) throw new AppError('UNAUTHENTICATED', 'Wrong email or password.');
      return startSession(ctx, user);
    }),

  /** Who the token belongs to, as of now. */
  me: customerProcedure.output(accountView).query(({ ctx }) => toAccount(ctx.user)),
});

async function startSession(ctx: RequestContext, user: Account): Promise<z.input<typeof sessionView>> {
  const { token, expiresAt } = await ctx.auth.issue(user._id);
  return { token, expiresAt: expiresAt.toISOString(), user: toAccount(user) };
}

function toAccount({ _id, email, name, role }: Account): z.input<typeof accountView> {
  return { id: String(_id), email, name, role };
}
