import type { Types } from 'mongoose';
import type { ActionKey } from '../action-key.ts';
import { assertPayable } from '../checkout/payable.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { invalidInput, notFound } from '../errors.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { keyed } from '../staff-actions/keyed.ts';
import type { Email } from './email-document.ts';
import { parseOutboxId } from './outbox-id.ts';

export interface ResendRequest {
  emailId: string;
  key: ActionKey;
  actor: Actor;
  now: Date;
}

/**
 * Queues a sent or parked email of the order once more, in the transaction that records who did it. A repeat with the same
 * key sends no further copy. Throws NOT_FOUND, INVALID_INPUT for another order's email, ACTION_KEY_REUSED, and
 * ORDER_STATE_CONFLICT while the email waits to be sent.
 */
export async function resendEmail(
  db: Database,
  orderId: Types.ObjectId,
  { emailId, key, ...by }: ResendRequest,
): Promise<Order> {
  const id = parseOutboxId(emailId);
  if (id?.about !== 'order' || id.orderId !== String(orderId))
    throw invalidInput('emailId', 'belongs to another order');
  const email = await driverCollection(db.emails).findOne({ _id: emailId }, { projection: { kind: 1, state: 1 } });
  if (!email) throw notFound('Email');
  const decide = keyed(key, (order) => decideResend(order, { email, ...by }));
  return (await changeOrder(db, orderId, decide, by.now)).order;
}

export interface Resend {
  email: Pick<Email, '_id' | 'kind' | 'state'>;
  actor: Actor;
  now: Date;
}

export function decideResend(order: Order, { email, actor, now }: Resend): OrderChange {
  if (email.state === 'queued') throw conflict(order, 'this email already waits to be sent');
  if (email.state === 'withdrawn') throw conflict(order, 'there is nothing left to say in this email');
  if (email.kind === 'payment_link' || email.kind === 'payment_reminder') assertPayable(order, now);
  assertHistoryHasRoom(order);
  const id = parseOutboxId(email._id);
  if (id?.about !== 'order') throw new Error(`Email ${email._id} is about no order.`);
  return {
    set: {},
    actor,
    event: { type: 'email_resent', data: { kind: email.kind, seq: id.seq } },
    requeue: [email._id],
  };
}
