/** The words of each kind of email, without markup: the layouts escape every value. */
import { type Currency, formatMoney } from '../../../models/contract/money.ts';
import { cancelledMessage } from './cancelled-wording.ts';
import type { EmailContent, EmailOrderView } from './email-content.ts';
import type { Action, Links, Message } from './message.ts';
import { oneLine } from './plain-text.ts';
import { refundDone, refundStarted } from './refund-wording.ts';
import { reviewMessage } from './review-wording.ts';
import { writeShipmentMessage } from './shipment-wording.ts';

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
      return refundStarted(content, order, { viewOrder, refillCart });
    case 'refund_done':
      return refundDone(content, order, { viewOrder, refillCart });
    case 'payment_review':
      return reviewMessage(content.why ?? null, code, viewOrder);
    case 'payment_link':
      return paymentLink(content.payable, order, viewOrder);
    case 'payment_reminder':
      return paymentReminder(order, viewOrder);
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

function paymentReminder({ code, total, currency }: EmailOrderView, viewOrder: Action): Message {
  const worded = money(total, currency);
  return {
    subject: `Order ${oneLine(code)} is not paid yet`,
    heading: 'Your order is not paid yet',
    preview: `${worded} is to be paid.`,
    paragraphs: [
      'You placed this order, and we have not received your payment. The items are sold to you once you have paid.',
    ],
    facts: [['To pay', worded]],
    next: 'The button leads to your order, where you can pay it or cancel it. You may be asked to sign in. If you have just paid, you need not do anything. We write this once only.',
    actions: [{ label: 'Pay for your order', url: viewOrder.url }],
  };
}

function money(amount: number, currency: Currency): string {
  return formatMoney({ amount, currency });
}
