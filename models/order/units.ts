/**
 * The units of an order's lines: how many are to be shipped, were shipped, withdrawn and given back. All of it, and the
 * status of a sold order, is derived from items, shipments and refunds. Pure.
 */
import type { OrderStatus } from '../contract/statuses.ts';
import type { Order, OrderItem, Refund, Shipment, ShipmentLine } from './order-document.ts';
import { isSoldStatus, type SoldStatus } from './status.ts';

/** The part of an order that its units are derived from. */
export interface OrderWithUnits {
  items: readonly Pick<OrderItem, 'quantity'>[];
  refunds: readonly Pick<Refund, 'lines'>[];
  shipments?: readonly ShippedUnits[];
}

type ShippedUnits = Pick<Shipment, 'lines' | 'voidedAt' | 'deliveredAt'>;

/** Counts of units of one line. */
export interface LineUnits {
  /** The line's place in the order, from 1. */
  lineId: number;
  ordered: number;
  /** Withdrawn before they were shipped, also by a refund that failed later. */
  unshipped: number;
  /** In shipments that are not voided. */
  shipped: number;
  /** ordered − unshipped − shipped; 0 or more in a consistent order. */
  toShip: number;
  /** Of the shipped ones, those that came back. */
  givenBack: number;
  /** Of the withdrawn and the given back, those that went into stock. */
  restocked: number;
}

/** One entry for each line, in the order of the lines. */
export function unitsByLine(order: OrderWithUnits): LineUnits[] {
  const units = order.items.map(
    ({ quantity: ordered }, index): LineUnits => ({
      lineId: index + 1,
      ordered,
      unshipped: 0,
      shipped: 0,
      toShip: ordered,
      givenBack: 0,
      restocked: 0,
    }),
  );
  for (const { lineId, unshipped, shipped, restock } of order.refunds.flatMap(({ lines = [] }) => lines)) {
    const line = units[lineId - 1];
    if (line === undefined) continue;
    line.unshipped += unshipped;
    line.toShip -= unshipped;
    line.givenBack += shipped;
    line.restocked += restock;
  }
  for (const { lineId, quantity } of liveShipments(order).flatMap(({ lines }) => lines)) {
    const line = units[lineId - 1];
    if (line === undefined) continue;
    line.shipped += quantity;
    line.toShip -= quantity;
  }
  return units;
}

/** The units that are still to be shipped, by line; none once the order has ended. */
export function unitsLeftToShip(order: OrderWithUnits & { status: OrderStatus }): ShipmentLine[] {
  if (order.status === 'cancelled' || order.status === 'refunded') return [];
  return unitsByLine(order)
    .filter(({ toShip }) => toShip > 0)
    .map(({ lineId, toShip }) => ({ lineId, quantity: toShip }));
}

/** In the order of their creation. */
export function liveShipments<S extends Pick<Shipment, 'voidedAt'>>({
  shipments = [],
}: {
  shipments?: readonly S[];
}): S[] {
  return shipments.filter(({ voidedAt }) => voidedAt === undefined);
}

export function findShipment({ shipments = [] }: Pick<Order, 'shipments'>, shipmentId: string): Shipment | null {
  return shipments.find((shipment) => shipment.shipmentId === shipmentId) ?? null;
}

/** The status that follows from the lines of a sold order that has not ended. */
export function statusOfUnits(order: OrderWithUnits): SoldStatus {
  const shipments = liveShipments(order);
  if (shipments.length === 0 || unitsByLine(order).some(({ toShip }) => toShip > 0)) return 'confirmed';
  return shipments.every(({ deliveredAt }) => deliveredAt !== undefined) ? 'delivered' : 'shipped';
}

/** The status as it is to be stored: derived while the order is sold and has not ended, else the given one. */
export function deriveStatus(order: OrderWithUnits & { status: OrderStatus }): OrderStatus {
  return isSoldStatus(order.status) ? statusOfUnits(order) : order.status;
}

/** True when some units left and others are still to be shipped. */
export function isPartlyShipped(order: OrderWithUnits & { status: OrderStatus }): boolean {
  if (!isSoldStatus(order.status)) return false;
  const units = unitsByLine(order);
  return units.some(({ shipped }) => shipped > 0) && units.some(({ toShip }) => toShip > 0);
}

/**
 * True when the line's units that came back cannot all be of other shipments: this one then stays as it is. Without it,
 * more units would have come back than were shipped.
 */
export function hasGivenBackUnits(order: OrderWithUnits, { lines }: Shipment): boolean {
  const units = unitsByLine(order);
  return lines.some(({ lineId, quantity }) => {
    const line = units[lineId - 1];
    return line !== undefined && line.givenBack > line.shipped - quantity;
  });
}
