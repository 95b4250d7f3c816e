/** The email of a cancelled order: what happened to the order, to the goods and to the money, by the cause. */
import { type Currency, formatMoney } from '../../../models/contract/money.ts';
import type { CancelReason } from '../../../models/contract/statuses.ts';
import type { EmailContent, EmailOrderView } from './email-content.ts';
import { type Action, BANK_DAYS, type Message } from './message.ts';
import { oneLine } from './plain-text.ts';

type Cancelled = Extract<EmailContent, { kind: 'order_cancelled' }>;

interface CauseWords {
  /** Completes the subject "Order CODE is cancelled…". */
  subject: string;
  /** Why the order ended. */
  why: string;
}

const CAUSES: Record<CancelReason, CauseWords> = {
  short_stock: {
    subject: ': out of stock',
    why: 'When your payment arrived, we no longer had everything that you ordered. We are sorry.',
  },
  expired: {
    subject: ': it was not paid in time',
    why: 'We did not receive a payment for it in time, so the order has ended.',
  },
  by_customer: { subject: ', as you asked', why: 'You asked us to cancel your order.' },
  payment_returned: {
    subject: ': your payment went back to you',
    why: 'Your payment, or a part of it, went back to you before we could confirm your order, so the order has ended.',
  },
  by_staff: {
    subject: '',
    why: 'Our staff had to cancel your order. We are sorry; reply to this email if you would like to know more.',
  },
};

export function cancelledMessage(
  content: Cancelled,
  order: EmailOrderView,
  viewOrder: Action,
  refillCart: Action,
): Message {
  const { subject, why } = CAUSES[content.why];
  return {
    subject: `Order ${oneLine(order.code)} is cancelled${subject}`,
    heading: 'Your order is cancelled',
    paragraphs: [
      why,
      content.hasShipped ? 'What has not been sent yet will not be sent.' : 'Nothing of this order will be sent.',
    ],
    ...moneyOf(content, order.currency),
    // The items are offered only where the order ended without them, and not by the customer.
    actions: content.why === 'by_customer' || content.hasShipped ? [viewOrder] : [refillCart, viewOrder],
  };
}

/** The sums that went back and are on their way, or that nothing was paid. */
function moneyOf(
  { amount, returned = 0, underWay = 0, currency: given }: Cancelled,
  orderCurrency: Currency,
): Pick<Message, 'preview' | 'facts' | 'next'> {
  const worded = (subunits: number) => formatMoney({ amount: subunits, currency: given ?? orderCurrency });
  const onItsWay = (amount ?? 0) + underWay;
  if (onItsWay + returned === 0)
    return {
      preview: 'You have not been charged.',
      facts: [],
      next: 'You have not been charged for it. Should a payment still arrive, we return it to you in full.',
    };
  const before = returned > 0 ? `${worded(returned)} has already been returned to you. ` : '';
  const facts: Message['facts'] = [];
  if (returned > 0) facts.push(['Returned before', worded(returned)]);
  if (onItsWay > 0) facts.push(['Refund', worded(onItsWay)]);
  if (onItsWay === 0)
    return {
      preview: `${worded(returned)} has already been returned to you.`,
      facts,
      next: `${before}You need not do anything. ${BANK_DAYS}`,
    };
  return {
    preview: `We are returning ${worded(onItsWay)} to you.`,
    facts,
    next: `${before}We are returning ${worded(onItsWay)} to the card or account that you paid with, and write again when it is done. ${BANK_DAYS}`,
  };
}
