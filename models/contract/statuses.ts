/** The states that clients see, each a closed list. models/order/status decides the transitions. */

export const ORDER_STATUSES = ['pending', 'confirmed', 'shipped', 'delivered', 'cancelled', 'refunded'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Of one payment attempt. */
export const ATTEMPT_STATUSES = ['created', 'initialized', 'succeeded', 'failed', 'abandoned'] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

export const REFUND_STATES = ['requested', 'pending', 'processed', 'failed', 'needs_attention'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** The state of an order's money; models/order/payment-status derives it from charges and refunds. */
export const PAYMENT_STATUSES = ['unpaid', 'paid', 'refunding', 'partially_refunded', 'refunded', 'review'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** The states that the public verify route reports. */
export const VERIFY_STATUSES = ['pending', 'paid', 'failed', 'cancelled'] as const;
export type VerifyStatus = (typeof VERIFY_STATUSES)[number];

/** `payment_returned`: its payment went back before it was confirmed. */
export const CANCEL_REASONS = ['short_stock', 'expired', 'by_customer', 'by_staff', 'payment_returned'] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/**
 * Why staff refund money of an order.
 * - staff: they agreed a refund
 * - unavailable: something of it cannot be sent
 * - returned: the customer sent something back
 * - damaged: something was broken or not as described
 * - not_arrived: something did not arrive
 */
export const STAFF_REFUND_CAUSES = ['staff', 'unavailable', 'returned', 'damaged', 'not_arrived'] as const;
export type StaffRefundCause = (typeof STAFF_REFUND_CAUSES)[number];

/** Why money is refunded; it decides the words of emails. Those of a cancellation are its reasons. */
export const REFUND_CAUSES = [
  ...CANCEL_REASONS,
  'duplicate_payment',
  'late_payment',
  'review',
  ...STAFF_REFUND_CAUSES,
  'external',
] as const;
export type RefundCause = (typeof REFUND_CAUSES)[number];

/**
 * Why captured money is in review. `reversed_unexplained`: Paystack calls the charge reversed, and neither a refund nor a
 * dispute accounts for it. `external_refund`: some of it was refunded at Paystack before its order was confirmed.
 */
export const REVIEW_CAUSES = [
  'other_domain',
  'other_currency',
  'other_amount',
  'underpaid',
  'reversed_unexplained',
  'external_refund',
] as const;
export type ReviewCause = (typeof REVIEW_CAUSES)[number];

/** Why Paystack sent a bank transfer back: `refused` stands for all but the amount, such as suspected fraud. */
export const TRANSFER_REJECTIONS = ['wrong_amount', 'refused'] as const;
export type TransferRejection = (typeof TRANSFER_REJECTIONS)[number];

/** `pickup`: the customer collects the units in the shop. */
export const SHIPMENT_KINDS = ['parcel', 'pickup'] as const;
export type ShipmentKind = (typeof SHIPMENT_KINDS)[number];

export const DISPUTE_STATES = ['open', 'won', 'lost'] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

/** `accept` gives the money back; `decline` leaves the decision to the bank. */
export const DISPUTE_RESOLUTIONS = ['accept', 'decline'] as const;
export type DisputeResolution = (typeof DISPUTE_RESOLUTIONS)[number];

/**
 * Of an answer to a dispute.
 * - waiting: not begun yet
 * - sending: Paystack has a part of it, or may have it
 * - sent: Paystack's record shows it
 * - refused: Paystack did not take it; another answer may be given
 */
export const DISPUTE_ANSWER_STATES = ['waiting', 'sending', 'sent', 'refused'] as const;
export type DisputeAnswerState = (typeof DISPUTE_ANSWER_STATES)[number];

/** Files that Paystack takes with an answer to a dispute. */
export const DISPUTE_FILE_TYPES = ['application/pdf', 'image/jpeg', 'image/png'] as const;
export type DisputeFileType = (typeof DISPUTE_FILE_TYPES)[number];

export const EMAIL_KINDS = [
  'order_confirmed',
  'order_cancelled',
  'order_shipped',
  'order_delivered',
  'tracking_corrected',
  'refund_started',
  'refund_done',
  'payment_review',
  'payment_link',
  'payment_reminder',
] as const;
export type EmailKind = (typeof EMAIL_KINDS)[number];

/** Emails to the shop's staff. */
export const STAFF_EMAIL_KINDS = ['dispute_due', 'new_orders', 'invitation'] as const;
export type StaffEmailKind = (typeof STAFF_EMAIL_KINDS)[number];

/** Emails about an account. */
export const ACCOUNT_EMAIL_KINDS = ['verify_email', 'reset_password', 'password_changed'] as const;
export type AccountEmailKind = (typeof ACCOUNT_EMAIL_KINDS)[number];

/** Every kind that this version can send. */
export const OUTBOX_KINDS = [...EMAIL_KINDS, ...STAFF_EMAIL_KINDS, ...ACCOUNT_EMAIL_KINDS] as const;
export type OutboxKind = (typeof OUTBOX_KINDS)[number];

/** Whom an email is for: the customer of an order, the owner of an account, or the shop's staff. */
export const EMAIL_ADDRESSEES = ['customer', 'account', 'staff'] as const;

/** The loops that park an order's work after eight failures on it alone; the settlement has a state of its own. */
export const STUCK_LOOPS = ['refunds', 'verifies', 'webhooks', 'returns'] as const;
export type StuckLoop = (typeof STUCK_LOOPS)[number];

/** `withdrawn`: it was not sent, because there was nothing left to say. */
export const EMAIL_STATES = ['queued', 'sent', 'parked', 'withdrawn'] as const;
export type EmailState = (typeof EMAIL_STATES)[number];

/**
 * Why an email that the provider accepted did not arrive.
 * - bounced: the address does not exist or takes no email
 * - blocked: the mail server of the address refused this one
 * - dropped: the provider did not send it, for example to an address that bounced before
 */
export const DELIVERY_FAILURES = ['bounced', 'blocked', 'dropped'] as const;
export type DeliveryFailureKind = (typeof DELIVERY_FAILURES)[number];

/** The kind of record behind an entry of the staff's timeline. */
export const TIMELINE_KINDS = ['history', 'payment', 'webhook', 'refund', 'email', 'job'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/**
 * Why a cart line cannot be checked out as it is.
 * - unavailable: no longer sold, or without a price in the cart's currency
 * - short: fewer units in stock than in the line
 * - price_changed: since the shopper last saw it; reported until cart.seen names the new price
 */
export const CART_PROBLEMS = ['unavailable', 'short', 'price_changed'] as const;
export type CartProblemKind = (typeof CART_PROBLEMS)[number];

/**
 * Why cart.ensure did not put a line into the cart.
 * - unavailable: unknown or no longer sold
 * - other_currency: the cart holds prices in another currency
 * - no_shipping_fee: the shop takes no orders in this currency
 * - cart_full: the cart has no room for another line
 */
export const MISSED_LINE_KINDS = ['unavailable', 'other_currency', 'no_shipping_fee', 'cart_full'] as const;
export type MissedLineKind = (typeof MISSED_LINE_KINDS)[number];
