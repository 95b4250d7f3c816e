/**
 * Sends in this process the emails that its settlements have claimed in their transactions, from memory and at once. The
 * job and the sweep send all others, and these too once the claim of a process that died has expired.
 */
import { DEADLINES } from '../models/deadlines.ts';
import type { ClaimedEmail } from '../models/messaging/email-outbox.ts';
import type { EmailSender, JobContext } from './context.ts';
import { sendClaimed } from './send-emails.ts';

/** Claimed at most at one time. All are sent at once, so that each sending ends well within its claim. */
const MAX_CLAIMED = 32;
/** After the provider refused an email for the time being, the job sends: it notices an outage. */
const PAUSE_MS = 10_000;

export function createEmailSender(): EmailSender {
  const inFlight = new Set<Promise<void>>();
  let count = 0;
  let pausedUntil = 0;
  let ctx: JobContext | null = null;
  const sendAll = async (from: JobContext, emails: readonly ClaimedEmail[]) => {
    try {
      // A process that was paused after the commit has no time left: the email is another sender's when its claim ends.
      const latest = from.clock.now().getTime() + DEADLINES.mail;
      const unexpired = emails.filter(({ dueAt }) => dueAt !== undefined && dueAt.getTime() > latest);
      const { retry } = await sendClaimed(from, unexpired, MAX_CLAIMED);
      if (retry > 0) pausedUntil = performance.now() + PAUSE_MS;
    } catch (err) {
      // Its claims expire, and another sender has them then.
      from.events.mongoError({ err, source: 'email sender' });
    }
  };
  return {
    room() {
      if (ctx === null || ctx.stopping.signal.aborted || performance.now() < pausedUntil) return 0;
      return Math.max(0, MAX_CLAIMED - count);
    },
    send(emails) {
      if (ctx === null || emails.length === 0) return;
      count += emails.length;
      const sending = sendAll(ctx, emails).finally(() => {
        count -= emails.length;
        inFlight.delete(sending);
      });
      inFlight.add(sending);
    },
    start(started) {
      ctx = started;
    },
    async stop() {
      ctx = null;
      await Promise.all(inFlight);
    },
  };
}
