/** The evidence against a dispute, drafted from the order; staff correct it before it is sent. Pure. */
import { MAX_LENGTH } from '../../contract/limits.ts';
import { addressOf, contactOf } from '../../order/contact.ts';
import type { Order } from '../../order/order-document.ts';
import { liveShipments } from '../../order/units.ts';
import { dayOf, formatInstant } from '../../shop-time.ts';
import type { DisputeEvidence } from './answer-document.ts';

type Sold = Pick<
  Order,
  'code' | 'createdAt' | 'items' | 'shipments' | 'contact' | 'contactSnapshot' | 'deliverTo' | 'shippingAddressSnapshot'
>;

/** Days and times are those of the shop's time zone. */
export function draftEvidence(order: Sold, timeZone: string): DisputeEvidence {
  const address = addressOf(order);
  const { email, name } = contactOf(order);
  const deliveredAt = lastDelivery(order);
  return {
    customerEmail: email,
    customerName: name,
    customerPhone: address.phone,
    serviceDetails: detailsOf(order, timeZone).slice(0, MAX_LENGTH.serviceDetails),
    deliveryAddress: lineOf(address),
    ...(deliveredAt === undefined ? {} : { deliveryDate: dayOf(deliveredAt, timeZone) }),
  };
}

function detailsOf(order: Sold, timeZone: string): string {
  const at = (instant: Date) => formatInstant(instant, timeZone);
  const items = order.items.map(
    ({ quantity, productSnapshot, variantSnapshot }) =>
      `${quantity} × ${[productSnapshot.title, variantSnapshot.title].filter((title) => title !== '').join(', ')}`,
  );
  const parcels = liveShipments(order).map(({ kind, carrier, trackingNumber, shippedAt, deliveredAt }) =>
    [
      kind === 'pickup' ? `ready for pick-up on ${at(shippedAt)}` : `sent on ${at(shippedAt)}`,
      ...(carrier === undefined ? [] : [`with ${carrier}`]),
      ...(trackingNumber === undefined ? [] : [`tracking number ${trackingNumber}`]),
      ...(deliveredAt === undefined ? [] : [`${kind === 'pickup' ? 'collected' : 'delivered'} on ${at(deliveredAt)}`]),
    ].join(', '),
  );
  return [
    `Order ${order.code} of ${at(order.createdAt)}: ${items.join('; ')}.`,
    ...(parcels.length === 0 ? ['Nothing of it was sent yet.'] : parcels.map((parcel) => `Goods ${parcel}.`)),
  ].join(' ');
}

function lastDelivery(order: Sold): Date | undefined {
  return liveShipments(order)
    .flatMap(({ deliveredAt }) => deliveredAt ?? [])
    .sort((a, b) => Number(b) - Number(a))[0];
}

function lineOf({ line1, line2, city, state, postalCode, country }: Order['shippingAddressSnapshot']): string {
  return [line1, line2, city, state, postalCode, country]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}
