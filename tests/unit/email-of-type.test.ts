/** Each type of history entry owes one kind of email or none; the writer and the audit agree, for every type. */
import { describe, expect, test } from '@jest/globals';
import { emailsGroundedCheck, emailsOwedCheck } from '../../models/audit/emails.ts';
import { ADDRESS_FIELDS, CONTACT_FIELDS } from '../../models/contract/staff/corrections.ts';
import { EMAIL_KINDS, type EmailKind } from '../../models/contract/statuses.ts';
import { type Email, newEmail } from '../../models/messaging/email-document.ts';
import { EMAIL_OF_TYPE, emailDataOf, emailOwedBy } from '../../models/messaging/email-of-type.ts';
import { HISTORY_TYPES, type HistoryEntry, type HistoryEvent, type HistoryType } from '../../models/order/history.ts';
import type { Order } from '../../models/order/order-document.ts';
import { toOrderWrite } from '../../models/order/order-write.ts';
import { aConfirmedOrder, aRefund, aShipment, PLACED_AT, REFERENCE } from '../support/an-order.ts';

const money = { refundId: 'r1', amount: 11_000 };
const reference = REFERENCE;
const dispute = { disputeId: 'd1', reference };
const shipment = { shipmentId: 's1' };

/** One event of each type. The mapped type makes a missing one a compile error. */
const EVENTS: { readonly [Type in HistoryType]: HistoryEvent<Type> } = {
  order_placed: { type: 'order_placed' },
  payment_received: { type: 'payment_received', data: { reference } },
  charge_owed_back: { type: 'charge_owed_back', data: { ...money, reference, cause: 'late_payment' } },
  reversal_reported: { type: 'reversal_reported', data: { reference } },
  reversal_explained: { type: 'reversal_explained', data: { reference } },
  reversal_entered: { type: 'reversal_entered', data: { ...money, reference } },
  reversal_dismissed: { type: 'reversal_dismissed', data: { reference } },
  review_opened: { type: 'review_opened', data: { reference, cause: 'underpaid' } },
  review_accepted: { type: 'review_accepted', data: { reference } },
  review_refunded: { type: 'review_refunded', data: { ...money, reference } },
  review_closed: { type: 'review_closed', data: { reference } },
  transfer_rejected: {
    type: 'transfer_rejected',
    data: { reference, amount: 5_000, cause: 'wrong_amount' },
  },
  order_confirmed: { type: 'order_confirmed' },
  order_cancelled: { type: 'order_cancelled', data: { cause: 'by_staff', ...money, reference } },
  settlement_parked: { type: 'settlement_parked', data: { cause: 'failed', attempts: 8 } },
  settlement_retried: { type: 'settlement_retried' },
  stuck_retried: { type: 'stuck_retried', data: { work: ['refunds'] } },
  shipment_created: { type: 'shipment_created', data: shipment },
  shipment_delivered: { type: 'shipment_delivered', data: shipment },
  shipment_corrected: { type: 'shipment_corrected', data: shipment },
  tracking_corrected: { type: 'tracking_corrected', data: shipment },
  shipment_voided: { type: 'shipment_voided', data: shipment },
  delivery_undone: { type: 'delivery_undone', data: shipment },
  refund_requested: { type: 'refund_requested', data: { ...money, reference, cause: 'staff' } },
  refund_pending: { type: 'refund_pending', data: money },
  refund_processed: { type: 'refund_processed', data: money },
  refund_failed: { type: 'refund_failed', data: money },
  refund_needs_attention: { type: 'refund_needs_attention', data: money },
  refund_account_sent: { type: 'refund_account_sent', data: { refundId: 'r1', amount: 1 } },
  refund_retried: { type: 'refund_retried', data: money },
  refund_paid_elsewhere: { type: 'refund_paid_elsewhere', data: { ...money, replaces: 'r0' } },
  paid_elsewhere: { type: 'paid_elsewhere', data: { ...money, reference } },
  refund_reduced: { type: 'refund_reduced', data: money },
  external_refunds_entered: {
    type: 'external_refunds_entered',
    data: { reference, refundIds: ['r1'], amount: 11_000 },
  },
  dispute_opened: { type: 'dispute_opened', data: dispute },
  dispute_won: { type: 'dispute_won', data: dispute },
  dispute_lost: { type: 'dispute_lost', data: { ...dispute, returned: 11_000 } },
  dispute_reopened: { type: 'dispute_reopened', data: dispute },
  dispute_updated: { type: 'dispute_updated', data: dispute },
  dispute_answered: { type: 'dispute_answered', data: { ...dispute, resolution: 'decline' } },
  dispute_answer_sent: { type: 'dispute_answer_sent', data: dispute },
  dispute_answer_refused: { type: 'dispute_answer_refused', data: dispute },
  email_resent: { type: 'email_resent', data: { kind: 'order_confirmed', seq: 3 } },
  contact_corrected: { type: 'contact_corrected', data: { fields: [...CONTACT_FIELDS] } },
  address_corrected: { type: 'address_corrected', data: { fields: [...ADDRESS_FIELDS] } },
  corrections_emptied: { type: 'corrections_emptied' },
  note_removed: { type: 'note_removed' },
  payment_link_sent: { type: 'payment_link_sent' },
  payment_reminder_sent: { type: 'payment_reminder_sent' },
  tags_set: { type: 'tags_set' },
};

/** Written here a second time, so that a row that is dropped or changed fails. */
const OWED: Partial<Record<HistoryType, EmailKind>> = {
  charge_owed_back: 'refund_started',
  review_opened: 'payment_review',
  review_refunded: 'refund_started',
  order_confirmed: 'order_confirmed',
  order_cancelled: 'order_cancelled',
  shipment_created: 'order_shipped',
  shipment_delivered: 'order_delivered',
  tracking_corrected: 'tracking_corrected',
  refund_requested: 'refund_started',
  refund_processed: 'refund_done',
  refund_paid_elsewhere: 'refund_done',
  paid_elsewhere: 'refund_done',
  reversal_entered: 'refund_done',
  dispute_lost: 'refund_done',
  external_refunds_entered: 'refund_started',
  payment_link_sent: 'payment_link',
  payment_reminder_sent: 'payment_reminder',
};

const scope = { now: PLACED_AT, graceMs: 0, since: null, domain: 'test' as const };
const refunded = aConfirmedOrder({
  refunds: [aRefund({ state: 'processed' })],
  paymentStatus: 'refunded',
  status: 'refunded',
  shipments: [aShipment()],
});

/** The order after a change with this event, with the email that its writer queues. */
function written(type: HistoryType): { order: Order; entry: HistoryEntry; email: Email | null } {
  const { after, entry } = toOrderWrite(refunded, { set: {}, actor: 'system', event: EVENTS[type] }, PLACED_AT);
  if (entry === null) throw new Error('an event makes an entry');
  return { order: { ...after, history: [entry] }, entry, email: emailOwedBy(after._id, entry, PLACED_AT) };
}

const problems = (order: Order, emails: Email[]) => {
  const records = { order, emails, movements: [] };
  return [emailsOwedCheck, emailsGroundedCheck].map((check) => check.inspect(records, scope).length);
};

describe.each(HISTORY_TYPES)('an entry %s', (type) => {
  test('owes the email of its row', () => {
    expect(EMAIL_OF_TYPE[type]).toBe(OWED[type] ?? null);
    expect(written(type).email?.kind ?? null).toBe(OWED[type] ?? null);
  });

  test('has what its writer queues, and the audit finds nothing', () => {
    const { order, email } = written(type);
    expect(problems(order, email === null ? [] : [email])).toEqual([0, 0]);
  });

  test('without its email, or with one more, is found by the audit', () => {
    const { order, entry, email } = written(type);
    expect(problems(order, [])).toEqual([email === null ? 0 : 1, 0]);
    const other = EMAIL_KINDS.find((kind) => kind !== email?.kind) ?? 'order_confirmed';
    const extra = newEmail(order._id, other, entry.seq, emailDataOf(entry), PLACED_AT);
    expect(problems(order, [...(email === null ? [] : [email]), extra])).toEqual([0, 1]);
  });

  test('with an email of another amount or refund is found by the audit', () => {
    const { order, email } = written(type);
    if (email === null) return;
    const altered = { ...email, data: { ...email.data, amount: 1 } };
    expect(problems(order, [altered])).toEqual([0, 1]);
  });

  test('holds nothing but codes, ids, amounts and references', () => {
    const { data } = { data: undefined, ...EVENTS[type] };
    for (const value of Object.values(data ?? {}).flat())
      expect(String(value)).toMatch(/^(?:[a-z_]+|line[12]|postalCode|[a-z]+-[A-Z0-9]+-\d+|[a-z]\d+|\d+|true)$/);
  });
});

test('each kind of email is owed by some type', () => {
  expect([...new Set(Object.values(EMAIL_OF_TYPE).filter((kind) => kind !== null))].sort()).toEqual(
    [...EMAIL_KINDS].sort(),
  );
});
