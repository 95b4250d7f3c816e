import type { Currency } from '../../models/contract/money.ts';
import { CANCEL_REASONS, type CancelReason, type RefundCause } from '../../models/contract/statuses.ts';
import type { Email } from '../../models/messaging/email-document.ts';
import { addressOf, contactOf } from '../../models/order/contact.ts';
import { paidAndReturned } from '../../models/order/money/paid-and-returned.ts';
import type { Order, Refund } from '../../models/order/order-document.ts';
import { currencyOfCharge, findLeadingCharge, findPayingCharge } from '../../models/order/payment-status.ts';
import { liveShipments, unitsByLine } from '../../models/order/units.ts';
import { returnedMoney } from '../../models/payment/returned-money.ts';
import { toEmailShipment } from './shipment-content.ts';
import type { AboutRefund, EmailContent, EmailOrderView, EmailUnits, ShopIdentity } from './templates/email-content.ts';
import { type RenderedEmail, renderEmail } from './templates.ts';

/** Renders the order, its corrections included, and the outbox entry's own data only. */
export function renderOrderEmail(
  email: Email,
  order: Order,
  shop: ShopIdentity & { publicUrl: string },
): RenderedEmail {
  return renderEmail(toContent(email, order), toView(order, shop.publicUrl.replace(/\/+$/, '')), shop);
}

function toContent(email: Email, order: Order): EmailContent {
  const { kind, data } = email;
  switch (kind) {
    case 'order_cancelled':
      return {
        kind,
        why: isCancelReason(data.cause) ? data.cause : 'by_staff',
        amount: data.amount ?? null,
        returned: data.returned ?? 0,
        underWay: data.underWay ?? 0,
        hasShipped: liveShipments(order).length > 0,
        currency: currencyOfCancelled(order, data.refundId),
      };
    case 'order_shipped':
    case 'order_delivered':
    case 'tracking_corrected':
      return { kind, shipment: toEmailShipment(email, order) };
    case 'refund_started':
      return { kind, ...unitsOfRefund(order, data), ...aboutRefund(order, data) };
    case 'payment_review':
      return data.review === undefined ? { kind } : { kind, why: data.review };
    case 'refund_done':
      return data.reference === undefined
        ? { kind, ...aboutRefund(order, data), by: isPaidElsewhere(order, data) ? 'elsewhere' : 'shop' }
        : { kind, ...aboutRefund(order, data), currency: currencyOfCharge(order, data.reference), by: 'bank' };
    case 'payment_link':
      return { kind, payable: order.status === 'pending' && order.paymentStatus === 'unpaid' };
    default:
      return { kind };
  }
}

function isPaidElsewhere({ refunds }: Order, { refundId }: Email['data']): boolean {
  return refunds.some((refund) => refund.refundId === refundId && refund.paidElsewhereBy !== undefined);
}

function aboutRefund(order: Order, { cause, refundId, amount = 0 }: Email['data']): AboutRefund {
  const refund = order.refunds.find((candidate) => candidate.refundId === refundId);
  const units = unitsByLine(order);
  return {
    why: cause ?? refund?.cause ?? null,
    amount,
    currency: currencyOfRefund(order, refundId),
    order: fateOfOrder(order, refund),
    hasShipped: units.some(({ shipped }) => shipped > 0),
    coming: units.flatMap(({ lineId, toShip }) => unitsOfLine(order, lineId, toShip)),
  };
}

function fateOfOrder(order: Order, refund: Refund | undefined): AboutRefund['order'] {
  if (order.status === 'cancelled' || order.status === 'refunded') return 'ended';
  const charge = findPayingCharge(order);
  const isOfPayment = charge !== null && refund?.reference === charge.reference;
  return isOfPayment && returnedMoney(order, charge).left <= 0 ? 'ends' : 'stands';
}

function unitsOfRefund(order: Order, { refundId }: Email['data']): { units: EmailUnits[]; delivery: boolean } {
  const { lines = [], delivery = false } = order.refunds.find((refund) => refund.refundId === refundId) ?? {};
  const units = lines.flatMap(({ lineId, unshipped, shipped }) => unitsOfLine(order, lineId, unshipped + shipped));
  return { units, delivery };
}

function unitsOfLine({ items }: Order, lineId: number, quantity: number): EmailUnits[] {
  const item = items[lineId - 1];
  if (item === undefined || quantity < 1) return [];
  return [{ title: item.productSnapshot.title, variant: item.variantSnapshot.title, quantity }];
}

/** A refund has the currency of its charge, which may differ from the order's. */
function currencyOfRefund(order: Order, refundId: string | undefined): Currency {
  const refund = order.refunds.find((candidate) => candidate.refundId === refundId);
  return refund ? currencyOfCharge(order, refund.reference) : order.currency;
}

/** The sum that went back before has the currency of the order's charge. */
function currencyOfCancelled(order: Order, refundId: string | undefined): Currency {
  if (refundId !== undefined) return currencyOfRefund(order, refundId);
  const charge = findLeadingCharge(order);
  return charge === null ? order.currency : currencyOfCharge(order, charge.reference);
}

function isCancelReason(cause: RefundCause | undefined): cause is CancelReason {
  return CANCEL_REASONS.some((known) => known === cause);
}

/** `publicUrl` serves the pictures. */
function toView(order: Order, publicUrl: string): EmailOrderView {
  return {
    id: String(order._id),
    code: order.code,
    contactName: contactOf(order).name,
    items: order.items.map(({ productSnapshot, variantSnapshot, quantity, unitPrice, lineTotal }) => ({
      title: productSnapshot.title,
      variant: variantSnapshot.title,
      quantity,
      unitPrice,
      lineTotal,
      ...(productSnapshot.pictureId === undefined
        ? {}
        : { picture: `${publicUrl}/pictures/${productSnapshot.pictureId}/mail.jpg` }),
    })),
    currency: order.currency,
    subtotal: order.subtotal,
    shippingFee: order.shippingFee,
    total: order.total,
    money: paidAndReturned(order),
    shippingAddress: addressOf(order),
  };
}
