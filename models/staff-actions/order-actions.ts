import type { OrderAction, OrderActionState } from '../contract/staff/order-actions.ts';
import { decideCancel } from '../fulfilment/cancel-order.ts';
import { decideDelivery } from '../fulfilment/deliver-order.ts';
import { decideShipping } from '../fulfilment/ship-order.ts';
import type { Email } from '../messaging/email-document.ts';
import { decideResend } from '../messaging/resend-email.ts';
import type { Order } from '../order/order-document.ts';
import { isInReview } from '../order/payment-status.ts';
import { decideRetryStuck } from '../order/stuck/retry-stuck.ts';
import { decideReview, type ReviewDecision } from '../payment/review.ts';
import { decideRefund } from '../refund/request-refund.ts';
import { decidePaidElsewhere, decideRetryRefund } from '../refund/staff-refund-actions.ts';
import { decideRestore } from '../settlement/restore-settlement.ts';
import { type Decide, tryDecide } from './preview.ts';

/** Stand in the place of fields that the staff member enters; none of them decides whether an action is allowed. */
const SAMPLE = { actor: 'staff:sample', refundId: 'sample', note: 'sample', seq: 1 } as const;

interface Situation {
  now: Date;
  /** The domain of our own key. */
  domain: 'test' | 'live';
  emails: readonly Pick<Email, '_id' | 'kind'>[];
}

/** Each action on this order as it is now: allowed exactly when its own decision would change the order. Pure. */
export function actionsOf(order: Order, { now, domain, emails }: Situation): OrderActionState[] {
  const by = { ...SAMPLE, now };
  const states: OrderActionState[] = [];
  const add = (action: OrderAction, target: string | null, decide: Decide) =>
    states.push(stateOf(order, action, target, decide));
  add('ship', null, (of) => decideShipping(of, { ...by, carrier: '', trackingNumber: '' }));
  add('deliver', null, (of) => decideDelivery(of, by));
  add('cancel', null, (of) => decideCancel(of, { ...by, reason: 'by_staff' }));
  add('refund', null, (of) => decideRefund(of, by));
  for (const { reference, amount } of order.payments)
    if (amount !== undefined) add('refund', reference, (of) => decideRefund(of, { ...by, reference }));
  for (const { reference } of order.payments.filter(isInReview)) {
    const resolve = (resolution: ReviewDecision['resolution']) => (of: Order) =>
      decideReview(of, { ...by, reference, resolution, domain });
    add('acceptReview', reference, resolve('accept'));
    add('refundReview', reference, resolve('refund'));
  }
  for (const { refundId, state } of order.refunds) {
    if (state !== 'needs_attention' && state !== 'failed') continue;
    add('retryRefund', refundId, (of) => decideRetryRefund(of, { ...by, refundId }));
    add('recordRefundPaidElsewhere', refundId, (of) =>
      decidePaidElsewhere(of, { ...by, refundId, newRefundId: SAMPLE.refundId }),
    );
  }
  add('retrySettlement', null, (of) => decideRestore(of, by));
  add('retryStuck', null, (of) => decideRetryStuck(of, by));
  for (const { _id, kind } of emails) add('resendEmail', _id, (of) => decideResend(of, { ...by, kind }));
  return states;
}

function stateOf(order: Order, action: OrderAction, target: string | null, decide: Decide): OrderActionState {
  const decision = tryDecide(order, decide);
  const why = 'why' in decision ? decision.why : null;
  return { action, target, allowed: why === null, why };
}
