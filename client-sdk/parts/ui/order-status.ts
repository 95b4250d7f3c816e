import type { OrderSummary } from '@orders-module/client';
import type { Tone } from './notice.tsx';

export type OrderState = Pick<OrderSummary, 'status' | 'paymentStatus'>;

/** For a badge. */
export function sayStatus({ status, paymentStatus }: OrderState): { text: string; tone: Tone } {
  if (paymentStatus === 'review') return { text: 'Payment being checked', tone: 'warn' };
  if (status === 'pending')
    return paymentStatus === 'unpaid' ? { text: 'Waiting for payment', tone: 'warn' } : { text: 'Paid', tone: 'info' };
  if (status === 'cancelled') return { text: 'Cancelled', tone: 'bad' };
  if (status === 'refunded') return { text: 'Refunded', tone: 'info' };
  if (status === 'confirmed') return { text: 'Confirmed', tone: 'good' };
  if (status === 'shipped') return { text: 'On its way', tone: 'good' };
  return { text: 'Delivered', tone: 'good' };
}
