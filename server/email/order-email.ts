import type { Currency } from '../../models/contract/money.ts';
import { CANCEL_REASONS, type CancelReason, type RefundCause } from '../../models/contract/statuses.ts';
import type { Email } from '../../models/messaging/email-document.ts';
import { addressOf, contactOf } from '../../models/order/contact.ts';
import type { Order } from '../../models/order/order-document.ts';
import { currencyOfCharge } from '../../models/order/payment-status.ts';
import { liveShipments } from '../../models/order/units.ts';
import { toEmailShipment } from './shipment-content.ts';
import type { EmailContent, EmailOrderView, ShopIdentity } from './templates/email-content.ts';
import { type RenderedEmail, renderEmail } from './templates.ts';

/** Renders the order, its corrections included, and the outbox entry's own data only. */
export function renderOrderEmail(email: Email, order: Order, shop: ShopIdentity): RenderedEmail {
  return renderEmail(toContent(email, order), toView(order), shop);
}

function toContent(email: Email, order: Order): EmailContent {
  const { kind, data } = email;
  const amount = data.amount ?? 0;
  const currency = currencyOfRefund(order, data.refundId);
  switch (kind) {
    case 'order_cancelled':
      return {
        kind,
        why: isCancelReason(data.cause) ? data.cause : 'by_staff',
        amount: data.amount ?? null,
        returned: data.returned === true,
        hasShipped: liveShipments(order).length > 0,
        currency,
      };
    case 'order_shipped':
    case 'order_delivered':
    case 'tracking_corrected':
      return { kind, shipment: toEmailShipment(email, order) };
    case 'refund_started':
      return { kind, why: data.cause ?? null, amount, currency };
    case 'payment_review':
      return data.review === undefined ? { kind } : { kind, why: data.review };
    case 'refund_done':
      return { kind, amount, currency };
    case 'payment_link':
      return { kind, payable: order.status === 'pending' && order.paymentStatus === 'unpaid' };
    default:
      return { kind };
  }
}

/** A refund has the currency of its charge, which may differ from the order's. */
function currencyOfRefund(order: Order, refundId: string | undefined): Currency {
  const refund = order.refunds.find((candidate) => candidate.refundId === refundId);
  return refund ? currencyOfCharge(order, refund.reference) : order.currency;
}

function isCancelReason(cause: RefundCause | undefined): cause is CancelReason {
  return CANCEL_REASONS.some((known) => known === cause);
}

function toView(order: Order): EmailOrderView {
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
    })),
    currency: order.currency,
    subtotal: order.subtotal,
    shippingFee: order.shippingFee,
    total: order.total,
    shippingAddress: addressOf(order),
  };
}
