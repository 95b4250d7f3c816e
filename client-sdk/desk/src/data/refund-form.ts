/** The fields of the refund dialog as the input of admin.refund, and the amount that they propose. */
import {
  parseMoney,
  proposeRefund,
  type RefundInput,
  type RefundProposal,
  type StaffOrder,
} from '@orders-module/client';
import { FormError } from '../../../parts/data/errors.ts';

export type RefundCause = NonNullable<RefundInput['cause']>;

export const REFUND_CAUSES: readonly [RefundCause, string][] = [
  ['staff', 'We agreed it with the customer'],
  ['unavailable', 'We cannot send it'],
  ['returned', 'The customer sent it back'],
  ['damaged', 'It was broken or not as described'],
  ['not_arrived', 'It did not arrive'],
];

/** The lines of the order with units that a refund may still take. */
export function refundableLines({ items, status }: StaffOrder) {
  if (status === 'cancelled' || status === 'refunded') return [];
  return items
    .map((item) => ({ ...item, withCustomer: item.shipped - item.givenBack }))
    .filter(({ toShip, withCustomer }) => toShip + withCustomer > 0);
}

export const fieldOf = (kind: 'unshipped' | 'shipped' | 'restock', lineId: number) => `${kind}-${lineId}`;

const countOf = (form: FormData, name: string) => Number(form.get(name) ?? 0) || 0;

function chosenLines(order: StaffOrder, form: FormData) {
  return refundableLines(order)
    .map(({ lineId }) => ({
      lineId,
      unshipped: countOf(form, fieldOf('unshipped', lineId)),
      shipped: countOf(form, fieldOf('shipped', lineId)),
      restock: countOf(form, fieldOf('restock', lineId)),
    }))
    .filter(({ unshipped, shipped }) => unshipped + shipped > 0);
}

/** null before the order is paid. */
export function proposalOf(order: StaffOrder, form: FormData): RefundProposal | null {
  const { refundable, items, shippingFee } = order;
  if (refundable === null) return null;
  const lines = items.map(({ lineId, unitPrice, toShip, shipped, givenBack }) => ({
    lineId,
    unitPrice,
    toShip,
    withCustomer: shipped - givenBack,
  }));
  const { deliveryRefunded, remaining: left } = refundable;
  const chosen = { lines: chosenLines(order, form), delivery: form.get('delivery') !== null };
  return proposeRefund({ lines, shippingFee, deliveryRefunded, left }, chosen);
}

/** Throws FormError for an amount that is none. */
export function refundInputOf(order: StaffOrder, form: FormData) {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const typed = text('amount');
  const amount = typed === '' ? undefined : parseMoney(typed, order.refundable?.currency ?? order.currency);
  if (amount === null || amount === 0) throw new FormError('That is not an amount. Write it like 1500 or 1500.50.');
  const cause = REFUND_CAUSES.find(([name]) => name === text('cause'))?.[0];
  const note = text('note');
  return {
    id: order.id,
    lines: chosenLines(order, form),
    delivery: form.get('delivery') !== null,
    ...(amount === undefined ? {} : { amount }),
    ...(cause === undefined ? {} : { cause }),
    ...(note === '' ? {} : { note }),
    ...(form.get('keepRest') === null ? {} : { restockRest: false }),
  };
}
