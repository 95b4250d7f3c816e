/** The emails about money that goes back: why, how much, for what, and what becomes of the order. By the refund's cause. */
import { type Currency, formatMoney } from '../../../models/contract/money.ts';
import type { RefundCause } from '../../../models/contract/statuses.ts';
import type { EmailContent, EmailOrderView, EmailUnits } from './email-content.ts';
import { type Action, BANK_DAYS, type Message } from './message.ts';
import { oneLine } from './plain-text.ts';

/** null: the email gives no reason. */
const BECAUSE: Record<RefundCause, string | null> = {
  short_stock: 'We no longer had everything that you ordered, so we could not fulfil your order. We are sorry.',
  expired: 'Your order was no longer open when your payment arrived.',
  by_customer: 'You cancelled your order.',
  by_staff: 'Our staff cancelled your order.',
  payment_returned: 'A part of your payment went back to you before your order was confirmed, so we return the rest.',
  duplicate_payment: 'Your order was paid more than once; we keep one payment and return this one.',
  late_payment: 'Your payment arrived after the order had ended.',
  review: 'Your payment did not agree with your order, so we return it.',
  staff: 'Our staff agreed a refund for your order.',
  unavailable: 'We cannot send everything that you ordered. We are sorry.',
  returned: 'You sent something of your order back to us.',
  damaged: 'Something of your order was not as it should be. We are sorry.',
  not_arrived: 'Something of your order did not reach you. We are sorry.',
  external: null,
};

type Started = Extract<EmailContent, { kind: 'refund_started' }>;
type Done = Extract<EmailContent, { kind: 'refund_done' }>;

interface OrderActions {
  viewOrder: Action;
  refillCart: Action;
}

export function refundStarted(content: Started, order: EmailOrderView, actions: OrderActions): Message {
  const amount = moneyOf(content, order.currency);
  const because = content.why === null ? null : BECAUSE[content.why];
  return {
    subject: `We are returning ${amount} for order ${oneLine(order.code)}`,
    heading: `${amount} is on its way back to you`,
    preview: `We are returning ${amount} to you.`,
    paragraphs: [
      ...(because === null ? [] : [because]),
      `We are returning ${amount} to the card or account that you paid with.`,
      ...unitsOf(content),
      ...fateOf(content),
    ],
    facts: [['Refund', amount]],
    next: `We will write again when the money has been sent. ${BANK_DAYS}${offerOf(content)}`,
    actions: actionsOf(content, actions),
  };
}

const DONE_BY: Record<NonNullable<Done['by']>, (amount: string) => string> = {
  shop: (amount) => `We have returned ${amount} to you.`,
  bank: (amount) => `Your bank has decided your claim about this payment, and ${amount} has been returned to you.`,
  elsewhere: (amount) => `We have paid ${amount} back to you ourselves, as agreed with our staff.`,
};
/** Banks show nothing of it. */
const NOT_AT_BANK =
  'It does not appear on the card or account that you paid with. If you have not got it, reply to this email.';

export function refundDone(content: Done, order: EmailOrderView, actions: OrderActions): Message {
  const amount = moneyOf(content, order.currency);
  return {
    subject: `${amount} for order ${oneLine(order.code)} has been refunded`,
    heading: `${amount} has been returned to you`,
    preview: `${amount} has been returned to you.`,
    paragraphs: [DONE_BY[content.by ?? 'shop'](amount), ...fateOf(content)],
    facts: [['Refunded', amount]],
    next: `${content.by === 'elsewhere' ? NOT_AT_BANK : BANK_DAYS}${offerOf(content)}`,
    actions: actionsOf(content, actions),
  };
}

function moneyOf({ amount, currency }: Started | Done, orderCurrency: Currency): string {
  return formatMoney({ amount, currency: currency ?? orderCurrency });
}

function unitsOf({ units, delivery }: Started): string[] {
  const parts = [...units.map(nameOf), ...(delivery ? ['the delivery'] : [])];
  return parts.length === 0 ? [] : [`It is for ${listOf(parts)}.`];
}

/** The future of the order. The end of an order has an email of its own. */
function fateOf({ order, coming }: Started | Done): string[] {
  const units = listOf(coming.map(nameOf));
  if (order === 'stands')
    return [
      coming.length > 0
        ? `Your order stands. Still to come: ${units}.`
        : 'Your order stands. All else of it has been sent.',
    ];
  if (order === 'ends') return coming.length > 0 ? [`Your order ends with it: ${units} will not be sent.`] : [];
  return [];
}

/** Only where the order has ended without its items, and not by the customer. */
function isOffered({ order, hasShipped, why }: Started | Done): boolean {
  return order === 'ended' && !hasShipped && why !== 'by_customer';
}

function offerOf(content: Started | Done): string {
  return isOffered(content) ? ' If you still want the items, one click puts them back in your cart.' : '';
}

function actionsOf(content: Started | Done, { viewOrder, refillCart }: OrderActions): [Action, ...Action[]] {
  return isOffered(content) ? [viewOrder, refillCart] : [viewOrder];
}

function nameOf({ title, variant, quantity }: EmailUnits): string {
  return `${quantity} × ${[oneLine(title), oneLine(variant)].filter((part) => part !== '').join(', ')}`;
}

function listOf(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join('; ')} and ${parts.at(-1)}`;
}
