/** The words of each kind of email, without markup: the layouts escape every value. */
import { type Currency, formatMoney } from '../../../models/contract/money.ts';
import type { RefundCause } from '../../../models/contract/statuses.ts';
import type { EmailContent, EmailOrderView } from './email-content.ts';
import { oneLine } from './plain-text.ts';

/** An email before it is laid out. */
export interface Message {
  subject: string;
  heading: string;
  /** Shown in the inbox beside the subject. */
  preview: string;
  paragraphs: string[];
  /** Label and value pairs, e.g. a tracking number. */
  facts: [label: string, value: string][];
  /** The next step for the reader, in one or two sentences. */
  next: string;
  /** The first is shown as a button. */
  actions: [Action, ...Action[]];
}

export interface Action {
  label: string;
  url: string;
}

export interface Links {
  order: string;
  refillCart: string;
}

const CANCELLED_BECAUSE: Record<Extract<EmailContent, { kind: 'order_cancelled' }>['why'], string> = {
  short_stock: 'While your payment was on its way, somebody else bought the last of what you ordered. We are sorry.',
  expired: 'We did not receive a payment for it in time, so we no longer keep it open.',
  by_customer: 'You asked us to cancel it.',
  by_staff: 'Our staff had to cancel it. We are sorry; reply to this email if you would like to know more.',
};

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

const BANK_DAYS = 'Banks take up to 10 working days to show it on the card or account that you paid with.';

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
      return cancelled(content, order, viewOrder, refillCart);
    case 'order_shipped':
      return {
        subject: `Order ${code} is on its way`,
        heading: 'Your order is on its way',
        preview: `Sent with ${oneLine(content.carrier)}.`,
        paragraphs: ['We have handed your parcel to the carrier.'],
        facts: [
          ['Carrier', content.carrier],
          ['Tracking number', content.trackingNumber],
        ],
        next: 'With the tracking number the carrier can tell you where your parcel is.',
        actions: [viewOrder],
      };
    case 'order_delivered':
      return {
        subject: `Order ${code} has been delivered`,
        heading: 'Your order has been delivered',
        preview: 'We hope that you like it.',
        paragraphs: ['The carrier tells us that your parcel has arrived. We hope that you like what is in it.'],
        facts: [],
        next: 'If anything is missing or not as it should be, reply to this email and we will put it right.',
        actions: [viewOrder],
      };
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
      return {
        subject: `We are checking your payment for order ${code}`,
        heading: 'We are checking your payment',
        preview: 'Your money is safe; a person is looking at it.',
        paragraphs: [
          'We have a payment for your order, but it does not agree with what we expected. A member of our staff is looking at it.',
        ],
        facts: [],
        next: 'You need not do anything, and please do not pay again. We will either confirm your order or return your money, and tell you which.',
        actions: [viewOrder],
      };
  }
}

function cancelled(
  content: Extract<EmailContent, { kind: 'order_cancelled' }>,
  order: EmailOrderView,
  viewOrder: Action,
  refillCart: Action,
): Message {
  const { why } = content;
  return {
    subject: `Order ${oneLine(order.code)} is cancelled`,
    heading: 'Your order is cancelled',
    paragraphs: [CANCELLED_BECAUSE[why]],
    ...moneyOfCancelled(content, order.currency),
    // Customers who cancelled the order themselves are not invited to place it again.
    actions: why === 'by_customer' ? [viewOrder] : [refillCart, viewOrder],
  };
}

/** Three cases: a refund is under way, it was made before, or nothing was paid. */
function moneyOfCancelled(
  { amount, returned = false, currency: given }: Extract<EmailContent, { kind: 'order_cancelled' }>,
  orderCurrency: Currency,
): Pick<Message, 'preview' | 'facts' | 'next'> {
  if (amount !== null) {
    const worded = money(amount, given ?? orderCurrency);
    return {
      preview: 'Your money is on its way back to you.',
      facts: [['Refund', worded]],
      next: `We are returning ${worded} to you. ${BANK_DAYS}`,
    };
  }
  return returned
    ? {
        preview: 'What you paid has already been returned to you.',
        facts: [],
        next: `What you paid for it has already been returned to you, and nothing more is to be done. ${BANK_DAYS}`,
      }
    : {
        preview: 'You have not been charged.',
        facts: [],
        next: 'You have not been charged for it, and nothing more is to be done.',
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
