import type { z } from 'zod';
import { recordSession } from '../../../../models/accounts/sessions/sessions.ts';
import type { Account } from '../../../../models/accounts/user.ts';
import type { accountView, sessionView } from '../../../../models/contract/accounts.ts';
import { permissionsOf } from '../../../../models/contract/permissions.ts';
import { deviceOf } from '../../../auth/device.ts';
import type { RequestContext } from '../../trpc.ts';

/** `signingInAt`: from before the credentials were read. */
export async function startSession(
  ctx: RequestContext,
  user: Account,
  signingInAt: Date,
): Promise<z.input<typeof sessionView>> {
  const { token, expiresAt, session } = await ctx.auth.issue(user, signingInAt);
  const now = ctx.app.clock.now();
  await recordSession(ctx.app.db, {
    _id: session.id,
    userId: user._id,
    device: deviceOf(ctx.userAgent),
    startedAt: session.startedAt,
    lastUsedAt: now,
    until: expiresAt,
  });
  return { token, expiresAt: expiresAt.toISOString(), user: toAccount(ctx, user) };
}

export function toAccount({ auth }: RequestContext, user: Account): z.input<typeof accountView> {
  const { _id, email, name, role, phone = null, emailVerifiedAt } = user;
  return {
    id: String(_id),
    email,
    // An outside issuer has verified it: tokens that say otherwise are refused.
    emailVerified: emailVerifiedAt !== undefined || !auth.hasOwnAccounts,
    name,
    phone,
    role,
    permissions: permissionsOf(role),
    signsInHere: auth.hasOwnAccounts,
  };
}
