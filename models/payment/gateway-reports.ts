/**
 * What a payment gateway tells us, in our words: the vocabulary between PaystackService, which speaks to Paystack,
 * and the models and jobs, which decide what it means. Plain data; it keeps nothing of the payer but the amounts.
 */

/** What Paystack says about one reference. Amounts are integers in the subunit of `currency`. */
export interface ChargeReport {
  /** Paystack's transaction id: unsigned 64-bit, hence text. */
  gatewayId: string;
  reference: string;
  /** 'test' or 'live', as the key. */
  domain: string;
  /** Paystack's own word: success, failed, abandoned, ongoing, pending, processing, queued, reversed, or one we do not know. */
  status: string;
  /** What was captured; may exceed `requestedAmount` when the customer bears the fees. */
  amount: number;
  /** What we asked for; null when Paystack does not say. */
  requestedAmount: number | null;
  currency: string;
  paidAt: Date | null;
  channel: string | null;
  gatewayResponse: string | null;
}

/** What Paystack says about one refund. */
export interface RefundReport {
  gatewayRefundId: string;
  /** Paystack's own word: pending, processing, processed, failed, needs-attention, or one we do not know. */
  status: string;
  amount: number;
  currency: string;
  /** Ours reads `rf:<refundId>`; null for a refund that somebody made at Paystack's dashboard. */
  merchantNote: string | null;
}

/**
 * Why a call to the gateway gave no answer that can be used.
 * - unavailable: time-out, reset, 5xx: the outcome is unknown, the call may have been carried out
 * - malformed: an answer that is not what Paystack documents: the outcome is unknown
 * - rate_limited: 429: nothing was done
 * - duplicate_reference: initialize was refused, the reference exists at Paystack
 * - unknown_reference: Paystack has no such transaction
 * - already_refunded: the charge has been given back in full already
 * - unauthorized: 401: the key is wrong; nothing was done
 * - rejected: any other definite refusal; nothing was done
 */
export type GatewayErrorKind =
  | 'unavailable'
  | 'malformed'
  | 'rate_limited'
  | 'duplicate_reference'
  | 'unknown_reference'
  | 'already_refunded'
  | 'unauthorized'
  | 'rejected';

/** The only error that leaves PaystackService. It is built from scratch and can carry neither the key nor the payer. */
export class GatewayError extends Error {
  readonly kind: GatewayErrorKind;
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  /** How long Paystack asked us to wait; null when it did not. */
  readonly retryAfterMs: number | null;

  constructor(kind: GatewayErrorKind, status: number | null, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'GatewayError';
    this.kind = kind;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** True when the call may have been carried out although we have no answer. */
  get outcomeUnknown(): boolean {
    return this.kind === 'unavailable' || this.kind === 'malformed';
  }
}

/** True when `error` is a GatewayError, of one of the kinds where any are given. */
export function isGatewayError(error: unknown, ...kinds: GatewayErrorKind[]): error is GatewayError {
  return error instanceof GatewayError && (kinds.length === 0 || kinds.includes(error.kind));
}
