import { markSentTo, type StaffEmail } from '../models/messaging/staff-email.ts';
import type { JobContext } from './context.ts';
import { MailerError } from './ports.ts';

/**
 * Sends an email to each address of staff that has not had it. The addresses for which it was accepted are kept, so that a
 * retry sends them no copy. A permanent refusal of one address does not keep the email from the others. Throws MailerError
 * when it is to be tried again, or when no address can take it.
 */
export async function sendToStaff(
  ctx: JobContext,
  email: StaffEmail & { claimedBy: string },
): Promise<{ messageId: string | null }> {
  const { sentTo = [], _id: key } = email;
  const addresses = email.kind === 'invitation' ? [email.data.to] : await ctx.staffAddresses();
  const open = addresses.filter((address) => !sentTo.includes(address));
  const content = await ctx.renderStaffEmail(email);
  const results = await Promise.allSettled(open.map((to) => ctx.mailer.send({ ...content, to, key })));
  const accepted = open.filter((_, index) => results[index]?.status === 'fulfilled');
  if (accepted.length > 0) await markSentTo(ctx.db, email, accepted);
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const passing = failures.find((error) => !(error instanceof MailerError && error.permanent));
  if (passing !== undefined) throw passing;
  if (accepted.length + sentTo.length === 0)
    throw failures[0] ?? new MailerError('The shop has no address of staff.', { permanent: false });
  if (failures.length > 0)
    ctx.log.error({ emailKey: key, count: failures.length, alert: true }, 'an address of staff takes no email');
  const [first] = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return { messageId: first?.messageId ?? null };
}
