/**
 * auth: accounts and sign-ins. A failed sign-in gives the same reply, in the same time, for known and unknown emails.
 * A registration must report that an email has an account; its limits per address and per email slow down enumeration.
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
      const user = await createUser(ctx.app.db, { email, name, passwordHash }, ctx.app.clock.now());
      return startSession(ctx, user);
    }),

  /** UNAUTHENTICATED does not distinguish a wrong password from an unknown email. */
  login: publicProcedure
    .input(loginInput)
    .output(sessionView)
    .mutation(async ({ ctx, input }) => {
      ctx.auth.assertOwnAccounts();
      const { email, password } = input;
      const user = await ctx.app.limits.countSignIn({ ip: ctx.ip, email }, async () => {
        const account = await findUserByEmail(ctx.app.db, email);
        const fits = await passwordFits(account?.passwordHash, password);
        return fits ? account : null;
      });
      if (!user) throw new AppError('UNAUTHENTICATED', 'Wrong email or password.');
      return startSession(ctx, user);
    }),

  /** The account of the token's owner, read for this call. */
  me: customerProcedure.output(accountView).query(({ ctx }) => toAccount(ctx.user)),
});

async function startSession(ctx: RequestContext, user: Account): Promise<z.input<typeof sessionView>> {
  const { token, expiresAt } = await ctx.auth.issue(user._id);
  return { token, expiresAt: expiresAt.toISOString(), user: toAccount(user) };
}

function toAccount({ _id, email, name, role }: Account): z.input<typeof accountView> {
  return { id: String(_id), email, name, role };
}
