/**
 * One email with the link to pay, so long after the last sign of an attempt to pay. It is decided right after Paystack has
 * said that no payment is under way, and withdrawn if it could not leave soon afterwards.
 */
import type { Types } from 'mongoose';
import { isClaimed } from '../checkout/attempt-claim.ts';
import { isPayable } from '../checkout/payable.ts';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Order } from '../order/order-document.ts';
import type { Email } from './email-document.ts';

const MINUTE_MS = 60_000;
/** Paystack's answer that no payment is under way is not trusted for longer. */
const VALID_MS = 15 * MINUTE_MS;

export interface ReminderRule {
  /** 0: no order is reminded of. */
  minutes: number;
}

/** When the reminder is due; null if there is to be none, or the order expires before. */
export function reminderDueAt(
  { history, payments, expiresAt }: Pick<Order, 'history' | 'payments' | 'expiresAt'>,
  { minutes }: ReminderRule,
): Date | null {
  if (minutes === 0 || history.some(({ type }) => type === 'payment_reminder_sent')) return null;
  const signs = payments.flatMap(({ createdAt, failedAt }) => [createdAt.getTime(), failedAt?.getTime() ?? 0]);
  const dueAt = new Date(Math.max(...signs) + minutes * MINUTE_MS);
  return dueAt < expiresAt ? dueAt : null;
}

export function isReminderDue(order: Order, rule: ReminderRule, now: Date): boolean {
  const dueAt = reminderDueAt(order, rule);
  if (dueAt === null || dueAt > now || !isPayable(order, now)) return false;
  return !order.payments.some((attempt) => isClaimed(attempt, now));
}

/** Queues the reminder; null when a fresh read of the order has no need of one. */
export async function remindOfPayment(
  db: Database,
  orderId: Types.ObjectId,
  rule: ReminderRule,
  now: Date,
): Promise<Order | null> {
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) =>
      isReminderDue(order, rule, now) ? { set: {}, actor: 'system', event: { type: 'payment_reminder_sent' } } : null,
    now,
  );
  return changed ? order : null;
}

/** True for a reminder that must not be sent any more. */
export function isReminderPast({ kind, createdAt, requeuedAt }: Email, order: Order, now: Date): boolean {
  if (kind !== 'payment_reminder') return false;
  const queuedAt = requeuedAt ?? createdAt;
  return !isPayable(order, now) || now.getTime() - queuedAt.getTime() > VALID_MS;
}
