/**
 * sendEmails: sends the outbox, at least once. An email is claimed by lease, sent with its key, then marked as sent. A
 * second copy leaves only if a reply was lost, or if the sender was paused for longer than its claim. A failing provider
 * delays emails only.
 */
import { type AccountEmail, isAccountEmail } from '../models/accounts/links/account-email.ts';
import { DEADLINES } from '../models/deadlines.ts';
import {
  type Claim,
  type ClaimedEmail,
  claimDueEmails,
  countEmailFailure,
  markEmailRefused,
  markEmailSent,
  releaseEmail,
  withdrawEmail,
} from '../models/messaging/email-outbox.ts';
import { isReminderPast } from '../models/messaging/payment-reminder.ts';
import { isStaffEmail } from '../models/messaging/staff-email.ts';
import { contactOf } from '../models/order/contact.ts';
import { findOrder } from '../models/order/queries/find-order.ts';
import { hasKnownShape } from '../models/order/shape.ts';
import { recipientOf } from './accounts/send-account-email.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import { runWorkLoop } from './concurrency/work-loop.ts';
import type { JobContext } from './context.ts';
import { sendToStaff } from './send-staff-email.ts';

/** Emails in flight. SendGrid answers in some 200 ms; one at a time, a flash sale's emails would take hours. */
const CONCURRENCY = 8;
/** One run sends at most this many; the next is enqueued when more are due. */
const RUN_LIMIT = 1_000;
/** After so many temporary refusals the provider counts as down. The other emails keep their attempts for the sweep. */
const OUTAGE_REFUSALS = 8;
/** An email of an order that only a newer process can read is due again after this time. */
const LEFT_FOR_MS = 30_000;

export interface EmailRun {
  sent: number;
  refused: number;
  /** Emails that failed by their own fault. */
  failed: number;
  /** True when more may be due and the provider is not down: enqueue the next run. */
  again: boolean;
}

/**
 * Sends what is due now, `limit` emails at most, and begins none after `runMs`. May be repeated and raced: each email is
 * claimed by one. An email that fails keeps no other waiting. Throws only when the database fails.
 */
export async function runEmailsOnce(
  ctx: JobContext,
  limit = RUN_LIMIT,
  runMs: number = DEADLINES.emailRun,
): Promise<EmailRun> {
  const isOver = startTimeBudget(ctx, runMs);
  let left = limit;
  let noneLeft = false;
  const count = noneSent();
  const isOutage = () => count.retry >= OUTAGE_REFUSALS;
  while (left > 0 && !noneLeft && !isOver() && !isOutage()) {
    const claimed = await claimDueEmails(ctx.db, ctx.random.id(), ctx.clock.now(), Math.min(left, CONCURRENCY));
    await sendClaimed(ctx, claimed.emails, CONCURRENCY, count);
    left -= claimed.emails.length;
    noneLeft = claimed.noneLeft;
  }
  const { sent, parked, retry, failed } = count;
  return { sent, refused: parked + retry, failed, again: !noneLeft && !isOutage() };
}

type SendCounts = Record<SendResult | 'failed', number>;

function noneSent(): SendCounts {
  return { sent: 0, parked: 0, retry: 0, left: 0, withdrawn: 0, failed: 0 };
}

/**
 * Sends emails that this process has claimed, `concurrency` at a time, and counts into `count`. An email that fails keeps
 * no other waiting. Throws only when the database fails; the rest is due again when its claims expire.
 */
export async function sendClaimed(
  ctx: JobContext,
  emails: readonly ClaimedEmail[],
  concurrency: number,
  count: SendCounts = noneSent(),
): Promise<SendCounts> {
  count.failed += await runWorkLoop(ctx, emails, {
    name: 'emails',
    concurrency,
    // A claimed email is no other sender's before its claim ends.
    isOver: () => false,
    work: async (email) => {
      count[await sendOne(ctx, email)] += 1;
    },
    countFailure: (email, error) => countFailure(ctx, email, error),
    describe: ({ _id }) => ({ emailKey: _id }),
  });
  return count;
}

/** `left`: to a newer process. `withdrawn`: not to be sent any more. */
type SendResult = 'sent' | 'parked' | 'retry' | 'left' | 'withdrawn';

async function sendOne(ctx: JobContext, email: ClaimedEmail): Promise<SendResult> {
  if (isStaffEmail(email)) return sent(ctx, email, () => sendToStaff(ctx, email));
  if (isAccountEmail(email)) return sendToAccount(ctx, email);
  const order = await findOrder(ctx.db, email.orderId);
  if (order && !hasKnownShape(order)) {
    await releaseEmail(ctx.db, email, new Date(ctx.clock.now().getTime() + LEFT_FOR_MS));
    return 'left';
  }
  if (order && isReminderPast(email, order, ctx.clock.now())) {
    await withdrawEmail(ctx.db, email);
    ctx.log.info(
      { emailKey: email._id, kind: email.kind },
      'a reminder was withdrawn: there is nothing to pay, or it was late',
    );
    return 'withdrawn';
  }
  return sent(ctx, email, async () => {
    if (!order) throw new PermanentlyUnsendable('its order does not exist');
    return ctx.mailer.send({ ...(await ctx.renderEmail(email, order)), to: contactOf(order).email, key: email._id });
  });
}

async function sendToAccount(ctx: JobContext, email: AccountEmail & { claimedBy: string }): Promise<SendResult> {
  const user = await recipientOf(ctx, email);
  if (user === null) {
    await withdrawEmail(ctx.db, email);
    ctx.log.info({ emailKey: email._id, kind: email.kind }, 'an email was withdrawn: its link was used or is too old');
    return 'withdrawn';
  }
  return sent(ctx, email, async () =>
    ctx.mailer.send({ ...(await ctx.renderAccountEmail(email, user)), to: user.email, key: email._id }),
  );
}

/** Marks the email by what became of `send`. */
async function sent(
  ctx: JobContext,
  email: Claim & { kind: string },
  send: () => Promise<{ messageId: string | null }>,
): Promise<SendResult> {
  const { _id: emailKey, kind } = email;
  try {
    const { messageId } = await send();
    await markEmailSent(ctx.db, email, messageId, ctx.clock.now());
    ctx.events.emailSent({ emailKey, kind, messageId });
    return 'sent';
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal === null) throw error;
    const result = await markEmailRefused(ctx.db, email, refusal, ctx.clock.now());
    const { permanent } = refusal;
    ctx.events.emailRefused({ emailKey, kind, parked: result === 'parked', permanent, err: error });
    return result;
  }
}

async function countFailure(ctx: JobContext, email: ClaimedEmail, error: unknown): Promise<void> {
  const result = await countEmailFailure(ctx.db, email, error, ctx.clock.now());
  const { _id: emailKey, kind } = email;
  ctx.events.emailRefused({ emailKey, kind, parked: result === 'parked', permanent: false, err: error });
}

class PermanentlyUnsendable extends Error {
  readonly permanent = true;
  readonly retryAfterMs = null;
}

/** The mailer's refusal; null for other errors, such as the database's. */
function toRefusal(error: unknown): { permanent: boolean; message: string; retryAfterMs: number | null } | null {
  if (!(error instanceof Error) || !('permanent' in error) || typeof error.permanent !== 'boolean') return null;
  const retryAfterMs = 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : null;
  return { permanent: error.permanent, message: error.message.slice(0, 300), retryAfterMs };
}
