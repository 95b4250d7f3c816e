/**
 * sendEmails: sends what the outbox owes. An email is claimed by lease, sent with its key, then marked; at least once,
 * and again only when a reply was lost or a sender was paused past its claim. A failing provider holds nothing else up.
 */
import { type ClaimedEmail, claimDueEmail, markEmailRefused, markEmailSent } from '../models/email-outbox.ts';
import { findOrder } from '../models/order.ts';
import type { AppContext } from '../server/context.ts';
import { timeLimit } from './time-limit.ts';

/** Sent side by side: SendGrid answers in some 200 ms, and a backlog of a flash sale should not take hours. */
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
export async function runEmailsOnce(ctx: AppContext, limit = RUN_LIMIT, runMs = RUN_MS): Promise<EmailRun> {
  const claimant = ctx.random.id();
  const isOver = timeLimit(ctx, runMs);
  let left = limit;
  let noneDue = false;
  const count = { sent: 0, parked: 0, retry: 0 };
  const isOutage = () => count.retry >= OUTAGE_REFUSALS;
  const claimNext = async (): Promise<ClaimedEmail | null> => {
    if (left <= 0 || noneDue || isOver() || isOutage()) return null;
    left -= 1;
    const email = await claimDueEmail(ctx.db, claimant, ctx.clock.now());
    noneDue ||= email === null;
    return email;
  };
  const sendFrom = async (first: ClaimedEmail) => {
    for (let email: ClaimedEmail | null = first; email !== null; email = await claimNext()) {
      count[await sendOne(ctx, email)] += 1;
    }
  };
  // Each lane that finds an email opens the next: the usual run has one email, and eight would look for it.
  const openLane = async (others: number): Promise<void> => {
    const first = await claimNext();
    if (first !== null) await Promise.all([sendFrom(first), others > 0 ? openLane(others - 1) : undefined]);
  };
  await openLane(CONCURRENCY - 1);
  const { sent, parked, retry } = count;
  const refused = parked + retry;
  return { sent, refused, outcome: `sent ${sent}, refused ${refused}`, again: !noneDue && !isOutage() };
}

async function sendOne(ctx: AppContext, email: ClaimedEmail): Promise<'sent' | 'parked' | 'retry'> {
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
