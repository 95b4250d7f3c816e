import type { Types } from 'mongoose';
import type { ActionKey } from '../action-key.ts';
import { MAX_SHIPMENTS } from '../contract/limits.ts';
import type { ShipmentKind } from '../contract/statuses.ts';
import type { Database } from '../db/database.ts';
import { invalidInput } from '../errors.ts';
import { type ChangeResult, changeOrder } from '../order/change-order.ts';
import {
  assertHistoryHasRoom,
  assertNoOpenDispute,
  assertNotFullyRefunding,
  assertNotInReview,
  conflict,
} from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, PaymentAttempt, Shipment, ShipmentLine } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findPayingCharge } from '../order/payment-status.ts';
import { isSoldStatus } from '../order/status.ts';
import { type LineUnits, unitsByLine, unitsLeftToShip } from '../order/units.ts';
import { keyed } from '../staff-actions/keyed.ts';
import { type Expected, expecting } from '../staff-actions/preview.ts';

export type PaystackDomain = 'test' | 'live';

export interface Tracking {
  /** The shop's own rider when missing. */
  carrier?: string;
  trackingNumber?: string;
  trackingUrl?: string;
}

export interface ShipmentRequest extends Tracking {
  /** Its id becomes the shipment's. */
  key: ActionKey;
  kind: ShipmentKind;
  /** Each line once; all that is left to ship when not given. */
  lines?: readonly ShipmentLine[];
  /** The domain of our own key. */
  domain: PaystackDomain;
  /** Staff said that the order is to be shipped although its charge is of the other domain. */
  otherDomain: boolean;
  actor: Actor;
  now: Date;
}

/**
 * Records that units of an order have left, or are ready to be picked up. A call with a known key changes nothing, nor
 * does one whose `isDone` says so of the order as it is. Throws ORDER_STATE_CONFLICT (see assertShippable), INVALID_INPUT
 * (an unknown line), ACTION_KEY_REUSED, PREVIEW_OUTDATED.
 */
export async function createShipment(
  db: Database,
  orderId: Types.ObjectId,
  request: ShipmentRequest & { isDone?: (order: Order) => boolean },
  expected?: Expected,
): Promise<ChangeResult> {
  const decide = expecting((order) => decideShipment(order, request), expected);
  const unlessDone = (order: Order) => (request.isDone?.(order) ? null : decide(order));
  return changeOrder(db, orderId, keyed(request.key, unlessDone), request.now);
}

export function decideShipment(order: Order, request: ShipmentRequest): OrderChange {
  const { key, kind, carrier, trackingNumber, trackingUrl, actor, now } = request;
  assertShippable(order, request);
  const shipment: Shipment = {
    shipmentId: key.id,
    kind,
    lines: linesToShip(order, request.lines),
    ...(carrier === undefined ? {} : { carrier }),
    ...(trackingNumber === undefined ? {} : { trackingNumber }),
    ...(trackingUrl === undefined ? {} : { trackingUrl }),
    shippedAt: now,
    by: actor,
  };
  return {
    set: { shipments: [...(order.shipments ?? []), shipment] },
    actor,
    event: { type: 'shipment_created', data: { shipmentId: key.id } },
  };
}

/** True when the charge that pays the order is of the other domain than our key: a test order, once the shop is live. */
export function isOfOtherDomain(
  order: { payments: readonly Pick<PaymentAttempt, 'reference' | 'domain'>[]; paidReference?: string },
  domain: PaystackDomain,
): boolean {
  const charged = findPayingCharge(order)?.domain;
  return charged !== undefined && charged !== domain;
}

/** Units are left, and neither a dispute, a review, a refund of everything nor a charge of the other domain forbids it. */
function assertShippable(order: Order, { domain, otherDomain }: ShipmentRequest): void {
  if (!isSoldStatus(order.status))
    throw conflict(order, `only a confirmed order can be shipped; this one is ${order.status}`);
  if (unitsLeftToShip(order).length === 0) throw conflict(order, 'nothing is left to ship');
  assertNoOpenDispute(order, 'answer it first');
  assertNotInReview(order);
  assertNotFullyRefunding(order);
  if (isOfOtherDomain(order, domain) && !otherDomain)
    throw conflict(
      order,
      'it was paid in the other mode of Paystack (test or live); say that it is shipped all the same',
    );
  if ((order.shipments ?? []).length >= MAX_SHIPMENTS) throw conflict(order, 'it has too many shipments');
  assertHistoryHasRoom(order);
}

function linesToShip(order: Order, wanted: readonly ShipmentLine[] | undefined): ShipmentLine[] {
  const units = unitsByLine(order);
  if (wanted === undefined) return unitsLeftToShip(order);
  const lineIds = new Set(wanted.map(({ lineId }) => lineId));
  if (wanted.length === 0 || lineIds.size < wanted.length) throw invalidInput('lines', 'must name each line once');
  for (const line of wanted) assertLeftToShip(order, units[line.lineId - 1], line);
  return wanted.map(({ lineId, quantity }) => ({ lineId, quantity }));
}

function assertLeftToShip(order: Order, units: LineUnits | undefined, { lineId, quantity }: ShipmentLine): void {
  const item = order.items[lineId - 1];
  if (units === undefined || item === undefined)
    throw invalidInput('lines', 'names a line that the order does not have');
  if (quantity <= units.toShip) return;
  const most = units.toShip > 0 ? `only ${units.toShip}` : 'nothing';
  throw conflict(order, `of ${item.variantSnapshot.sku}, ${most} is left to ship, not ${quantity}`);
}
