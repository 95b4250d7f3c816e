import type { Order } from '../order/order-document.ts';
import { liveShipments } from '../order/units.ts';
import type { Tracking } from './create-shipment.ts';
import { foldName } from './tracking-link.ts';

/** True when a live shipment of the order has this tracking number, in any case and spacing: the same file came again. */
export function isShippedBefore(order: Pick<Order, 'shipments'>, { trackingNumber }: Tracking): boolean {
  if (trackingNumber === undefined) return false;
  const wanted = compact(trackingNumber);
  return liveShipments(order).some((shipment) => compact(shipment.trackingNumber ?? '') === wanted);
}

function compact(trackingNumber: string): string {
  return foldName(trackingNumber).replaceAll(' ', '');
}
