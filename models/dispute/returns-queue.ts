/** Which orders are to be read at Paystack for what went back of their charges, by `disputeDueAt`. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { DEADLINES } from '../deadlines.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Order } from '../order/order-document.ts';
import { ATTENTION_INDEX } from '../order/order-schema.ts';
import { KNOWN_SHAPE } from '../order/shape.ts';
import { ASK_AGAIN_MS } from '../payment/reversal.ts';
import type { AnswerClaim } from './answer/answer-steps.ts';
import type { Dispute } from './dispute-document.ts';
import { dueOf, isAnswering, isOpenDispute } from './open-disputes.ts';

/** After a claim an open dispute is read again so much later, whatever became of the reading. */
const NEXT_READ_MS = 10 * 60_000;

/** Orders that are due by `now`, in no order: there are few. */
export async function findDueReturns(db: Database, now: Date, limit: number): Promise<Types.ObjectId[]> {
  const due = await driverCollection(db.orders)
    .find({ disputeDueAt: { $lte: now }, ...KNOWN_SHAPE }, { projection: { _id: 1 }, limit, hint: ATTENTION_INDEX })
    .toArray();
  return due.map(({ _id }) => _id);
}

export interface ClaimedReturns {
  order: Order;
  /** Of the charges that Paystack calls reversed. */
  reversals: string[];
  /** Open disputes; those of a reversed charge are read with it. */
  disputes: { disputeId: string; reference: string }[];
  /** Answers to be brought to Paystack. */
  answers: AnswerClaim[];
}

/** Claims what is due on the order by moving it on. May be raced: one worker gets it. Null for the others. */
export async function claimReturns(db: Database, orderId: Types.ObjectId, now: Date): Promise<ClaimedReturns | null> {
  let claimed: Omit<ClaimedReturns, 'order'> | null = null;
  const after = (waitMs: number) => new Date(now.getTime() + waitMs);
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      const reversed = order.payments.filter(({ reversal }) => reversal !== undefined && reversal.askAt <= now);
      const open = order.disputes.filter((dispute) => isOpenDispute(dispute) && dueOf(dispute) <= now);
      const answers = open.filter((dispute) => isAnswering(dispute) && (dispute.answer?.dueAt ?? now) <= now);
      const claim = after(DEADLINES.disputeClaim);
      claimed = null;
      if (reversed.length + open.length === 0) return null;
      const reversals = reversed.map(({ reference }) => reference);
      claimed = {
        reversals,
        disputes: open.map(({ disputeId, reference }) => ({ disputeId, reference })),
        answers: answers.map(({ disputeId }) => ({ disputeId, dueAt: claim })),
      };
      return {
        set: {
          payments: order.payments.map((attempt) =>
            attempt.reversal === undefined || !reversals.includes(attempt.reference)
              ? attempt
              : { ...attempt, reversal: { ...attempt.reversal, askAt: after(ASK_AGAIN_MS) } },
          ),
          disputes: order.disputes.map((dispute) => ({
            ...dispute,
            ...(open.includes(dispute) ? { dueAt: after(NEXT_READ_MS) } : {}),
            ...(answers.includes(dispute) ? claimedAnswer(dispute, claim) : {}),
          })),
        },
        actor: 'system',
      };
    },
    now,
  );
  return changed && claimed !== null ? { order, ...(claimed as Omit<ClaimedReturns, 'order'>) } : null;
}

function claimedAnswer({ answer }: Dispute, dueAt: Date): Pick<Dispute, 'answer'> {
  return answer === undefined ? {} : { answer: { ...answer, dueAt } };
}
