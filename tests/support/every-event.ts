/** Entries of each type of history, with each cause that it can have. A type that is missing here does not compile. */
import { ADDRESS_FIELDS, CONTACT_FIELDS } from '../../models/contract/staff/corrections.ts';
import {
  CANCEL_REASONS,
  EMAIL_KINDS,
  REFUND_CAUSES,
  REVIEW_CAUSES,
  STUCK_LOOPS,
} from '../../models/contract/statuses.ts';
import type { HistoryEvent, HistoryType } from '../../models/order/history.ts';
import { REFERENCE } from './an-order.ts';

const reference = REFERENCE;

/** Shipments that the entries name; the order of a test has them. */
export const SHIPMENT_IDS = ['parcel-1', 'pickup-1', 'voided-1', 'delivered-1'] as const;

type ShipmentType = {
  [Type in HistoryType]: HistoryEvent<Type> extends { data: { shipmentId: string } } ? Type : never;
}[HistoryType];

function ofShipments<Type extends ShipmentType>(type: Type) {
  return SHIPMENT_IDS.map((shipmentId) => ({ type, data: { shipmentId } }));
}

/** `amount` in subunits; all refunds are the one with `refundId`. */
export function everyEvent(refundId: string, amount: number): HistoryEvent[] {
  const money = { refundId, amount };
  const dispute = { disputeId: '7', reference };
  const events: { readonly [Type in HistoryType]: readonly HistoryEvent<Type>[] } = {
    order_placed: [{ type: 'order_placed' }],
    payment_received: [{ type: 'payment_received', data: { reference } }],
    charge_owed_back: (['duplicate_payment', 'late_payment'] as const).map((cause) => ({
      type: 'charge_owed_back',
      data: { ...money, reference, cause },
    })),
    reversal_reported: [{ type: 'reversal_reported', data: { reference } }],
    reversal_explained: [{ type: 'reversal_explained', data: { reference } }],
    reversal_entered: [{ type: 'reversal_entered', data: { ...money, reference } }],
    reversal_dismissed: [{ type: 'reversal_dismissed', data: { reference } }],
    review_opened: REVIEW_CAUSES.map((cause) => ({ type: 'review_opened', data: { reference, cause } })),
    review_accepted: [{ type: 'review_accepted', data: { reference } }],
    review_refunded: [{ type: 'review_refunded', data: { ...money, reference } }],
    review_closed: [{ type: 'review_closed', data: { reference } }],
    transfer_rejected: [
      { type: 'transfer_rejected', data: { reference, amount, cause: 'wrong_amount' } },
      { type: 'transfer_rejected', data: { reference, amount: null, cause: 'refused' } },
    ],
    order_confirmed: [{ type: 'order_confirmed' }],
    order_cancelled: CANCEL_REASONS.flatMap((cause) => [
      { type: 'order_cancelled', data: { cause } },
      { type: 'order_cancelled', data: { cause, returned: amount } },
      { type: 'order_cancelled', data: { cause, returned: 1, underWay: 1, ...money, reference } },
      { type: 'order_cancelled', data: { cause, ...money, reference } },
    ]),
    settlement_parked: (['failed', 'stock_short_in_dispute'] as const).map((cause) => ({
      type: 'settlement_parked',
      data: { cause, attempts: 8 },
    })),
    settlement_retried: [{ type: 'settlement_retried' }],
    stuck_retried: [
      { type: 'stuck_retried', data: { work: [...STUCK_LOOPS] } },
      { type: 'stuck_retried', data: { work: [] } },
    ],
    shipment_created: ofShipments('shipment_created'),
    shipment_delivered: ofShipments('shipment_delivered'),
    shipment_corrected: ofShipments('shipment_corrected'),
    tracking_corrected: ofShipments('tracking_corrected'),
    shipment_voided: ofShipments('shipment_voided'),
    delivery_undone: ofShipments('delivery_undone'),
    refund_requested: REFUND_CAUSES.map((cause) => ({
      type: 'refund_requested',
      data: { ...money, reference, cause },
    })),
    refund_pending: [{ type: 'refund_pending', data: money }],
    refund_processed: [{ type: 'refund_processed', data: money }],
    refund_failed: [{ type: 'refund_failed', data: money }],
    refund_needs_attention: [{ type: 'refund_needs_attention', data: money }],
    refund_account_sent: [{ type: 'refund_account_sent', data: money }],
    refund_retried: [{ type: 'refund_retried', data: money }],
    refund_paid_elsewhere: [{ type: 'refund_paid_elsewhere', data: { ...money, replaces: 'r0' } }],
    paid_elsewhere: [{ type: 'paid_elsewhere', data: { ...money, reference } }],
    refund_reduced: [{ type: 'refund_reduced', data: money }],
    external_refunds_entered: [
      { type: 'external_refunds_entered', data: { reference, refundIds: [refundId], amount } },
    ],
    dispute_opened: [{ type: 'dispute_opened', data: dispute }],
    dispute_won: [{ type: 'dispute_won', data: dispute }],
    dispute_lost: [{ type: 'dispute_lost', data: { ...dispute, returned: amount } }],
    dispute_reopened: [{ type: 'dispute_reopened', data: { ...dispute, returned: -amount } }],
    dispute_updated: [{ type: 'dispute_updated', data: { ...dispute, returned: 1 } }],
    dispute_answered: [
      { type: 'dispute_answered', data: { ...dispute, resolution: 'accept', amount } },
      { type: 'dispute_answered', data: { ...dispute, resolution: 'decline' } },
    ],
    dispute_answer_sent: [{ type: 'dispute_answer_sent', data: dispute }],
    dispute_answer_refused: [{ type: 'dispute_answer_refused', data: dispute }],
    email_resent: EMAIL_KINDS.map((kind) => ({ type: 'email_resent', data: { kind, seq: 3 } })),
    contact_corrected: [{ type: 'contact_corrected', data: { fields: [...CONTACT_FIELDS] } }],
    address_corrected: [{ type: 'address_corrected', data: { fields: [...ADDRESS_FIELDS] } }],
    corrections_emptied: [{ type: 'corrections_emptied' }],
    note_removed: [{ type: 'note_removed' }],
    payment_link_sent: [{ type: 'payment_link_sent' }],
    payment_reminder_sent: [{ type: 'payment_reminder_sent' }],
    tags_set: [{ type: 'tags_set' }],
  };
  return Object.values(events).flat();
}
