import type { StaffOrder } from '@orders-module/client';
import { isAllowed } from '../data/staff-actions.ts';
import { sayAge } from '../orders/age.ts';

/** The next step of an order that goes its usual way; what needs attention is said above. */
export function ToDo({ order }: { order: StaffOrder }) {
  const text = todoOf(order, Date.now());
  return text === null ? null : (
    <p className="todo">
      <b>To be done now:</b> {text}
    </p>
  );
}

/** null when nothing is to be done by this person. */
export function todoOf(order: StaffOrder, now: number): string | null {
  if (order.attention.length > 0) return 'what is said above.';
  const units = order.items.reduce((sum, { toShip }) => sum + toShip, 0);
  if (units > 0 && isAllowed(order, 'ship'))
    return `ship ${units === 1 ? '1 unit' : `${units} units`}, ordered ${sayAge(order.createdAt, now)} ago.`;
  if (isAllowed(order, 'sendPaymentLink'))
    return `nothing yet: it waits for the payment since ${sayAge(order.createdAt, now)}. A link to pay can be sent.`;
  const travelling = order.shipments.filter(({ deliveredAt, voidedAt }) => deliveredAt === null && voidedAt === null);
  if (travelling.length === 0) return null;
  const parcels = travelling.length === 1 ? '1 parcel' : `${travelling.length} parcels`;
  return `say when ${parcels} arrived.`;
}
