/** The input of a staff action as the request that models decide on, the same for the action and its preview. */
import { Types } from 'mongoose';
import type { z } from 'zod';
import type { ActionPreview } from '../../models/contract/staff/action-preview.ts';
import type {
  previewCancelInput,
  previewRefundInput,
  previewResolveReviewInput,
} from '../../models/contract/staff-orders.ts';
import type { CancelRequest } from '../../models/fulfilment/cancel-order.ts';
import { staffActor } from '../../models/order/history.ts';
import { getCommittedOrder } from '../../models/order/queries/find-order.ts';
import type { ReviewDecision } from '../../models/payment/review.ts';
import type { RefundRequest } from '../../models/refund/request-refund.ts';
import { type Decide, type Expected, type PreviewContext, previewOf } from '../../models/staff-actions/preview.ts';
import type { AppContext } from '../context/app-context.ts';
import { renderOrderEmail } from '../email/order-email.ts';

interface By {
  /** `refundLimit` in subunits; absent where the role has none. */
  user: { _id: Types.ObjectId; refundLimit?: number };
  now: Date;
}
type ByWithRefund = By & { refundId: string };

export function toCancelRequest(
  { restock }: z.output<typeof previewCancelInput>,
  { user, now, refundId }: ByWithRefund,
): CancelRequest {
  const request = { reason: 'by_staff', actor: staffActor(user._id), refundId, now } as const;
  return { ...request, ...limitOf(user), ...(restock === undefined ? {} : { restock }) };
}

function limitOf({ refundLimit }: By['user']): { refundLimit?: number } {
  return refundLimit === undefined ? {} : { refundLimit };
}

export function toRefundRequest(
  { reason, reference, amount, restock }: z.output<typeof previewRefundInput>,
  { user, now, refundId }: ByWithRefund,
): RefundRequest {
  return {
    note: reason,
    actor: staffActor(user._id),
    refundId,
    now,
    ...limitOf(user),
    ...(reference === undefined ? {} : { reference }),
    ...(amount === undefined ? {} : { amount }),
    ...(restock === undefined ? {} : { restock }),
  };
}

export function toReviewDecision(
  { reference, resolution }: z.output<typeof previewResolveReviewInput>,
  { user, now, refundId, domain }: ByWithRefund & Pick<ReviewDecision, 'domain'>,
): ReviewDecision {
  return { reference, resolution, domain, actor: staffActor(user._id), refundId, now };
}

export function previewContext({ config: { shopName, storefrontUrl } }: AppContext, now: Date): PreviewContext {
  return { now, render: (email, order) => renderOrderEmail(email, order, { shopName, storefrontUrl }) };
}

/** undefined when the action carries no digest of a preview. */
export function expectedBy(
  app: AppContext,
  { expect }: { expect?: string | undefined },
  now: Date,
): Expected | undefined {
  return expect === undefined ? undefined : { digest: expect, ...previewContext(app, now) };
}

/** The effects of a change now. Writes nothing. */
export async function previewChange(app: AppContext, id: string, now: Date, decide: Decide): Promise<ActionPreview> {
  const order = await getCommittedOrder(app.db, new Types.ObjectId(id));
  return previewOf(order, decide, previewContext(app, now));
}
