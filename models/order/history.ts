/**
 * The entries of an order's history. Each type has its own data: codes, ids, amounts and names of fields, never personal
 * data or a sentence. Sentences are made where the history is shown.
 */
import type { ActionKey } from '../action-key.ts';
import type { AddressField, ContactField } from '../contract/staff/corrections.ts';
import type {
  CancelReason,
  DisputeResolution,
  EmailKind,
  OrderStatus,
  PaymentStatus,
  RefundCause,
  ReviewCause,
  StuckLoop,
  TransferRejection,
} from '../contract/statuses.ts';

/** The originator of a change; `paystack` for a report of Paystack's, whichever way it came. */
export type Actor = 'system' | 'customer' | 'paystack' | `staff:${string}`;

export function staffActor(userId: { toString(): string }): Actor {
  return `staff:${userId}`;
}

/** Amounts are in subunits of the charge's currency. */
interface RefundData {
  refundId: string;
  amount: number;
}

interface ShipmentData {
  shipmentId: string;
}

interface DisputeData {
  disputeId: string;
  /** Of the disputed charge. */
  reference: string;
  /** By how much more of the charge has gone back with it; negative when a lost dispute is opened again. */
  returned?: number;
}

type None = undefined;

/** The data of each type of entry; a type with None has no `data`. */
export interface HistoryData {
  order_placed: None;
  payment_received: { reference: string };
  /** A charge that cannot buy; its refund was requested with it. */
  charge_owed_back: RefundData & { reference: string; cause: 'duplicate_payment' | 'late_payment' };
  /** Paystack calls the charge reversed when it is first recorded; its refunds and disputes are read next. */
  reversal_reported: { reference: string };
  /** They account for it. */
  reversal_explained: { reference: string };
  /** Staff entered what had gone back, as a refund that is processed. `owed`: a refund of the rest, where it is owed. */
  reversal_entered: RefundData & { reference: string; owed?: RefundData };
  /** Staff found that nothing had gone back. */
  reversal_dismissed: { reference: string };
  /** By a charge that disagrees with the order, or that was reversed without a known reason. */
  review_opened: { reference: string; cause: ReviewCause };
  review_accepted: { reference: string };
  /** With a refund of what was left of the charge. */
  review_refunded: RefundData & { reference: string };
  /** Nothing of the charge was left to refund. */
  review_closed: { reference: string };
  /** A bank transfer that Paystack did not accept; it goes back to the sender. `amount` in the order's currency. */
  transfer_rejected: { reference: string; amount: number | null; cause: TransferRejection };
  order_confirmed: None;
  /**
   * `returned`: what of the payment had gone back by then; `underWay`: what was on its way. `ends`: the refund that was processed with it; `taken`: what a
   * dispute took with it. `reference`: of the review or the charge that ended in the cancellation.
   */
  order_cancelled: Partial<RefundData> & {
    cause: CancelReason;
    returned?: number;
    underWay?: number;
    ends?: RefundData;
    taken?: number;
    reference?: string;
  };
  /** `stock_short_in_dispute`: nothing may be refunded before the dispute ends. */
  settlement_parked: { cause: 'failed' | 'stock_short_in_dispute'; attempts: number };
  settlement_retried: None;
  /** `work`: what was parked before. */
  stuck_retried: { work: StuckLoop[] };
  /** A parcel left, or a pick-up is ready. Its key's id is the shipment's. */
  shipment_created: ShipmentData;
  /** A parcel arrived, or a pick-up was collected. */
  shipment_delivered: ShipmentData;
  /** While the email about the shipment was still waiting. */
  shipment_corrected: ShipmentData;
  /** When the email about the shipment may have left. */
  tracking_corrected: ShipmentData;
  shipment_voided: ShipmentData;
  delivery_undone: ShipmentData;
  refund_requested: RefundData & { reference: string; cause: RefundCause };
  refund_pending: RefundData;
  refund_processed: RefundData;
  refund_failed: RefundData;
  refund_needs_attention: RefundData;
  refund_retried: RefundData;
  /** Staff sent the customer's bank account to Paystack. */
  refund_account_sent: RefundData;
  /** `replaces`: the failed refund that this one was entered for. */
  refund_paid_elsewhere: RefundData & { replaces?: string };
  /** Staff recorded a payment outside Paystack for which no refund was requested. */
  paid_elsewhere: RefundData & { reference: string };
  /** To what was left of the charge when it was to be sent. */
  refund_reduced: RefundData;
  /** `amount` is the sum of the refunds. */
  external_refunds_entered: { reference: string; refundIds: string[]; amount: number };
  dispute_opened: DisputeData;
  /** It had ended. */
  dispute_reopened: DisputeData;
  /** Its amount changed. */
  dispute_updated: DisputeData;
  dispute_won: DisputeData;
  dispute_lost: DisputeData;
  /** `amount`: what an accepting answer gives back. */
  dispute_answered: Omit<DisputeData, 'returned'> & { resolution: DisputeResolution; amount?: number };
  /** Paystack's record shows the answer; the bank decides. */
  dispute_answer_sent: Omit<DisputeData, 'returned'>;
  /** Paystack did not take the answer: staff may give another one. */
  dispute_answer_refused: Omit<DisputeData, 'returned'>;
  /** `seq` is that of the entry that owes the email. */
  email_resent: { kind: EmailKind; seq: number };
  /** The values stand in `contact` and `deliverTo`, the earlier ones in `corrections`. */
  contact_corrected: { fields: ContactField[] };
  address_corrected: { fields: AddressField[] };
  corrections_emptied: None;
  note_removed: None;
  payment_link_sent: None;
  /** By the shop itself, an hour after the last attempt to pay or as REMIND_UNPAID_MINUTES says. */
  payment_reminder_sent: None;
  tags_set: None;
}

export type HistoryType = keyof HistoryData;

/** The mapped type makes a type that is missing here a compile error. */
const TYPES: { readonly [Type in HistoryType]: true } = {
  order_placed: true,
  payment_received: true,
  charge_owed_back: true,
  reversal_reported: true,
  reversal_explained: true,
  reversal_entered: true,
  reversal_dismissed: true,
  review_opened: true,
  review_accepted: true,
  review_refunded: true,
  review_closed: true,
  transfer_rejected: true,
  order_confirmed: true,
  order_cancelled: true,
  settlement_parked: true,
  settlement_retried: true,
  stuck_retried: true,
  shipment_created: true,
  shipment_delivered: true,
  shipment_corrected: true,
  tracking_corrected: true,
  shipment_voided: true,
  delivery_undone: true,
  refund_requested: true,
  refund_pending: true,
  refund_processed: true,
  refund_failed: true,
  refund_needs_attention: true,
  refund_retried: true,
  refund_account_sent: true,
  refund_paid_elsewhere: true,
  paid_elsewhere: true,
  refund_reduced: true,
  external_refunds_entered: true,
  dispute_opened: true,
  dispute_reopened: true,
  dispute_updated: true,
  dispute_won: true,
  dispute_lost: true,
  dispute_answered: true,
  dispute_answer_sent: true,
  dispute_answer_refused: true,
  email_resent: true,
  contact_corrected: true,
  address_corrected: true,
  corrections_emptied: true,
  note_removed: true,
  payment_link_sent: true,
  payment_reminder_sent: true,
  tags_set: true,
};

export const HISTORY_TYPES = Object.keys(TYPES) as readonly HistoryType[];

/** Only these may lead from delivered or shipped to an earlier status. */
export const STEP_BACK_TYPES: ReadonlySet<HistoryType> = new Set(['delivery_undone', 'shipment_voided']);

/** A type with its data. */
export type HistoryEvent<Type extends HistoryType = HistoryType> = {
  [T in Type]: HistoryData[T] extends None ? { type: T } : { type: T; data: HistoryData[T] };
}[Type];

export interface OrderStatuses {
  status: OrderStatus;
  paymentStatus: PaymentStatus;
}

export type HistoryEntry = HistoryEvent & {
  /** The order's version after this change; strictly rising, may skip numbers. */
  seq: number;
  at: Date;
  actor: Actor;
  /** Of an action that must not take effect twice; models/action-key finds its repeat here. */
  key?: ActionKey;
  /** null in the first entry. */
  from: OrderStatuses | null;
  to: OrderStatuses;
};

/** The most entries that the server accepts. */
export const MAX_HISTORY = 1_000;
/** Staff's actions that may be repeated at will end here, so that money can still move on such an order. */
export const MAX_REPEATED_HISTORY = 800;
