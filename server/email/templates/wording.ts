/** The words of each kind of email, without markup: the layouts escape every value. */
import { type Currency, formatMoney } from '../../../models/contract/money.ts';
import type { RefundCause } from '../../../models/contract/statuses.ts';
import { cancelledMessage } from './cancelled-wording.ts';
import type { EmailContent, EmailOrderView } from './email-content.ts';
import { type Action, BANK_DAYS, type Links, type Message } from './message.ts';
import { oneLine } from './plain-text.ts';
import { reviewMessage } from './review-wording.ts';
import { writeShipmentMessage } from './shipment-wording.ts';

/** null: the email gives no reason. */
const REFUNDED_BECAUSE: Record<RefundCause, string | null> = {
  short_stock: 'Somebody else bought the last of what you ordered, so we could not fulfil your order.',
  expired: 'Your order was no longer open when your payment arrived.',
  by_customer: 'You cancelled your order.',
  by_staff: 'Our staff cancelled your order.',
  duplicate_payment: 'Your order was paid more than once; we keep one payment and return this one.',
  late_payment: 'Your payment arrived after the order had ended.',
  review: 'Your payment did not agree with your order, so we return it.',
  staff: 'Our staff agreed a refund for your order.',
  external: null,
};

/** Amounts without a currency of their own are in the order's. */
export function writeMessage(content: EmailContent, order: EmailOrderView, links: Links): Message {
  const code = oneLine(order.code);
  const viewOrder: Action = { label: 'View your order', url: links.order };
  const refillCart: Action = { label: 'Put the items back in your cart', url: links.refillCart };
  switch (content.kind) {
    case 'order_confirmed':
      return {
        subject: `Order ${code} is confirmed`,
        heading: 'Thank you, your order is confirmed',
        preview: 'We have your payment and your items are set aside.',
        paragraphs: ['We have received your payment, and every item of your order is set aside for you.'],
        facts: [],
        next: 'We are packing your order now. We will write again as soon as it is on its way.',
        actions: [viewOrder],
      };
    case 'order_cancelled':
      return cancelledMessage(content, order, viewOrder, refillCart);
    case 'order_shipped':
    case 'order_delivered':
    case 'tracking_corrected':
      return writeShipmentMessage(content, code, viewOrder);
    case 'refund_started':
      return refundStarted(content, order, viewOrder, refillCart);
    case 'refund_done':
      return {
        subject: `${money(content.amount, content.currency ?? order.currency)} for order ${code} has been refunded`,
        heading: 'Your refund is complete',
        preview: `${money(content.amount, content.currency ?? order.currency)} has been returned to you.`,
        paragraphs: [`We have returned ${money(content.amount, content.currency ?? order.currency)} to you.`],
        facts: [['Refunded', money(content.amount, content.currency ?? order.currency)]],
        next: BANK_DAYS,
        actions: [viewOrder],
      };
    case 'payment_review':
      return reviewMessage(content.why ?? null, code, viewOrder);
    case 'payment_link':
      return paymentLink(content.payable, order, viewOrder);
  }
}

function paymentLink(payable: boolean, { code, total, currency }: EmailOrderView, viewOrder: Action): Message {
  const named = `order ${oneLine(code)}`;
  if (!payable)
    return {
      subject: `There is nothing to pay for ${named}`,
      heading: 'There is nothing to pay',
      preview: 'Please do not pay again.',
      paragraphs: [
        'We wanted to send you the link to pay your order. In the meantime it was paid or has ended, so please do not pay it.',
      ],
      facts: [],
      next: 'The page of your order says how it stands.',
      actions: [viewOrder],
    };
  const worded = money(total, currency);
  return {
    subject: `Pay for ${named}`,
    heading: 'Your order waits for your payment',
    preview: `${worded} is to be paid.`,
    paragraphs: ['Your order is placed but not paid yet. The items are sold to you once you have paid.'],
    facts: [['To pay', worded]],
    next: 'The button leads to your order, where you can pay it. You may be asked to sign in. If you have paid already, you need not do anything.',
    actions: [{ label: 'Pay for your order', url: viewOrder.url }],
  };
}

function refundStarted(
  content: Extract<EmailContent, { kind: 'refund_started' }>,
  order: EmailOrderView,
  viewOrder: Action,
  refillCart: Action,
): Message {
  const amount = money(content.amount, content.currency ?? order.currency);
  const because = content.why === null ? null : REFUNDED_BECAUSE[content.why];
  return {
    subject: `We are returning ${amount} for order ${oneLine(order.code)}`,
    heading: 'Your money is on its way back',
    preview: `We are returning ${amount} to you.`,
    paragraphs: [
      ...(because === null ? [] : [because]),
      `We are returning ${amount} to the card or account that you paid with.`,
    ],
    facts: [['Refund', amount]],
    next: `We will write again when it is done. ${BANK_DAYS} If you still want the items, one click puts them back in your cart.`,
    actions: [refillCart, viewOrder],
  };
}

function money(amount: number, currency: Currency): string {
  return formatMoney({ amount, currency });
}
