import type { ChargeOutcome } from '../payment/charge-outcome.ts';

/** The result of applying a webhook event, stored with the event. */
export type InboxOutcome =
  /** An event of a kind that is not handled, or without a reference. */
  | { code: 'not_relevant' }
  | { code: 'unknown_order' }
  | { code: 'dispute_without_id' }
  | { code: 'transfer_without_id' }
  | { code: 'transfer_unknown_at_paystack' }
  /** Shown on the order, or known there before. */
  | { code: 'transfer_rejected' }
  | { code: 'dispute_unknown_at_paystack' }
  /** The event itself proved the charge. */
  | { code: 'charge_recorded'; charge: ChargeOutcome }
  /** Paystack's verify was called. */
  | { code: 'verified'; charge: VerifyOutcome }
  | { code: 'refunds_due' }
  | { code: 'refund_in_flight' }
  | { code: 'refunded_before' }
  | { code: 'external_refund_entered' }
  /** `charge` is set when the payment was not recorded yet and verify was called. */
  | { code: 'dispute_recorded'; state: 'open' | 'won' | 'lost'; charge?: VerifyOutcome };

export type VerifyOutcome = ChargeOutcome | 'unknown_at_paystack';

/** True for events without an effect on an order of this shop. */
export function isIgnored({ code }: { code: InboxOutcome['code'] | 'postponed' }): boolean {
  return code === 'not_relevant' || code === 'unknown_order' || /_without_id$/.test(code);
}

/** For staff. */
export function describeWebhookOutcome(outcome: InboxOutcome): string {
  switch (outcome.code) {
    case 'not_relevant':
      return 'ignored';
    case 'unknown_order':
      return 'ignored: it names no order of this shop';
    case 'dispute_without_id':
      return 'ignored: a dispute without an id';
    case 'transfer_without_id':
      return 'ignored: a bank transfer without an id';
    case 'transfer_unknown_at_paystack':
      return 'Paystack does not know the transaction of the bank transfer';
    case 'transfer_rejected':
      return 'a bank transfer was not accepted';
    case 'dispute_unknown_at_paystack':
      return 'Paystack does not know the dispute';
    case 'charge_recorded':
      return CHARGE_TEXTS[outcome.charge];
    case 'verified':
      return describeVerify(outcome.charge);
    case 'refunds_due':
      return 'refunds are due';
    case 'refund_in_flight':
      return 'a refund is being sent';
    case 'refunded_before':
      return 'the refund was known';
    case 'external_refund_entered':
      return 'a refund that was made at Paystack is entered';
    case 'dispute_recorded':
      return `dispute ${outcome.state}${outcome.charge === undefined ? '' : `; ${describeVerify(outcome.charge)}`}`;
  }
}

function describeVerify(charge: VerifyOutcome): string {
  return `verified at Paystack: ${CHARGE_TEXTS[charge]}`;
}

const CHARGE_TEXTS: Record<VerifyOutcome, string> = {
  paid: 'paid',
  unchanged: 'known before',
  duplicate_payment: 'the order was paid twice',
  late_payment: 'paid after the order was cancelled',
  review: 'in review',
  reversal: 'Paystack calls it reversed; its refunds and disputes were read',
  failed: 'the payment failed',
  open: 'not decided yet',
  needs_verification: 'not verified yet',
  unknown_reference: 'no such reference here',
  unknown_at_paystack: 'Paystack does not know the reference',
};
