/** Shipments as the owner and as staff see them, and what happened to them in words for staff. */
import type { z } from 'zod';
import type { OrderView } from '../../../models/contract/orders.ts';
import type { staffShipment } from '../../../models/contract/staff/shipments.ts';
import type { HistoryEntry } from '../../../models/order/history.ts';
import type { Order, Shipment } from '../../../models/order/order-document.ts';
import { findShipment } from '../../../models/order/units.ts';

const iso = (at: Date | undefined) => at?.toISOString() ?? null;

export function toShipment(shipment: Shipment): OrderView['shipments'][number] {
  const { shipmentId, kind, lines, carrier, trackingNumber, trackingUrl, shippedAt, deliveredAt } = shipment;
  return {
    id: shipmentId,
    kind,
    lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    carrier: carrier ?? null,
    trackingNumber: trackingNumber ?? null,
    trackingUrl: trackingUrl ?? null,
    shippedAt: shippedAt.toISOString(),
    deliveredAt: iso(deliveredAt),
  };
}

export function toStaffShipment(shipment: Shipment): z.output<typeof staffShipment> {
  const { by, voidedAt, reasons = [] } = shipment;
  return { ...toShipment(shipment), by, voidedAt: iso(voidedAt), reasons: reasons.map(({ text }) => text) };
}

type ShipmentEntry = Extract<HistoryEntry, { data: { shipmentId: string } }>;

/** The shipment is described as it is stored now. */
export function describeShipmentStep(order: Order, { type, data, seq }: ShipmentEntry): string {
  const shipment = findShipment(order, data.shipmentId);
  const what = describeShipment(shipment);
  const isPickup = shipment?.kind === 'pickup';
  const reason = shipment?.reasons?.find((one) => one.seq === seq)?.text;
  const why = reason === undefined ? '' : `: ${reason}`;
  switch (type) {
    case 'shipment_created':
      return isPickup
        ? `ready to be picked up${unitsText(order, shipment)}`
        : `shipped ${what}${unitsText(order, shipment)}`;
    case 'shipment_delivered':
      return isPickup ? 'picked up' : `delivered: the parcel ${what}`;
    case 'shipment_corrected':
      return `tracking corrected before the customer was told: ${what}`;
    case 'tracking_corrected':
      return `tracking corrected: ${what}`;
    case 'shipment_voided':
      return `${isPickup ? 'pick-up' : `parcel ${what}`} voided${why}`;
    case 'delivery_undone':
      return `${isPickup ? 'pick-up' : `delivery of the parcel ${what}`} was recorded by mistake${why}`;
  }
}

/** Completes "shipped …" and "the parcel …". */
function describeShipment(shipment: Shipment | null): string {
  const { carrier, trackingNumber } = shipment ?? {};
  const by = carrier === undefined ? 'by our own rider' : `with ${carrier}`;
  return trackingNumber === undefined ? by : `${by}, ${trackingNumber}`;
}

/** Empty for a shipment of the whole order. */
function unitsText({ items }: Order, shipment: Shipment | null): string {
  const lines = shipment?.lines ?? [];
  const quantities = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
  if (items.every(({ quantity }, index) => quantities.get(index + 1) === quantity)) return '';
  const parts = lines.map(({ lineId, quantity }) => `${quantity} × ${items[lineId - 1]?.variantSnapshot.sku ?? ''}`);
  return ` (${parts.join(', ')})`;
}
