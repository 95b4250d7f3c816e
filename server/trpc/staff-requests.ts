/** The input of a staff action as the request that models decide on, the same for the action and its preview. */
import { Types } from 'mongoose';
import type { z } from 'zod';
import { toActionKey } from '../../models/action-key.ts';
import type { ActionPreview } from '../../models/contract/staff/action-preview.ts';
import type { previewAnswerDisputeInput } from '../../models/contract/staff/disputes/answers.ts';
import type { previewCancelInput, previewRefundInput } from '../../models/contract/staff/refunds.ts';
import type { previewResolveReviewInput, recordPaidElsewhereInput } from '../../models/contract/staff-orders.ts';
import type { AnswerRequest } from '../../models/dispute/answer/give-answer.ts';
import type { CancelRequest } from '../../models/fulfilment/cancel-order.ts';
import { staffActor } from '../../models/order/history.ts';
import { getCommittedOrder } from '../../models/order/queries/find-order.ts';
import type { ReviewDecision } from '../../models/payment/review/review-decision.ts';
import type { PaidElsewhere } from '../../models/refund/outside/record-paid-elsewhere.ts';
import type { RefundRequest } from '../../models/refund/request-refund.ts';
import { type Decide, type Expected, type PreviewContext, previewOf } from '../../models/staff-actions/preview.ts';
import type { AppContext } from '../context/app-context.ts';
import { readEmailShop } from '../email/email-rendering.ts';
import { renderOrderEmail } from '../email/order-email.ts';

interface By {
  /** `refundLimit` in subunits; absent where the role has none. */
  user: { _id: Types.ObjectId; refundLimit?: number };
  now: Date;
}
type ByWithRefund = By & { refundId: string };

export function toCancelRequest(
  { id: _, ...chosen }: z.output<typeof previewCancelInput>,
  { user, now, refundId }: ByWithRefund,
): CancelRequest {
  const request = { reason: 'by_staff', actor: staffActor(user._id), refundId, now } as const;
  return { ...withoutAbsent(chosen), ...limitOf(user), ...request };
}

function limitOf({ refundLimit }: By['user']): { refundLimit?: number } {
  return refundLimit === undefined ? {} : { refundLimit };
}

export function toRefundRequest(
  { id: _, lines, delivery, ...chosen }: z.output<typeof previewRefundInput>,
  { user, now, refundId }: ByWithRefund,
): RefundRequest {
  return { ...withoutAbsent(chosen), ...limitOf(user), lines, delivery, actor: staffActor(user._id), refundId, now };
}

type WithoutAbsent<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Fields that were not sent are left out, because the documents' types distinguish undefined from absent. */
function withoutAbsent<T extends object>(fields: T): WithoutAbsent<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as WithoutAbsent<T>;
}

export function toReviewDecision(
  { reference, resolution, returned }: z.output<typeof previewResolveReviewInput>,
  { user, now, refundId, domain }: ByWithRefund & Pick<ReviewDecision, 'domain'>,
): ReviewDecision {
  const amount = returned === undefined ? {} : { returned };
  return { reference, resolution, ...amount, domain, actor: staffActor(user._id), refundId, now };
}

export function toAnswerRequest(
  { id: _, evidence, ...chosen }: z.output<typeof previewAnswerDisputeInput>,
  { user, now }: By,
): AnswerRequest {
  const given = evidence === undefined ? {} : { evidence: withoutAbsent(evidence) };
  return { ...withoutAbsent(chosen), ...given, actor: staffActor(user._id), now };
}

/** `key` names the action; the rest of the input must be the same in a repeat. */
export function toPaidElsewhere(
  { id, key, reference, amount, note }: z.output<typeof recordPaidElsewhereInput>,
  { user, now }: By,
): PaidElsewhere {
  const charge = reference === undefined ? {} : { reference };
  return {
    key: toActionKey(key, { id, amount, note, ...charge }),
    ...charge,
    amount,
    note,
    actor: staffActor(user._id),
    now,
  };
}

export async function previewContext({ settings, config }: AppContext, now: Date): Promise<PreviewContext> {
  const shop = await readEmailShop({ settings, config });
  return { now, render: (email, order) => renderOrderEmail(email, order, shop) };
}

/** undefined when the action carries no digest of a preview. */
export async function expectedBy(
  app: AppContext,
  { expect }: { expect?: string | undefined },
  now: Date,
): Promise<Expected | undefined> {
  return expect === undefined ? undefined : { digest: expect, ...(await previewContext(app, now)) };
}

/** The effects of a change now. Writes nothing. */
export async function previewChange(app: AppContext, id: string, now: Date, decide: Decide): Promise<ActionPreview> {
  const order = await getCommittedOrder(app.db, new Types.ObjectId(id));
  return previewOf(order, decide, await previewContext(app, now));
}
