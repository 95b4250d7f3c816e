/**
 * The claim of a payment attempt: one process at a time requests its page from Paystack. A claim expires, so that a process
 * that crashed with it blocks the order's payment for 15 s at most.
 */
import { DEADLINES } from '../deadlines.ts';
import type { PaymentAttempt } from '../order/order-document.ts';

/** When a claim made at `now` expires. */
export function claimUntil(now: Date): Date {
  return new Date(now.getTime() + DEADLINES.attemptClaim);
}

/** True while another process may be requesting this attempt's page. */
export function isClaimed({ initializeUntil }: PaymentAttempt, now: Date): boolean {
  return initializeUntil !== undefined && initializeUntil > now;
}
