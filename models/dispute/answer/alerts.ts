/** Alerts of deadlines: 8, 4 and 1 hours before a dispute is lost without an answer. */
import type { Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import type { StaffEmailData } from '../../messaging/staff-email.ts';
import { changeOrder } from '../../order/change-order.ts';
import type { Order } from '../../order/order-document.ts';
import { ATTENTION_INDEX } from '../../order/order-schema.ts';
import { currencyOfCharge, findAttempt } from '../../order/payment-status.ts';
import { KNOWN_SHAPE } from '../../order/shape.ts';
import type { Dispute } from '../dispute-document.ts';
import { needsAnswer } from '../open-disputes.ts';
import { isUnderWay } from './answer-state.ts';

/** The most urgent last. */
export const ALERT_HOURS = [8, 4, 1] as const;
const HOUR_MS = 3600_000;
/** More disputes than any shop has within eight hours; the rest follows in the next round. */
const LIMIT = 500;

export interface Alert {
  disputeId: string;
  /** One of ALERT_HOURS. */
  hours: number;
  /** Names the event in the outbox id. */
  what: string;
  data: StaffEmailData['dispute_due'];
}

type Alerted = Pick<Order, '_id' | 'code' | 'currency' | 'payments' | 'disputes'>;

/** The alerts that are due by now, the most urgent one of each dispute. A scan of a small index. */
export async function findAlertsDue(db: Database, now: Date): Promise<{ orderId: Types.ObjectId; alert: Alert }[]> {
  const before = new Date(now.getTime() + ALERT_HOURS[0] * HOUR_MS);
  const orders = await driverCollection(db.orders)
    .find<Alerted>(
      { disputeAnswerBy: { $lte: before }, ...KNOWN_SHAPE },
      {
        projection: { code: 1, currency: 1, payments: 1, disputes: 1 },
        sort: { disputeAnswerBy: 1 },
        hint: ATTENTION_INDEX,
        limit: LIMIT,
      },
    )
    .toArray();
  return orders.flatMap((order) => alertsOf(order, now).map((alert) => ({ orderId: order._id, alert })));
}

/** Pure. */
export function alertsOf(order: Alerted, now: Date): Alert[] {
  return order.disputes.flatMap((dispute) => {
    const hours = hoursDue(dispute, now);
    return hours === null || dispute.answerBy === undefined
      ? []
      : [toAlert(order, { ...dispute, answerBy: dispute.answerBy }, hours)];
  });
}

/** The most urgent alert that the dispute should have had by now; null when it was given, or none is due. Pure. */
export function hoursDue(dispute: Dispute, now: Date): number | null {
  const { answerBy, alertedHours } = dispute;
  if (!needsAnswer(dispute) || answerBy === undefined) return null;
  const leftMs = answerBy.getTime() - now.getTime();
  const hours = ALERT_HOURS.findLast((limit) => leftMs <= limit * HOUR_MS);
  return hours === undefined || (alertedHours !== undefined && alertedHours <= hours) ? null : hours;
}

/** Names the alert in the outbox. The first deadline has no number; one that was moved after an alert has. */
export function nameOfAlert(
  { disputeId, deadlineNo }: Pick<Dispute, 'disputeId' | 'deadlineNo'>,
  hours: number,
): string {
  return [disputeId, hours, ...(deadlineNo === undefined ? [] : [deadlineNo])].join(':');
}

function toAlert(order: Alerted, dispute: Dispute & { answerBy: Date }, hours: number): Alert {
  const { disputeId, reference, amount, answer, answerBy, answerByAssumed } = dispute;
  return {
    disputeId,
    hours,
    what: nameOfAlert(dispute, hours),
    data: {
      orderId: String(order._id),
      code: order.code,
      amount: amount ?? findAttempt(order, reference)?.amount ?? 0,
      currency: currencyOfCharge(order, reference),
      answerBy,
      assumed: answerByAssumed === true,
      unsent: isUnderWay(answer) ? (answer.lastError ?? 'it waits for its turn') : null,
    },
  };
}

/** Keeps that the alert was given. May be repeated; changes nothing once a more urgent one was. */
export async function markAlerted(db: Database, orderId: Types.ObjectId, alert: Alert, now: Date): Promise<void> {
  const isGiven = (dispute: Dispute) =>
    dispute.disputeId === alert.disputeId &&
    nameOfAlert(dispute, alert.hours) === alert.what &&
    (dispute.alertedHours ?? Number.POSITIVE_INFINITY) > alert.hours;
  await changeOrder(
    db,
    orderId,
    ({ disputes }) =>
      disputes.some(isGiven)
        ? {
            set: {
              disputes: disputes.map((dispute) =>
                isGiven(dispute) ? { ...dispute, alertedHours: alert.hours } : dispute,
              ),
            },
            actor: 'system',
          }
        : null,
    now,
  );
}
