import type { DisputeResolution } from '../../contract/statuses.ts';
import type { Actor } from '../../order/history.ts';

/** Paystack passes it on to the bank. Drafted from the order, corrected by staff. */
export interface DisputeEvidence {
  customerEmail: string;
  customerName: string;
  customerPhone: string;
  /** The goods, and how they were delivered. */
  serviceDetails: string;
  deliveryAddress?: string;
  /** A day, `2026-03-01`. */
  deliveryDate?: string;
}

/**
 * Staff's answer to a dispute. It is set once, and stands until it was sent or Paystack refused it. `startedAt` freezes it
 * before the first call to Paystack.
 */
export interface DisputeAnswer {
  resolution: DisputeResolution;
  /** Staff's words to the bank. */
  message: string;
  /** With `accept`: subunits that go back to the customer. */
  refundAmount?: number;
  /** With `decline`. */
  evidence?: DisputeEvidence;
  /** Staff's own file; without one Paystack gets a receipt. */
  fileId?: string;
  /** The id of the key that it was given with. */
  key: string;
  by: Actor;
  at: Date;
  /** When the next step is due; set until it was sent or refused. A worker claims the answer by moving this on. */
  dueAt?: Date;
  startedAt?: Date;
  /** When Paystack took the evidence. */
  evidenceSentAt?: Date;
  /** Paystack does not take evidence for this dispute; the file and the message are sent alone. */
  withoutEvidence?: boolean;
  /** Paystack's name of the file; set once it has the file. */
  fileName?: string;
  /** When `resolve` was last sent; set just before the call, so that its outcome is read and the call is not repeated. */
  resolvingAt?: Date;
  /** When Paystack's record first showed the answer. */
  sentAt?: Date;
  /** Why the last step failed. */
  lastError?: string;
  /** Since when Paystack refuses it for good: staff may give another answer. */
  refusedAt?: Date;
}
