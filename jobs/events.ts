import type { PayoutState } from '../models/contract/staff/payouts.ts';
import type { DeliveryFailureKind, RefundState, StuckLoop } from '../models/contract/statuses.ts';
import type { Dispute } from '../models/order/order-document.ts';
import type { ChargeOutcome } from '../models/payment/charge-outcome.ts';
import type { PassName } from '../models/reconcile/pass-state.ts';

/** The path by which a charge became known. */
export const CHARGE_SOURCES = ['redirect', 'webhook', 'sweep', 'reconcile'] as const;
export type ChargeSource = (typeof CHARGE_SOURCES)[number];

/** An amount in the subunit of its currency. */
export interface EventAmount {
  amount: number;
  currency: string;
}

/**
 * The events that checkout, payments and jobs report; each implementation writes one log line and moves one metric.
 * Fields are ids, codes, amounts and durations, never names, emails or addresses. Report an event after its commit, never
 * inside a transaction, which may run more than once.
 */
export interface JobEvents {
  orderPlaced(event: { orderId: string; total: number; currency: string; repeated?: boolean }): void;
  paymentInitialized(event: { orderId: string; reference: string; outcome: string; durationMs?: number }): void;
  chargeRecorded(event: { orderId: string; reference: string; outcome: ChargeOutcome; source: ChargeSource }): void;
  /** One committed batch of the settlement. `attempts` counts the transactions it took. */
  settlementBatch(event: {
    size: number;
    confirmed: number;
    cancelled: number;
    durationMs: number;
    attempts: number;
  }): void;
  /** `lagMs`: from Paystack's time of payment to the commit. */
  orderSettled(event: { orderId: string; outcome: 'confirmed' | 'cancelled'; lagMs: number }): void;
  /** Alert: a paid order that cannot be settled waits for staff. */
  settlementParked(event: { orderId: string; attempts: number }): void;
  orderExpired(event: { orderId: string }): void;
  emailSent(event: { emailKey: string; kind: string; messageId: string | null }): void;
  /** `parked`: no further attempt follows. `err` is the mailer's error. */
  emailRefused(event: { emailKey: string; kind: string; parked: boolean; permanent: boolean; err: unknown }): void;
  /** An email that was sent did not arrive. */
  emailUndelivered(event: { emailKey: string; kind: string; outcome: DeliveryFailureKind }): void;
  refundRequested(event: { orderId: string; refundId: string; kind: string } & EventAmount): void;
  /** Alert when the state is failed or needs_attention. */
  refundRecorded(event: { orderId: string; refundId: string; state: RefundState }): void;
  /** Alert: Paystack holds two refunds that carry one id of ours. */
  refundDuplicate(event: { orderId: string; refundId: string; count: number }): void;
  /** Alert, once per refund: the shop's balance at Paystack does not cover it. It is tried again by itself. */
  refundBalanceLow(event: { orderId: string; refundId: string } & EventAmount): void;
  /** Alert: captured money that does not agree waits for staff. */
  reviewOpened(event: { orderId: string; reference: string; kind: 'charge' | 'refund' | 'reversal' }): void;
  /** Refunds made at Paystack and not here; the order goes on. */
  externalRefunds(event: { orderId: string; reference: string }): void;
  /** Alert: more of a charge has gone back than was captured. */
  returnedInExcess(event: { orderId: string; reference: string } & EventAmount): void;
  /** Alert: a charge with our prefix, of no order of ours. */
  foreignCharge(event: { reference: string } & EventAmount): void;
  /** Alert: a row of Paystack's list could not be read in eight passes, and the pass goes on without it. */
  rowSetAside(event: { pass: PassName; row: string }): void;
  /** All charges of a payout were compared with it. Alert when they differ. `amount` is what reached the bank. */
  payoutCompared(event: { payoutId: string; state: PayoutState; differences: number } & EventAmount): void;
  /** Alert: so many charges were captured three business days ago and are in no payout. */
  chargesUnpaid(event: { count: number }): void;
  /** An email to staff: the deadline of a dispute without an answer at Paystack is `hours` or less away. */
  disputeDue(event: { orderId: string; disputeId: string; hours: number }): void;
  /** Alert: Paystack did not take staff's answer; they may give another. */
  disputeAnswerRefused(event: { orderId: string; disputeId: string }): void;
  /** Paystack did not accept a bank transfer, and sends it back. */
  transferRejected(event: { orderId: string; reference: string }): void;
  disputeChanged(event: { orderId: string; disputeId: string; state: Dispute['state'] }): void;
  /** Alert: a work loop has failed on this order eight times and parked its work; staff retry it. */
  orderStuck(event: { orderId: string; loop: StuckLoop; attempts: number }): void;
  /** Alert: a stored event has failed repeatedly. `parked`: staff retry it; else the sweep does, once an hour, without end. */
  webhookStuck(event: { err: unknown; digest: string; webhookEvent: string; attempts: number; parked: boolean }): void;
  /** Alert: an invariant does not hold of this document; once until it is repaired. */
  auditFound(event: { check: string; documentId: string }): void;
  /** Pending work that the sweep found; `kind` is settlement, webhooks, verify, disputes, emails, refunds, search, indexes, reconcile. */
  sweepFound(event: { kind: string; count: number }): void;
  /** The search rows of so many orders could not be written; the sweep writes them later. */
  searchWriteFailed(event: { err: unknown; count: number }): void;
  jobRun(event: { job: string; outcome: string; durationMs?: number }): void;
  /** An error of the database that no caller awaited, or that its caller survived. */
  mongoError(event: { err: unknown; source: string }): void;
}
