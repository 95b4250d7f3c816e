import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, Shipment } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { hasGivenBackUnits, liveShipments } from '../order/units.ts';
import { assertNotEnded, assertNotVoided, getShipment, replaceShipment, withReason } from './change-shipment.ts';

export interface DeliveryRequest {
  /** May be left out when one shipment alone is under way. */
  shipmentId?: string;
  actor: Actor;
  now: Date;
}

/**
 * Records that a parcel arrived or a pick-up was collected: a fact, which no dispute and no refund stands in the way of. A
 * repeat changes nothing. Throws NOT_FOUND, ORDER_STATE_CONFLICT (nothing was shipped, the shipment is voided, several are
 * under way and none is named).
 */
export async function deliverShipment(db: Database, orderId: Types.ObjectId, request: DeliveryRequest): Promise<Order> {
  const { order } = await changeOrder(db, orderId, (order) => decideDelivery(order, request), request.now);
  return order;
}

export function decideDelivery(order: Order, { shipmentId, actor, now }: DeliveryRequest): OrderChange | null {
  const shipment = shipmentId === undefined ? onlyUnderWay(order) : getShipment(order, shipmentId);
  assertNotVoided(order, shipment);
  if (shipment.deliveredAt !== undefined) return null;
  return {
    set: { shipments: replaceShipment(order, { ...shipment, deliveredAt: now }) },
    actor,
    event: { type: 'shipment_delivered', data: { shipmentId: shipment.shipmentId } },
  };
}

/** The one that is under way; the last delivered one when none is. */
function onlyUnderWay(order: Order): Shipment {
  const live = liveShipments(order);
  const underWay = live.filter(({ deliveredAt }) => deliveredAt === undefined);
  if (underWay.length > 1) throw conflict(order, `${underWay.length} shipments are under way; name one of them`);
  const shipment = underWay[0] ?? live.at(-1);
  if (shipment === undefined)
    throw conflict(order, `only a shipped order can be delivered; this one is ${order.status}`);
  return shipment;
}

export interface UndoRequest {
  shipmentId: string;
  /** Staff's own words. */
  reason: string;
  actor: Actor;
  now: Date;
}

/**
 * Takes back a delivery that was recorded by mistake. A repeat changes nothing. Throws NOT_FOUND, ORDER_STATE_CONFLICT (it
 * was not recorded, units of it came back, the order has ended).
 */
export async function undoDelivery(db: Database, orderId: Types.ObjectId, request: UndoRequest): Promise<Order> {
  const { order } = await changeOrder(db, orderId, (order) => decideUndoDelivery(order, request), request.now);
  return order;
}

export function decideUndoDelivery(order: Order, { shipmentId, reason, actor }: UndoRequest): OrderChange | null {
  const shipment = getShipment(order, shipmentId);
  if (shipment.deliveredAt === undefined) {
    if (wasUndone(order, shipmentId)) return null;
    throw conflict(order, 'this shipment is not recorded as delivered');
  }
  assertNotVoided(order, shipment);
  assertNotEnded(order);
  if (hasGivenBackUnits(order, shipment))
    throw conflict(order, 'units of this shipment came back and were refunded, so it has arrived');
  assertHistoryHasRoom(order);
  const { deliveredAt: _, ...undone } = withReason(order, shipment, reason);
  return {
    set: { shipments: replaceShipment(order, undone) },
    actor,
    event: { type: 'delivery_undone', data: { shipmentId } },
  };
}

function wasUndone(order: Order, shipmentId: string): boolean {
  return order.history.some((entry) => entry.type === 'delivery_undone' && entry.data.shipmentId === shipmentId);
}
