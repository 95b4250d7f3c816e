import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom, conflict } from '../order/guards.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { hasGivenBackUnits } from '../order/units.ts';
import { type Expected, expecting } from '../staff-actions/preview.ts';
import { assertNotEnded, getShipment, replaceShipment, withReason } from './change-shipment.ts';
import type { UndoRequest } from './deliver-shipment.ts';

/**
 * Voids a shipment that was recorded by mistake or came back unopened: its units are to be shipped again. A repeat changes
 * nothing. Throws NOT_FOUND, ORDER_STATE_CONFLICT (units of it were refunded, the order has ended), PREVIEW_OUTDATED.
 */
export async function voidShipment(
  db: Database,
  orderId: Types.ObjectId,
  request: UndoRequest,
  expected?: Expected,
): Promise<Order> {
  const decide = expecting((order) => decideVoid(order, request), expected);
  const { order } = await changeOrder(db, orderId, decide, request.now);
  return order;
}

export function decideVoid(order: Order, { shipmentId, reason, actor, now }: UndoRequest): OrderChange | null {
  const shipment = getShipment(order, shipmentId);
  if (shipment.voidedAt !== undefined) return null;
  assertNotEnded(order);
  if (hasGivenBackUnits(order, shipment))
    throw conflict(order, 'units of this shipment came back and were refunded, so they cannot be shipped again');
  assertHistoryHasRoom(order);
  return {
    set: { shipments: replaceShipment(order, { ...withReason(order, shipment, reason), voidedAt: now }) },
    actor,
    event: { type: 'shipment_voided', data: { shipmentId } },
  };
}
