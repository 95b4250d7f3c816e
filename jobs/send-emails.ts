/**
 * sendEmails: sends what the outbox owes. An email is claimed by lease, sent with its key, then marked; at least once,
 * and again only when a reply was lost or a sender was paused past its claim. A failing provider holds nothing else up.
 */
import {
  type ClaimedEmail,
  claimDueEmails,
  markEmailRefused,
  markEmailSent,
} from '../models/messaging/email-outbox.ts';
import { findOrder } from '../models/order/find-order.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import type { JobContext } from './context.ts';

/** Claimed together and sent side by side: SendGrid answers in some 200 ms, and a flash sale's emails should not take hours. */
const CONCURRENCY = 8;
/** One run sends at most this many; the next is enqueued when more are due. */
const RUN_LIMIT = 1_000;
/** A provider that hangs takes 10 s an email: the run ends well before its lock of 180 s does. */
const RUN_MS = 60_000;
/** After so many passing refusals the provider is down: the rest keep their attempts, and the sweep its pace. */
const OUTAGE_REFUSALS = 8;

export interface EmailRun {
  sent: number;
  refused: number;
  outcome: string;
  /** True when more may be due, and the provider is not down: the next run is wanted. */
  again: boolean;
}

/**
 * Sends what is due now, `limit` emails at most, and begins none after `runMs`. May be repeated and raced: each email is
 * claimed by one. Throws only when the database fails.
 */
export async function runEmailsOnce(ctx: JobContext, limit = RUN_LIMIT, runMs = RUN_MS): Promise<EmailRun> {
  const isOver = startTimeBudget(ctx, runMs);
  let left = limit;
  let noneLeft = false;
  const count = { sent: 0, parked: 0, retry: 0 };
  const isOutage = () => count.retry >= OUTAGE_REFUSALS;
  while (left > 0 && !noneLeft && !isOver() && !isOutage()) {
    const claimed = await claimDueEmails(ctx.db, ctx.random.id(), ctx.clock.now(), Math.min(left, CONCURRENCY));
    for (const fate of await Promise.all(claimed.emails.map((email) => sendOne(ctx, email)))) count[fate] += 1;
    left -= claimed.emails.length;
    noneLeft = claimed.noneLeft;
  }
  const { sent, parked, retry } = count;
  const refused = parked + retry;
  return { sent, refused, outcome: `sent ${sent}, refused ${refused}`, again: !noneLeft && !isOutage() };
}

type SendResult = 'sent' | 'parked' | 'retry';

async function sendOne(ctx: JobContext, email: ClaimedEmail): Promise<SendResult> {
  const order = await findOrder(ctx.db, email.orderId);
  const { _id: emailKey, kind } = email;
  try {
    if (!order) throw new PermanentlyUnsendable('its order does not exist');
    const { messageId } = await ctx.mailer.send({
      ...ctx.renderEmail(email, order),
      to: order.contactSnapshot.email,
      key: emailKey,
    });
    await markEmailSent(ctx.db, email, messageId, ctx.clock.now());
    ctx.events.emailSent({ emailKey, kind, messageId });
    return 'sent';
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal === null) throw error;
    const fate = await markEmailRefused(ctx.db, email, refusal, ctx.clock.now());
    const { permanent } = refusal;
    ctx.events.emailRefused({ emailKey, kind, parked: fate === 'parked', permanent, err: error });
    return fate;
  }
}

class PermanentlyUnsendable extends Error {
  readonly permanent = true;
  readonly retryAfterMs = null;
}

/** What the mailer's error means; null for errors that are not about the email (the database's). */
function toRefusal(error: unknown): { permanent: boolean; message: string; retryAfterMs: number | null } | null {
  if (!(error instanceof Error) || !('permanent' in error) || typeof error.permanent !== 'boolean') return null;
  const retryAfterMs = 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : null;
  return { permanent: error.permanent, message: error.message.slice(0, 300), retryAfterMs };
}
