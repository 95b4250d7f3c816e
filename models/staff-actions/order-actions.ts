import { whyNot } from '../accounts/assert-may.ts';
import { toActionKey } from '../action-key.ts';
import type { StaffRole } from '../contract/permissions.ts';
import { type OrderAction, type OrderActionState, permissionOf } from '../contract/staff/order-actions.ts';
import { decideAddressCorrection } from '../corrections/correct-address.ts';
import { decideContactCorrection } from '../corrections/correct-contact.ts';
import { decideEmptyCorrections } from '../corrections/empty-corrections.ts';
import { decideNote, decideRemoveNote } from '../corrections/notes.ts';
import { decideTags } from '../corrections/tags.ts';
import { decideAnswer } from '../dispute/answer/give-answer.ts';
import { decideCancel } from '../fulfilment/cancel-order.ts';
import { decideCorrection } from '../fulfilment/correct-shipment.ts';
import { decideShipment } from '../fulfilment/create-shipment.ts';
import { decideDelivery, decideUndoDelivery } from '../fulfilment/deliver-shipment.ts';
import { decideVoid } from '../fulfilment/void-shipment.ts';
import type { Email } from '../messaging/email-document.ts';
import { decideResend } from '../messaging/resend-email.ts';
import { decidePaymentLink } from '../messaging/send-payment-link.ts';
import { addressOf } from '../order/contact.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import { isInReview } from '../order/payment-status.ts';
import { decideRetryStuck } from '../order/stuck/retry-stuck.ts';
import { decideReview } from '../payment/review/review.ts';
import type { ReviewDecision } from '../payment/review/review-decision.ts';
import { decideElsewhere } from '../refund/outside/record-paid-elsewhere.ts';
import { decideAccountSent } from '../refund/refund-account.ts';
import { RefundLimitError, withinRefundLimit } from '../refund/refund-limit.ts';
import { decideRefund, type RefundRequest } from '../refund/request-refund.ts';
import { decidePaidElsewhere, decideRetryRefund } from '../refund/staff-refund-actions.ts';
import { decideRestore } from '../settlement/restore-settlement.ts';
import { type Decide, tryDecide } from './preview.ts';

/** Stand in the place of fields that the staff member enters; none of them decides whether an action is allowed. */
const SAMPLE = { actor: 'staff:sample', refundId: 'sample', note: 'sample' } as const;

/** No number that staff can enter: the input schema trims. */
const ANOTHER_NUMBER = ' ';

const SAMPLE_KEY = toActionKey('sample', null);
const MONEY_ALONE = { lines: [], delivery: false } as const;

interface Situation {
  now: Date;
  /** Of the staff member who looks at the order. */
  role: StaffRole;
  /** Subunits; of the role. */
  refundLimit?: number | undefined;
  /** The domain of our own key. */
  domain: 'test' | 'live';
  emails: readonly Pick<Email, '_id' | 'kind' | 'state'>[];
}

/**
 * Each action on this order as it is now: allowed exactly when the role has its permission and its own decision would change
 * the order. Pure.
 */
export function actionsOf(order: Order, { now, role, refundLimit, domain, emails }: Situation): OrderActionState[] {
  const by = { ...SAMPLE, now };
  const states: OrderActionState[] = [];
  const add: Add = (action, target, decide) =>
    states.push({
      action,
      target,
      ...stateOf(order, whyNot(role, permissionOf(action)), withinRefundLimit(decide, refundLimit)),
    });
  add('ship', null, (of) => decideShipment(of, { ...by, key: SAMPLE_KEY, kind: 'parcel', domain, otherDomain: true }));
  for (const { shipmentId } of order.shipments ?? []) addShipment(add, shipmentId, by);
  add('cancel', null, (of) => decideCancel(of, { ...by, reason: 'by_staff' }));
  const refund = (request: RefundRequest) => wholeOrPart(request, refundLimit);
  add('refund', null, refund({ ...by, ...MONEY_ALONE }));
  for (const { reference, amount } of order.payments)
    if (amount !== undefined) {
      add('refund', reference, refund({ ...by, ...MONEY_ALONE, reference }));
      const elsewhere = { ...by, reference, amount: 1, key: SAMPLE_KEY };
      add('recordPaidElsewhere', reference, (of) => decideElsewhere(of, elsewhere));
    }
  for (const { reference } of order.payments.filter(isInReview)) {
    const resolve = (resolution: ReviewDecision['resolution']) => (of: Order) =>
      decideReview(of, { ...by, reference, resolution, domain });
    add('acceptReview', reference, resolve('accept'));
    add('refundReview', reference, resolve('refund'));
    add('returnedReview', reference, resolve('returned'));
  }
  for (const { refundId, state } of order.refunds) {
    if (state !== 'needs_attention' && state !== 'failed') continue;
    add('retryRefund', refundId, (of) => decideRetryRefund(of, { ...by, refundId }));
    add('recordRefundPaidElsewhere', refundId, (of) =>
      decidePaidElsewhere(of, { ...by, refundId, newRefundId: SAMPLE.refundId }),
    );
    add('sendRefundAccount', refundId, (of) => decideAccountSent(of, { ...by, refundId }));
  }
  for (const { disputeId, state } of order.disputes) if (state === 'open') addAnswers(add, disputeId, by);
  add('retrySettlement', null, (of) => decideRestore(of, by));
  add('retryStuck', null, (of) => decideRetryStuck(of, by));
  for (const email of emails) add('resendEmail', email._id, (of) => decideResend(of, { ...by, email }));
  add('sendPaymentLink', null, (of) => decidePaymentLink(of, by));
  addCorrections(order, by, add);
  return states;
}

type Add = (action: OrderAction, target: string | null, decide: Decide) => void;

function addAnswers(add: Add, disputeId: string, by: { actor: 'staff:sample'; now: Date }): void {
  const request = { ...by, disputeId, message: SAMPLE.note };
  add('declineDispute', disputeId, (of) => decideAnswer(of, { ...request, resolution: 'decline' }, SAMPLE_KEY.id));
  add('acceptDispute', disputeId, (of) => decideAnswer(of, { ...request, resolution: 'accept' }, SAMPLE_KEY.id));
}

function addShipment(add: Add, shipmentId: string, { now, actor }: { now: Date; actor: Actor }): void {
  const of = { shipmentId, reason: SAMPLE.note, actor, now };
  add('deliver', shipmentId, (order) => decideDelivery(order, of));
  add('undoDeliver', shipmentId, (order) => decideUndoDelivery(order, of));
  add('correctShipment', shipmentId, (order) =>
    decideCorrection(order, { ...of, trackingNumber: ANOTHER_NUMBER, isTold: true }),
  );
  add('voidShipment', shipmentId, (order) => decideVoid(order, of));
}

/** Sample values that differ from any that an order has. */
function addCorrections(order: Order, by: { actor: 'staff:sample'; now: Date }, add: Add): void {
  const text = '\u0000';
  const address = { ...addressOf(order), line1: text };
  add('correctContact', null, (of) => decideContactCorrection(of, { ...by, name: text }));
  add('correctAddress', null, (of) => decideAddressCorrection(of, { ...by, address }));
  add('emptyCorrections', null, (of) => decideEmptyCorrections(of, by));
  add('addNote', null, (of) => decideNote(of, { ...by, key: toActionKey(text, null), text }));
  for (const { key } of order.notes ?? [])
    add('removeNote', key.id, (of) => decideRemoveNote(of, { ...by, noteId: key.id }));
  add('setTags', null, (of) => decideTags(of, { ...by, tags: [text] }));
}

/** A limit may allow a part of a charge where it does not allow the whole. */
function wholeOrPart(request: RefundRequest, limit: number | undefined): Decide {
  return (order) => {
    try {
      return withinRefundLimit((of) => decideRefund(of, request), limit)(order);
    } catch (error) {
      if (!(error instanceof RefundLimitError) || error.left < 1) throw error;
      return decideRefund(order, { ...request, amount: error.left });
    }
  };
}

function stateOf(order: Order, whyNotThem: string | null, decide: Decide): Pick<OrderActionState, 'allowed' | 'why'> {
  if (whyNotThem !== null) return { allowed: false, why: whyNotThem };
  const decision = tryDecide(order, decide);
  const why = 'why' in decision ? decision.why : null;
  return { allowed: why === null, why };
}
