/**
 * The claim of a payment attempt: one process at a time asks Paystack for its page. A claim runs out by itself, so that a
 * process which died with it keeps nobody waiting for long.
 */
import { DEADLINES } from '../deadlines.ts';
import type { PaymentAttempt } from '../order/order-document.ts';

/** Until when whoever claims an attempt at `now` has it to himself. */
export function claimUntil(now: Date): Date {
  return new Date(now.getTime() + DEADLINES.attemptClaim);
}

/** True while somebody may be asking Paystack for this attempt's page. */
export function isClaimed({ initializeUntil }: PaymentAttempt, now: Date): boolean {
  return initializeUntil !== undefined && initializeUntil > now;
}
