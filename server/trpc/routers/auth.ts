/**
 * auth: register, login, me. Answers to a sign-in are alike, in words and in time, for known and unknown emails.
 * Registering has to tell that an email has an account; it is counted per address and per email, which makes asking slow.
 */
import { z } from 'zod';
import { createUser } from '../../../models/accounts/create-user.ts';
import { findUserByEmail } from '../../../models/accounts/find-user.ts';
import type { Account } from '../../../models/accounts/user.ts';
import { AppError } from '../../../models/errors.ts';
import { hashPassword, passwordFits } from '../../auth/passwords.ts';
import { email, instant, objectId, password, role, text } from '../schemas.ts';
import { customerProcedure, publicProcedure, type RequestContext, router } from '../trpc.ts';

const account = z.strictObject({ id: objectId, email: z.string(), name: z.string(), role });
const session = z.strictObject({
  /** Sent as `Authorization: Bearer …`, and nowhere else. */
  token: z.string(),
  expiresAt: instant,
  user: account,
});

export const authRouter = router({
  /** A new customer, signed in. INVALID_INPUT when the email has an account. */
  register: publicProcedure
    .input(z.strictObject({ email, password, name: text(100) }))
    .output(session)
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
    .input(z.strictObject({ email, password: z.string().max(128) }))
    .output(session)
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
  me: customerProcedure.output(account).query(({ ctx }) => toAccount(ctx.user)),
});

async function startSession(ctx: RequestContext, user: Account): Promise<z.input<typeof session>> {
  const { token, expiresAt } = await ctx.auth.issue(user._id);
  return { token, expiresAt: expiresAt.toISOString(), user: toAccount(user) };
}

function toAccount({ _id, email, name, role }: Account): z.input<typeof account> {
  return { id: String(_id), email, name, role };
}
