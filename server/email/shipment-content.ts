import type { Email } from '../../models/messaging/email-document.ts';
import type { Order, ShipmentLine } from '../../models/order/order-document.ts';
import { findShipment, liveShipments, unitsLeftToShip } from '../../models/order/units.ts';
import type { EmailShipment, EmailUnits } from './templates/email-content.ts';

/** The shipment that the email names, as it is stored now. Throws when the order has no such shipment. */
export function toEmailShipment({ _id, data: { shipmentId = '' } }: Email, order: Order): EmailShipment {
  const shipment = findShipment(order, shipmentId);
  if (shipment === null) throw new Error(`Email ${_id} is about an unknown shipment.`);
  const { kind, lines, carrier, trackingNumber, trackingUrl, deliveredAt, voidedAt } = shipment;
  const remaining = unitsLeftToShip(order);
  const isAlone = liveShipments(order).every((other) => other.shipmentId === shipmentId);
  return {
    kind,
    carrier: carrier ?? null,
    trackingNumber: trackingNumber ?? null,
    trackingUrl: trackingUrl ?? null,
    state: voidedAt !== undefined ? 'voided' : deliveredAt !== undefined ? 'delivered' : 'under_way',
    isWhole: isAlone && remaining.length === 0,
    units: toUnits(order, lines),
    remaining: toUnits(order, remaining),
  };
}

function toUnits({ items }: Order, lines: readonly ShipmentLine[]): EmailUnits[] {
  return lines.flatMap(({ lineId, quantity }) => {
    const item = items[lineId - 1];
    if (item === undefined) return [];
    return [{ title: item.productSnapshot.title, variant: item.variantSnapshot.title, quantity }];
  });
}
