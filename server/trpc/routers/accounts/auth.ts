/**
 * auth: accounts and sign-ins. A failed sign-in gives the same reply, in the same time, for known and unknown emails.
 * A registration must report that an email has an account; its limits per address and per email slow down enumeration.
 */
import { createUser } from '../../../../models/accounts/create-user.ts';
import { endAllSessions, endSession } from '../../../../models/accounts/end-sessions.ts';
import { findUserByEmail } from '../../../../models/accounts/find-user.ts';
import { sendLinkIn } from '../../../../models/accounts/links/send-link.ts';
import { forgetSessions, touchSession } from '../../../../models/accounts/sessions/sessions.ts';
import type { Account } from '../../../../models/accounts/user.ts';
import {
  accountView,
  loginInput,
  registerInput,
  sessionView,
  signOutInput,
  signOutOutput,
} from '../../../../models/contract/accounts.ts';
import { inTransaction } from '../../../../models/db/transaction.ts';
import { AppError } from '../../../../models/errors.ts';
import { assertHardToGuess } from '../../../auth/guessable-passwords.ts';
import { hashPassword, passwordFits } from '../../../auth/passwords.ts';
import type { AppContext } from '../../../context/app-context.ts';
import { customerProcedure, publicProcedure, router } from '../../trpc.ts';
import { startSession, toAccount } from './start-session.ts';

export const authRouter = router({
  /**
   * Creates a customer, signs them in, and sends a link that verifies the email. INVALID_INPUT if the email has an account or
   * the password is easily guessed.
   */
  register: publicProcedure
    .input(registerInput)
    .output(sessionView)
    .mutation(async ({ ctx, input }) => {
      ctx.auth.assertOwnAccounts();
      const { email, name, password } = input;
      await ctx.app.limits.countRegistration({ ip: ctx.ip, email });
      const { shopName } = await ctx.app.settings();
      assertHardToGuess(password, { email, name, shopName });
      // Hashing comes before the look-up of the email, so that both replies take the same time.
      const passwordHash = await hashPassword(password);
      const now = ctx.app.clock.now();
      const user = await createCustomer(ctx.app, { email, name, passwordHash }, now);
      void ctx.app.jobs.enqueueEmails();
      return startSession(ctx, user, now);
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
      await forgetSessions(app.db, user._id, everywhere ? undefined : session.id);
      return { signedOut: everywhere ? 'everywhere' : 'here' } as const;
    }),

  /** The account of the token's owner, read for this call. */
  me: customerProcedure.output(accountView).query(async ({ ctx }) => {
    await touchSession(ctx.app.db, ctx.session.id, { now: ctx.app.clock.now() });
    return toAccount(ctx, ctx.user);
  }),
});

/** The account and the email with its link are made together. */
async function createCustomer(
  { db, random }: AppContext,
  user: { email: string; name: string; passwordHash: string },
  now: Date,
): Promise<Account> {
  return inTransaction(db, async (session) => {
    const account = await createUser(db, user, now, session);
    await sendLinkIn(db, account._id, { purpose: 'verify_email', linkId: random.id(), now }, session);
    return account;
  });
}
