import type { Actor } from '../../order/history.ts';
import type { PaymentAttempt, Review } from '../../order/order-document.ts';

export interface ReviewDecision {
  reference: string;
  resolution: 'accept' | 'refund' | 'returned';
  /** With `returned`: how much of the charge went back, in subunits of its currency. */
  returned?: number;
  /** The domain of our own key. */
  domain: 'test' | 'live';
  /** The id of the refund, should one be owed. */
  refundId: string;
  actor: Actor;
  now: Date;
}

/** An attempt whose review is open. */
export type ReviewedAttempt = PaymentAttempt & { review: Review };
