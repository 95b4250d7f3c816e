import { findAccount } from '../../models/accounts/find-user.ts';
import type { AccountEmail } from '../../models/accounts/links/account-email.ts';
import { isUsable } from '../../models/accounts/links/take-link.ts';
import type { Account } from '../../models/accounts/user.ts';
import { accountOfEmail } from '../../models/messaging/outbox-id.ts';
import type { JobContext } from '../context.ts';

/** Whom an email about an account goes to; null when there is nothing left to say in it. */
export async function recipientOf(ctx: JobContext, email: AccountEmail): Promise<Account | null> {
  const user = await findAccount(ctx.db, accountOfEmail(email._id));
  if (user === null || email.kind === 'password_changed') return user;
  const link = { linkId: email.data.linkId, purpose: email.kind, email: user.email, now: ctx.clock.now() };
  return (await isUsable(ctx.db, link)) ? user : null;
}
