/**
 * The three state machines as data: order, payment attempt, refund. Nothing else decides what may follow what.
 * Source of the attempts and refunds: Paystack's transaction and refund statuses.
 */

export const ORDER_STATUSES = ['pending', 'confirmed', 'shipped', 'delivered', 'cancelled', 'refunded'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const ORDER_TRANSITIONS: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['confirmed', 'cancelled'],
  confirmed: ['shipped', 'cancelled', 'refunded'],
  shipped: ['delivered', 'refunded'],
  delivered: ['refunded'],
  cancelled: [],
  refunded: [],
};

export const ATTEMPT_STATUSES = ['created', 'initialized', 'succeeded', 'failed', 'abandoned', 'reversed'] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** Paystack's later truth is accepted: an attempt that failed or was abandoned may still succeed. */
export const ATTEMPT_TRANSITIONS: Record<AttemptStatus, readonly AttemptStatus[]> = {
  created: ['initialized', 'succeeded', 'failed', 'abandoned', 'reversed'],
  initialized: ['succeeded', 'failed', 'abandoned', 'reversed'],
  failed: ['succeeded', 'abandoned', 'reversed'],
  abandoned: ['succeeded', 'failed', 'reversed'],
  succeeded: ['reversed'],
  reversed: [],
};

export const REFUND_STATES = ['requested', 'pending', 'processed', 'failed', 'needs_attention'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/**
 * Skipping forward is allowed: we ask now and then and may miss a step. A refund that needed attention can still end. The
 * one way back is staff's: what Paystack never accepted is requested again (models/refund/staff-refund-actions, retryRefund).
 */
export const REFUND_TRANSITIONS: Record<RefundState, readonly RefundState[]> = {
  requested: ['pending', 'processed', 'failed', 'needs_attention'],
  pending: ['processed', 'failed', 'needs_attention'],
  needs_attention: ['requested', 'pending', 'processed', 'failed'],
  processed: [],
  failed: [],
};

/** Where an order's money is, as derived from its charges and refunds by models/order/payment-status. */
export const PAYMENT_STATUSES = ['unpaid', 'paid', 'refunding', 'partially_refunded', 'refunded', 'review'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export function canOrderGo(from: OrderStatus, to: OrderStatus): boolean {
  return ORDER_TRANSITIONS[from].includes(to);
}

export function canAttemptGo(from: AttemptStatus, to: AttemptStatus): boolean {
  return ATTEMPT_TRANSITIONS[from].includes(to);
}

export function canRefundGo(from: RefundState, to: RefundState): boolean {
  return REFUND_TRANSITIONS[from].includes(to);
}

/** A refund that still owes the customer its end: it blocks shipping when it is a full one. */
export function isRefundOpen(state: RefundState): boolean {
  return state === 'requested' || state === 'pending' || state === 'needs_attention';
}
