/** The texts for an order's states, as the shopper reads them. */
import type { Order, OrderRefund, OrderSummary, OrderTimelineEntry } from '@orders-module/client';
import type { IconName } from '../../../parts/ui/icon.tsx';
import type { Tone } from '../../../parts/ui/notice.tsx';
import type { PaymentVisit } from '../data/payment.ts';

type OrderState = Pick<OrderSummary, 'status' | 'paymentStatus'>;

export interface OrderHeadline {
  tone: Tone;
  icon: IconName;
  title: string;
  text: string;
}

export function sayOrder(order: Order, visit: PaymentVisit): OrderHeadline {
  if (order.paymentStatus === 'review')
    return {
      tone: 'warn',
      icon: 'clock',
      title: 'We are checking your payment',
      text: 'Something about it needs a closer look by a person. You need not do anything, and please do not pay again.',
    };
  switch (order.status) {
    case 'pending':
      return order.paymentStatus === 'unpaid' ? sayUnpaid(order, visit) : PAID;
    case 'cancelled':
      return sayCancelled(order);
    case 'confirmed':
      return order.partial ? PARTLY_SENT : SETTLED.confirmed;
    case 'shipped':
      return waitsInShop(order) ? READY : SETTLED.shipped;
    default:
      return SETTLED[order.status];
  }
}

const PAID: OrderHeadline = {
  tone: 'info',
  icon: 'clock',
  title: 'Payment received',
  text: 'We are confirming your order. This takes a few seconds; the page changes by itself.',
};

const PARTLY_SENT: OrderHeadline = {
  tone: 'good',
  icon: 'truck',
  title: 'A part of your order has left',
  text: 'See below what is in it and what is still to come; we write to you when the rest leaves.',
};

const READY: OrderHeadline = {
  tone: 'good',
  icon: 'box',
  title: 'Your order is ready to be picked up',
  text: 'It waits for you in our shop. Bring the order number with you.',
};

/** All that has not arrived yet waits to be picked up. */
function waitsInShop({ shipments }: Order): boolean {
  return shipments.every(({ kind, deliveredAt }) => kind === 'pickup' || deliveredAt !== null);
}

const SETTLED: Record<'confirmed' | 'shipped' | 'delivered' | 'refunded', OrderHeadline> = {
  confirmed: {
    tone: 'good',
    icon: 'check',
    title: 'Your order is confirmed',
    text: 'Thank you. It is paid and being packed; we write to you when it leaves.',
  },
  shipped: {
    tone: 'good',
    icon: 'truck',
    title: 'Your order is on its way',
    text: 'All of it has left our shop.',
  },
  delivered: { tone: 'good', icon: 'box', title: 'Your order was delivered', text: 'We hope you enjoy it.' },
  refunded: {
    tone: 'info',
    icon: 'refund',
    title: 'Your order was refunded',
    text: 'All of your money has been sent back.',
  },
};

function sayUnpaid(order: Order, visit: PaymentVisit): OrderHeadline {
  if (order.lastAttemptFailed && order.payable)
    return {
      tone: 'bad',
      icon: 'alert',
      title: 'The payment did not go through',
      text: `You were not charged${saidByBank(order)}. Your order is kept; you can try again, with another card if you like.`,
    };
  if (visit === 'checking')
    return {
      tone: 'info',
      icon: 'clock',
      title: 'Checking your payment',
      text: 'This usually takes a few seconds. Please do not pay again; the page changes by itself.',
    };
  if (visit === 'unsure')
    return {
      tone: 'info',
      icon: 'clock',
      title: 'No word of your payment yet',
      text: 'If you have paid, all is well: banks can be slow, and this page changes by itself. You may also close it; we write to you.',
    };
  if (!order.payable)
    return {
      tone: 'warn',
      icon: 'clock',
      title: 'The time to pay has run out',
      text: 'This order will be cancelled. Should a payment still arrive, it is refunded.',
    };
  return {
    tone: 'warn',
    icon: 'clock',
    title: 'Waiting for your payment',
    text: 'Your order is placed but not paid. The items are sold only once you have paid.',
  };
}

/** The bank's own words, as they came. */
function saidByBank({ lastDecline }: Order): string {
  const words = lastDecline?.bankSays?.trim().replace(/\.+$/, '') ?? '';
  return words === '' ? '' : `: the bank says “${words}”`;
}

function sayCancelled(order: Order): OrderHeadline {
  const refund = order.money !== null ? ' What you paid goes back to you: see below.' : ' You were not charged.';
  const because: Record<NonNullable<Order['cancelReason']>, string> = {
    short_stock: 'When your payment arrived, we no longer had all of it. We are sorry.',
    expired: 'It was not paid in time.',
    by_customer: 'You cancelled it.',
    by_staff: 'We had to cancel it. We are sorry.',
    payment_returned: 'Your payment went back to you before we could confirm it.',
  };
  const { cancelReason } = order;
  return {
    tone: 'bad',
    icon: 'close',
    title: cancelReason === 'short_stock' ? 'Sold out, so we cancelled your order' : 'This order is cancelled',
    text: `${cancelReason === null ? '' : because[cancelReason]}${refund}`.trim(),
  };
}

const REFUNDS: Record<OrderRefund['state'], { title: string; text: string; tone: Tone }> = {
  requested: { tone: 'info', title: 'Refund requested', text: 'We are sending it to Paystack now.' },
  pending: { tone: 'info', title: 'Refund on its way', text: 'Your bank may take up to ten working days to show it.' },
  processed: {
    tone: 'good',
    title: 'Refunded',
    text: 'Paystack has sent it. Your bank may take some days to show it.',
  },
  needs_attention: {
    tone: 'warn',
    title: 'Refund being looked after',
    text: 'It could not be sent by itself. A person is on it and writes to you if something is needed.',
  },
  failed: {
    tone: 'warn',
    title: 'Refund did not arrive',
    text: 'Your bank sent it back. We will pay you another way and write to you.',
  },
};

export function sayRefund({ state }: OrderRefund) {
  return REFUNDS[state];
}

/** The steps of an order without a cancellation or full refund. */
export const STEPS = ['Placed', 'Paid', 'Confirmed', 'Shipped', 'Delivered'] as const;

/** The number of completed steps; null for a cancelled or refunded order. */
export function stepsDone({ status, paymentStatus }: OrderState): number | null {
  if (status === 'cancelled' || status === 'refunded') return null;
  if (status === 'pending') return paymentStatus === 'paid' ? 2 : 1;
  return { confirmed: 3, shipped: 4, delivered: 5 }[status];
}

/** A timeline entry. */
export function sayChange(entry: OrderTimelineEntry, before: OrderTimelineEntry | undefined): string {
  if (before === undefined) return 'Order placed';
  if (entry.status === 'confirmed' && (before.status === 'shipped' || before.status === 'delivered'))
    return 'Some items are to be sent again';
  if (entry.status === 'shipped' && before.status === 'delivered') return 'Not delivered yet';
  if (entry.status !== before.status) return STATUS_CHANGES[entry.status];
  return PAYMENT_CHANGES[entry.paymentStatus];
}

const STATUS_CHANGES: Record<Order['status'], string> = {
  pending: 'Order placed',
  confirmed: 'Order confirmed',
  shipped: 'Sent, or ready to be picked up',
  delivered: 'Delivered',
  cancelled: 'Cancelled',
  refunded: 'Fully refunded',
};

const PAYMENT_CHANGES: Record<Order['paymentStatus'], string> = {
  unpaid: 'Waiting for payment',
  paid: 'Payment received',
  refunding: 'Refund started',
  partially_refunded: 'Partly refunded',
  refunded: 'Refunded',
  review: 'Payment being checked',
};
