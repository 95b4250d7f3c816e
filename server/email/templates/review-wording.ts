/** The email about money in review, by the cause of the review. */
import type { ReviewCause } from '../../../models/contract/statuses.ts';
import type { Action, Message } from './message.ts';

const CAUSES: Record<ReviewCause, string> = {
  other_domain: 'Paystack reports the payment for your order as a test, and not as real money.',
  other_currency: 'We have a payment for your order, but in another currency than the order is priced in.',
  other_amount: 'We have a payment for your order, but not of the amount that the order costs.',
  underpaid: 'We have a payment for your order, but of less than the order costs.',
  reversed_unexplained:
    'Paystack reports that some or all of the payment for your order was taken back, without saying why.',
  external_refund: 'Some of the payment for your order went back to you before the order was confirmed.',
};

/** `why` is null in emails that were queued without their cause. */
export function reviewMessage(why: ReviewCause | null, code: string, viewOrder: Action): Message {
  const because = why === null ? 'The payment for your order is not what we expected.' : CAUSES[why];
  return {
    subject: `We are checking your payment for order ${code}`,
    heading: 'We are checking your payment',
    preview: 'A member of our staff is looking at it. Please do not pay again.',
    paragraphs: [because, 'A member of our staff is looking at it. Your order stays as it is in the meantime.'],
    facts: [],
    next: 'You need not do anything, and please do not pay again. We write to you as soon as something changes for your order or your money.',
    actions: [viewOrder],
  };
}
