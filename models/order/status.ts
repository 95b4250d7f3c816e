/**
 * The state machines of order, payment attempt and refund, as data.
 * Source of the attempts and refunds: Paystack's transaction and refund statuses.
 */
import type { AttemptStatus, OrderStatus, RefundState } from '../contract/statuses.ts';

export const ORDER_TRANSITIONS: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['confirmed', 'cancelled'],
  confirmed: ['shipped', 'delivered', 'cancelled', 'refunded'],
  shipped: ['delivered', 'confirmed', 'refunded'],
  delivered: ['shipped', 'confirmed', 'refunded'],
  cancelled: [],
  refunded: [],
};

/** The statuses of a sold order that has not ended, in the order of its way. models/order/units derives them. */
export const SOLD_STATUSES = ['confirmed', 'shipped', 'delivered'] as const;
export type SoldStatus = (typeof SOLD_STATUSES)[number];

export function isSoldStatus(status: OrderStatus): status is SoldStatus {
  return SOLD_STATUSES.some((sold) => sold === status);
}

/** A way back, which only staff may take (STEP_BACK_TYPES). */
export function isStepBack(from: OrderStatus, to: OrderStatus): boolean {
  return isSoldStatus(from) && isSoldStatus(to) && SOLD_STATUSES.indexOf(to) < SOLD_STATUSES.indexOf(from);
}

/** A later report by Paystack is accepted: a failed or abandoned attempt may still succeed. A captured attempt stays so. */
export const ATTEMPT_TRANSITIONS: Record<AttemptStatus, readonly AttemptStatus[]> = {
  created: ['initialized', 'succeeded', 'failed', 'abandoned'],
  initialized: ['succeeded', 'failed', 'abandoned'],
  failed: ['succeeded', 'abandoned'],
  abandoned: ['succeeded', 'failed'],
  succeeded: [],
};

/**
 * Skipping forward is allowed: Paystack is polled, so a step may be missed. The one way back is staff's retry of a refund
 * that Paystack never accepted.
 */
export const REFUND_TRANSITIONS: Record<RefundState, readonly RefundState[]> = {
  requested: ['pending', 'processed', 'failed', 'needs_attention'],
  pending: ['processed', 'failed', 'needs_attention'],
  needs_attention: ['requested', 'pending', 'processed', 'failed'],
  processed: [],
  failed: [],
};

export function canOrderGo(from: OrderStatus, to: OrderStatus): boolean {
  return ORDER_TRANSITIONS[from].includes(to);
}

export function canAttemptGo(from: AttemptStatus, to: AttemptStatus): boolean {
  return ATTEMPT_TRANSITIONS[from].includes(to);
}

export function canRefundGo(from: RefundState, to: RefundState): boolean {
  return REFUND_TRANSITIONS[from].includes(to);
}

/** True until the refund is processed or failed. */
export function isRefundOpen(state: RefundState): boolean {
  return state === 'requested' || state === 'pending' || state === 'needs_attention';
}
