/**
 * The claim of a payment attempt: one call at a time requests its page from Paystack. A claim expires, so that a process
 * that crashed with it blocks the order's payment for 15 s at most. A call whose claim has expired does not touch the
 * claim of its successor, because each claim names its owner.
 */
import { DEADLINES } from '../deadlines.ts';
import type { AttemptClaim, PaymentAttempt } from '../order/order-document.ts';

/** The call that claims. */
export interface Claimant {
  /** Unique per call. */
  by: string;
  /** Read when the claim is written: a call may have waited in a queue since it began. */
  clock: () => Date;
}

export function newClaim({ by, clock }: Claimant): AttemptClaim {
  return { by, until: new Date(clock().getTime() + DEADLINES.attemptClaim) };
}

/** True while another call may be requesting this attempt's page. */
export function isClaimed({ claim }: PaymentAttempt, now: Date): boolean {
  return claim !== undefined && claim.until > now;
}

export function isClaimOf({ claim }: PaymentAttempt, by: string): boolean {
  return claim?.by === by;
}
