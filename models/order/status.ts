/**
 * The state machines of order, payment attempt and refund, as data.
 * Source of the attempts and refunds: Paystack's transaction and refund statuses.
 */
import type { AttemptStatus, OrderStatus, RefundState } from '../contract/statuses.ts';

export const ORDER_TRANSITIONS: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['confirmed', 'cancelled'],
  confirmed: ['shipped', 'cancelled', 'refunded'],
  shipped: ['delivered', 'refunded'],
  delivered: ['refunded'],
  cancelled: [],
  refunded: [],
};

/** A later report by Paystack is accepted: a failed or abandoned attempt may still succeed. */
export const ATTEMPT_TRANSITIONS: Record<AttemptStatus, readonly AttemptStatus[]> = {
  created: ['initialized', 'succeeded', 'failed', 'abandoned', 'reversed'],
  initialized: ['succeeded', 'failed', 'abandoned', 'reversed'],
  failed: ['succeeded', 'abandoned', 'reversed'],
  abandoned: ['succeeded', 'failed', 'reversed'],
  succeeded: ['reversed'],
  reversed: [],
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
