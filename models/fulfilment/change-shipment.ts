/** Shared by the changes of one shipment. Pure. */
import { notFound } from '../errors.ts';
import { conflict } from '../order/guards.ts';
import type { Order, Shipment } from '../order/order-document.ts';
import { isSoldStatus } from '../order/status.ts';
import { findShipment } from '../order/units.ts';

/** Throws NOT_FOUND. */
export function getShipment(order: Order, shipmentId: string): Shipment {
  const shipment = findShipment(order, shipmentId);
  if (shipment === null) throw notFound('Shipment');
  return shipment;
}

export function replaceShipment({ shipments = [] }: Order, shipment: Shipment): Shipment[] {
  return shipments.map((other) => (other.shipmentId === shipment.shipmentId ? shipment : other));
}

/** With the reason of the change that is being decided, under the number that its history entry will have. */
export function withReason(order: Order, shipment: Shipment, text: string): Shipment {
  return { ...shipment, reasons: [...(shipment.reasons ?? []), { seq: order.version + 1, text }] };
}

export function assertNotVoided(order: Order, { voidedAt }: Shipment): void {
  if (voidedAt !== undefined) throw conflict(order, 'this shipment is voided');
}

export function assertNotEnded(order: Order): void {
  if (!isSoldStatus(order.status)) throw conflict(order, `the order has ended: it is ${order.status}`);
}
