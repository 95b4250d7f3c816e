import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { orderEmailId } from '../messaging/outbox-id.ts';
import { changeOrder, EmailTakenError } from '../order/change-order.ts';
import { assertHistoryHasRoom, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, Shipment } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { assertNotVoided, getShipment, replaceShipment } from './change-shipment.ts';
import type { Tracking } from './create-shipment.ts';

/** The carrier and the number as they should be; a missing one is removed. */
export interface CorrectionRequest extends Tracking {
  shipmentId: string;
  actor: Actor;
  now: Date;
}

/**
 * Corrects the carrier or the tracking number of a parcel: a fact, allowed at any time. When the email about the shipment
 * may have left, another one corrects it; one that still waits renders the corrected row. The same values change nothing.
 * Throws NOT_FOUND, ORDER_STATE_CONFLICT (a pick-up, a voided shipment).
 */
export async function correctShipment(
  db: Database,
  orderId: Types.ObjectId,
  request: CorrectionRequest,
): Promise<Order> {
  const change = (isTold: boolean) =>
    changeOrder(db, orderId, (order) => decideCorrection(order, { ...request, isTold }), request.now);
  try {
    return (await change(false)).order;
  } catch (error) {
    if (!(error instanceof EmailTakenError)) throw error;
    return (await change(true)).order;
  }
}

/** `isTold`: the email about the shipment may have left. */
export function decideCorrection(order: Order, request: CorrectionRequest & { isTold: boolean }): OrderChange | null {
  const { shipmentId, actor, isTold } = request;
  const shipment = getShipment(order, shipmentId);
  assertNotVoided(order, shipment);
  if (shipment.kind === 'pickup') throw conflict(order, 'a pick-up has no carrier and no tracking number');
  const corrected = withTracking(shipment, request);
  if (isSameTracking(shipment, corrected)) return null;
  assertHistoryHasRoom(order);
  const change = { set: { shipments: replaceShipment(order, corrected) }, actor };
  const data = { shipmentId };
  if (isTold) return { ...change, event: { type: 'tracking_corrected', data } };
  return { ...change, event: { type: 'shipment_corrected', data }, waitingEmail: emailAbout(order, shipmentId) };
}

function withTracking(
  { carrier: _, trackingNumber: __, trackingUrl: ___, ...shipment }: Shipment,
  { carrier, trackingNumber, trackingUrl }: Tracking,
): Shipment {
  return {
    ...shipment,
    ...(carrier === undefined ? {} : { carrier }),
    ...(trackingNumber === undefined ? {} : { trackingNumber }),
    ...(trackingUrl === undefined ? {} : { trackingUrl }),
  };
}

function isSameTracking(a: Tracking, b: Tracking): boolean {
  return a.carrier === b.carrier && a.trackingNumber === b.trackingNumber && a.trackingUrl === b.trackingUrl;
}

/** The outbox id of the email about the shipment. */
function emailAbout(order: Order, shipmentId: string): string {
  const created = order.history.find(
    (entry) => entry.type === 'shipment_created' && entry.data.shipmentId === shipmentId,
  );
  return orderEmailId(order._id, 'order_shipped', created?.seq ?? 0);
}
