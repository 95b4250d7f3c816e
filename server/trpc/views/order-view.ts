/**
 * The owner's view of an order: an allow-list of the document's fields, which a strict output schema checks. Amounts are in
 * subunits of the order's currency unless another is beside them, instants in ISO 8601 in UTC.
 */

import { toAddressView } from '../../../models/address/address.ts';
import type { OrderSummary, OrderView, OwnOrderSummary } from '../../../models/contract/orders.ts';
import { addressOf } from '../../../models/order/contact.ts';
import { paidAndReturned } from '../../../models/order/money/paid-and-returned.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { currencyOfCharge, isFailureOwed } from '../../../models/order/payment-status.ts';
import type { OwnOrder } from '../../../models/order/queries/list-orders.ts';
import { isPartlyShipped, liveShipments, unitsByLine, unitsLeftToShip } from '../../../models/order/units.ts';
import { rejectedTransfersOf } from '../../../models/transfer/rejected-transfer.ts';
import { toShipment } from './shipment-view.ts';

const iso = (at: Date | undefined) => at?.toISOString() ?? null;

/** The projection of a list of summaries. */
export const SUMMARY_FIELDS = {
  code: 1,
  status: 1,
  paymentStatus: 1,
  'items.quantity': 1,
  total: 1,
  currency: 1,
  createdAt: 1,
} as const;

export type SummarySource = Pick<
  Order,
  '_id' | 'code' | 'status' | 'paymentStatus' | 'total' | 'currency' | 'createdAt'
> & {
  items: { quantity: number }[];
};

export function toOrderSummary(order: SummarySource): OrderSummary {
  const { code, status, paymentStatus, total, currency, createdAt } = order;
  const itemCount = order.items.reduce((sum, item) => sum + item.quantity, 0);
  return {
    id: String(order._id),
    code,
    status,
    paymentStatus,
    itemCount,
    total,
    currency,
    createdAt: createdAt.toISOString(),
  };
}

/** A row of the customer's own list. */
export function toOwnSummary(order: OwnOrder): OwnOrderSummary {
  return { ...toOrderSummary(order), money: paidAndReturned(order) };
}

/** `now` decides whether a pending order has expired. */
export function toOrderView(order: Order, now: Date): OrderView {
  const shipments = liveShipments(order).map(toShipment);
  const current = order.payments.find(({ reference }) => reference === order.txRef);
  return {
    ...toOrderSummary(order),
    version: order.version,
    items: toLines(order),
    shippingAddress: toAddressView(addressOf(order)),
    subtotal: order.subtotal,
    shippingFee: order.shippingFee,
    txRef: order.txRef,
    checkoutKey: order.checkoutKey,
    payable: order.status === 'pending' && order.paymentStatus === 'unpaid' && order.expiresAt > now,
    lastAttemptFailed: current?.status === 'failed',
    lastDecline: toDecline(current),
    expiresAt: order.expiresAt.toISOString(),
    cancelReason: order.cancelReason ?? null,
    shipment: shipments[0] ?? null,
    shipments,
    partial: isPartlyShipped(order),
    refunds: order.refunds
      .filter((refund) => refund.state !== 'failed' || isFailureOwed(order, refund))
      .map((refund) => toRefund(order, refund)),
    rejectedTransfers: rejectedTransfersOf(order).map(({ at, amount, cause }) => ({
      at: at.toISOString(),
      amount,
      cause,
    })),
    money: paidAndReturned(order),
    timeline: order.history.filter(isChange).map(({ to, at }) => ({ ...to, at: at.toISOString() })),
  };
}

/** Other entries, such as a parked settlement or an email sent again, are for staff only. */
function isChange({ from, to }: Order['history'][number]): boolean {
  return from === null || from.status !== to.status || from.paymentStatus !== to.paymentStatus;
}

function toDecline(attempt: Order['payments'][number] | undefined): OrderView['lastDecline'] {
  if (attempt?.status !== 'failed' || attempt.failedAt === undefined) return null;
  return { at: attempt.failedAt.toISOString(), bankSays: attempt.gatewayResponse ?? null };
}

function toLines(order: Order): OrderView['items'] {
  const units = unitsByLine(order);
  const left = new Map(unitsLeftToShip(order).map(({ lineId, quantity }) => [lineId, quantity]));
  return order.items.map((item, index) => {
    const { variantId, quantity, unitPrice, lineTotal, productSnapshot, variantSnapshot } = item;
    const { shipped = 0, unshipped: withdrawn = 0, givenBack = 0 } = units[index] ?? {};
    return {
      lineId: index + 1,
      variantId: String(variantId),
      productId: String(productSnapshot.productId),
      sku: variantSnapshot.sku,
      slug: productSnapshot.slug,
      pictureId: productSnapshot.pictureId ?? null,
      productTitle: productSnapshot.title,
      variantTitle: variantSnapshot.title,
      quantity,
      unitPrice,
      lineTotal,
      shipped,
      toShip: left.get(index + 1) ?? 0,
      withdrawn,
      givenBack,
    };
  });
}

function toRefund(order: Order, refund: Order['refunds'][number]): OrderView['refunds'][number] {
  const { refundId, reference, amount, state, requestedAt, endedAt, lines = [], delivery = false } = refund;
  return {
    id: refundId,
    amount,
    currency: currencyOfCharge(order, reference),
    state,
    requestedAt: requestedAt.toISOString(),
    endedAt: iso(endedAt),
    lines: lines.map(({ lineId, unshipped, shipped }) => ({ lineId, quantity: unshipped + shipped })),
    delivery,
  };
}
