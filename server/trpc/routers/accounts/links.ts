/** auth: links that come by email. A reply never shows whether an address has an account. */
import type { Types } from 'mongoose';
import { findAccount, findUserByEmail } from '../../../../models/accounts/find-user.ts';
import {
  acceptInvitation,
  closed,
  findOpenInvitation,
} from '../../../../models/accounts/invitations/accept-invitation.ts';
import type { LinkPurpose } from '../../../../models/accounts/links/one-time-link-document.ts';
import { LINK_LIFETIME_MS, sendLink } from '../../../../models/accounts/links/send-link.ts';
import { spent } from '../../../../models/accounts/links/take-link.ts';
import { findUsableLink, resetPassword, verifyEmail } from '../../../../models/accounts/links/use-link.ts';
import {
  acceptInvitationInput,
  forgotPasswordInput,
  forgotPasswordOutput,
  invitationInput,
  invitationView,
  resetPasswordInput,
  sendVerificationOutput,
  sessionView,
  verifyEmailInput,
  verifyEmailOutput,
} from '../../../../models/contract/accounts.ts';
import { assertHardToGuess } from '../../../auth/guessable-passwords.ts';
import { hashPassword } from '../../../auth/passwords.ts';
import type { AppContext } from '../../../context/app-context.ts';
import { customerProcedure, publicProcedure, type RequestContext, router } from '../../trpc.ts';
import { startSession } from './start-session.ts';

export const linksRouter = router({
  /**
   * Sends a link that sets a new password, if the email has an account; once a minute at most. The reply and its time are the
   * same for every email, because the account is looked for after it.
   */
  forgotPassword: publicProcedure
    .input(forgotPasswordInput)
    .output(forgotPasswordOutput)
    .mutation(async ({ ctx: { app, auth, ip }, input: { email } }) => {
      auth.assertOwnAccounts();
      await app.limits.countLink({ ip });
      app.lateWork.begin(() => queueLinkTo(app, email).catch((err) => logLost(app, err)));
      return { validMinutes: LINK_LIFETIME_MS.reset_password / 60_000 };
    }),

  /** Sets the password by such a link, ends every session, and signs in. INVALID_INPUT, also for a link that was used. */
  resetPassword: publicProcedure
    .input(resetPasswordInput)
    .output(sessionView)
    .mutation(async ({ ctx, input }) => {
      const { app } = ctx;
      const linkId = linkIdOf(ctx, 'reset_password', input.token);
      const { userId } = await findUsableLink(app.db, linkId, 'reset_password', app.clock.now());
      const user = await findAccount(app.db, userId);
      if (!user) throw spent();
      const { shopName } = await app.settings();
      // Before the link is used, which is once: its owner may choose again.
      assertHardToGuess(input.password, { ...user, shopName });
      const passwordHash = await hashPassword(input.password);
      const now = app.clock.now();
      const account = await resetPassword(app.db, linkId, { passwordHash, now });
      void app.jobs.enqueueEmails();
      return startSession(ctx, account, now);
    }),

  /** The invitation of such a link. A mutation, because a token stands in no address. INVALID_INPUT as above. */
  invitation: publicProcedure
    .input(invitationInput)
    .output(invitationView)
    .mutation(async ({ ctx, input }) => {
      const { db, clock, settings } = ctx.app;
      const { email, role } = await findOpenInvitation(db, invitationOf(ctx, input.token), clock.now());
      const { shopName } = await settings();
      return { email, role, shopName, hasAccount: (await findUserByEmail(db, email)) !== null };
    }),

  /** Becomes a member of staff and signs in. INVALID_INPUT, also for an invitation that was accepted or withdrawn. */
  acceptInvitation: publicProcedure
    .input(acceptInvitationInput)
    .output(sessionView)
    .mutation(async ({ ctx, input: { token, name, password } }) => {
      const { app } = ctx;
      const id = invitationOf(ctx, token);
      const { email } = await findOpenInvitation(app.db, id, app.clock.now());
      const { shopName } = await app.settings();
      assertHardToGuess(password, { email, name, shopName });
      const passwordHash = await hashPassword(password);
      const now = app.clock.now();
      const account = await acceptInvitation(app.db, id, { name, passwordHash, now });
      void app.jobs.enqueueEmails();
      return startSession(ctx, account, now);
    }),

  /** Verifies the email by such a link. May be repeated. INVALID_INPUT for a link that is too old. */
  verifyEmail: publicProcedure
    .input(verifyEmailInput)
    .output(verifyEmailOutput)
    .mutation(async ({ ctx, input }) => {
      const linkId = linkIdOf(ctx, 'verify_email', input.token);
      return { email: await verifyEmail(ctx.app.db, linkId, ctx.app.clock.now()) };
    }),

  /** Sends the link that verifies the caller's email; once a minute at most. */
  sendVerification: customerProcedure.output(sendVerificationOutput).mutation(async ({ ctx: { app, auth, user } }) => {
    auth.assertOwnAccounts();
    return { sent: await queueLink(app, user._id, 'verify_email') };
  }),
});

async function queueLinkTo(app: AppContext, email: string): Promise<void> {
  const user = await findUserByEmail(app.db, email);
  if (user !== null) await queueLink(app, user._id, 'reset_password');
}

async function queueLink(app: AppContext, userId: Types.ObjectId, purpose: LinkPurpose): Promise<boolean> {
  const isQueued = await sendLink(app.db, userId, { purpose, linkId: app.random.id(), now: app.clock.now() });
  if (isQueued) await app.jobs.enqueueEmails();
  return isQueued;
}

/** Throws INVALID_INPUT for a token that we did not make for this purpose, before anything is read or hashed. */
function linkIdOf({ app, auth }: RequestContext, purpose: LinkPurpose, token: string): string {
  auth.assertOwnAccounts();
  const linkId = app.oneTimeTokens?.linkIdOf(purpose, token) ?? null;
  if (linkId === null) throw spent();
  return linkId;
}

function invitationOf({ app, auth }: RequestContext, token: string): string {
  auth.assertOwnAccounts();
  const id = app.oneTimeTokens?.linkIdOf('invitation', token) ?? null;
  if (id === null) throw closed();
  return id;
}

function logLost({ log }: AppContext, err: unknown): void {
  log.error({ err, component: 'accounts' }, 'a link to set a new password was not queued');
}
