/** Reports of the payment gateway, as plain data. No field identifies the payer. */

/** Paystack's report on one reference. Amounts are integers in the subunit of `currency`. */
export interface ChargeReport {
  /** Paystack's transaction id: unsigned 64-bit, hence text. */
  gatewayId: string;
  reference: string;
  /** 'test' or 'live', as the key. */
  domain: string;
  /** Paystack's status: success, failed, abandoned, ongoing, pending, processing, queued, a reversal, or an unknown one. */
  status: string;
  /** Captured; may exceed `requestedAmount` when the customer bears the fees. */
  amount: number;
  /** The amount that initialize requested; null when Paystack does not report it. */
  requestedAmount: number | null;
  currency: string;
  paidAt: Date | null;
  channel: string | null;
  gatewayResponse: string | null;
  /** Paystack's fee on it, in subunits; null when Paystack does not say. */
  fees: number | null;
}

/** Paystack's report on one refund. */
export interface RefundReport {
  gatewayRefundId: string;
  /** Paystack's status: pending, processing, processed, failed, needs-attention, or an unknown one. */
  status: string;
  amount: number;
  currency: string;
  /** `rf:<refundId>` on ours; null on a refund made at Paystack's dashboard. */
  merchantNote: string | null;
  /** The dispute whose money it repeats; null for an ordinary refund. */
  disputeId: string | null;
}

/** A refund in Paystack's list of all refunds. Its charge is named by one of the two, or both. */
export interface ListedRefund extends RefundReport {
  reference: string | null;
  gatewayId: string | null;
}

/** Paystack's report on one dispute. */
export interface DisputeReport {
  disputeId: string;
  /** Of the disputed charge; null when Paystack names it by its id alone. */
  reference: string | null;
  /** The charge's transaction id; null when Paystack names it by its reference alone. */
  gatewayId: string | null;
  /** Paystack's status: awaiting-merchant-feedback, awaiting-bank-feedback, pending, resolved, archived, or an unknown one. */
  status: string;
  /** merchant-accepted, declined, auto-accepted; null while there is none. */
  resolution: string | null;
  category: string | null;
  /** Subunits; null stands for the whole charge. */
  amount: number | null;
  currency: string | null;
  answerBy: Date | null;
  /** Paystack has evidence of ours. */
  hasEvidence: boolean;
  /** Paystack's id of it; null when the report lacks it. */
  evidenceId: string | null;
  createdAt: Date | null;
  updatedAt: Date | null;
}

/** True for Paystack's words that some of a charge went back or is going back. They do not say how much. */
export function isReversal(status: string): boolean {
  return /^reversed$|^reversal[-_ ]pending$/i.test(status.trim());
}

/**
 * Why a call to the gateway gave no usable answer.
 * - unavailable: timeout, reset, 5xx: the outcome is unknown, the call may have been executed
 * - malformed: an answer outside Paystack's documentation: the outcome is unknown
 * - blocked: 403 with a page instead of an envelope, as firewalls in front of an API answer: the outcome is unknown
 * - rate_limited: 429: nothing was done
 * - duplicate_reference: initialize was refused, the reference exists at Paystack
 * - unknown_reference: Paystack has no such transaction
 * - already_refunded: the charge is fully refunded
 * - insufficient_balance: the shop's balance at Paystack does not cover the refund; nothing was done
 * - unauthorized: 401: the key is wrong; nothing was done
 * - rejected: any other definite refusal; nothing was done
 */
export type GatewayErrorKind =
  | 'unavailable'
  | 'malformed'
  | 'blocked'
  | 'rate_limited'
  | 'duplicate_reference'
  | 'unknown_reference'
  | 'already_refunded'
  | 'insufficient_balance'
  | 'unauthorized'
  | 'rejected';

/** The only error that PaystackService throws. It is built from scratch and carries neither the key nor the payer. */
export class GatewayError extends Error {
  readonly kind: GatewayErrorKind;
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  /** From Retry-After; null without one. */
  readonly retryAfterMs: number | null;

  constructor(kind: GatewayErrorKind, status: number | null, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'GatewayError';
    this.kind = kind;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** True when the call may have been executed, although no usable answer came. */
  get outcomeUnknown(): boolean {
    return this.kind === 'unavailable' || this.kind === 'malformed' || this.kind === 'blocked';
  }
}

/** True when `error` is a GatewayError, and of one of `kinds` if any are given. */
export function isGatewayError(error: unknown, ...kinds: GatewayErrorKind[]): error is GatewayError {
  return error instanceof GatewayError && (kinds.length === 0 || kinds.includes(error.kind));
}
