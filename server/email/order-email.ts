/** An outbox entry and its order → the content of the email. Pure: the same entry gives the same email on every copy. */
import type { Currency } from '../../models/contract/money.ts';
import { CANCEL_REASONS, type CancelReason } from '../../models/contract/statuses.ts';
import type { Email } from '../../models/messaging/email-document.ts';
import type { Order } from '../../models/order/order-document.ts';
import { currencyOfCharge } from '../../models/order/payment-status.ts';
import type { EmailContent, EmailOrderView, RefundWhy, ShopIdentity } from './templates/email-content.ts';
import { type RenderedEmail, renderEmail } from './templates.ts';

/** Renders from the order's snapshots and the entry's own data alone, whatever happened to the order since. */
export function renderOrderEmail(email: Email, order: Order, shop: ShopIdentity): RenderedEmail {
  return renderEmail(toContent(email, order), toView(order), shop);
}

function toContent({ kind, data }: Email, order: Order): EmailContent {
  const { shipment } = order;
  const amount = data.amount ?? 0;
  const currency = currencyOfRefund(order, data.refundId);
  switch (kind) {
    case 'order_cancelled':
      return {
        kind,
        why: isCancelReason(data.reason) ? data.reason : 'by_staff',
        amount: data.amount ?? null,
        returned: data.returned === true,
        currency,
      };
    case 'order_shipped':
      return { kind, carrier: shipment?.carrier ?? '', trackingNumber: shipment?.trackingNumber ?? '' };
    case 'refund_started':
      return { kind, why: toWhy(data.reason), amount, currency };
    case 'refund_done':
      return { kind, amount, currency };
    default:
      return { kind };
  }
}

/** A refund is worded in what its charge was paid in. */
function currencyOfRefund(order: Order, refundId: string | undefined): Currency {
  const refund = order.refunds.find((candidate) => candidate.refundId === refundId);
  return refund ? currencyOfCharge(order, refund.reference) : order.currency;
}

function isCancelReason(reason: string | undefined): reason is CancelReason {
  return CANCEL_REASONS.some((known) => known === reason);
}

/** Staff's own words stay inside; the customer reads a general sentence. */
function toWhy(reason: string | undefined): RefundWhy | null {
  if (reason === 'paid_twice') return 'paid_twice';
  if (reason === 'paid_after_cancel') return 'paid_too_late';
  return isCancelReason(reason) ? reason : null;
}

function toView(order: Order): EmailOrderView {
  return {
    id: String(order._id),
    code: order.code,
    contactName: order.contactSnapshot.name,
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
    shippingAddress: order.shippingAddressSnapshot,
  };
}
