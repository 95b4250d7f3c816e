import type { Currency } from '../../../models/contract/money.ts';
import type { CancelReason } from '../../../models/contract/statuses.ts';
import type { Address } from '../../../models/order/order-document.ts';

export interface EmailOrderItem {
  title: string;
  variant: string;
  quantity: number;
  /** Subunits of the order's currency, as `lineTotal`. */
  unitPrice: number;
  lineTotal: number;
}

/** What an email shows of an order: its snapshots, never live data. Amounts in subunits of `currency`. */
export interface EmailOrderView {
  id: string;
  /** The order number that people see. */
  code: string;
  contactName: string;
  items: EmailOrderItem[];
  currency: Currency;
  subtotal: number;
  shippingFee: number;
  total: number;
  shippingAddress: Address;
}

/** Why money goes back to the customer. Any other text is worded in general terms and not shown. */
export type RefundWhy = CancelReason | 'paid_twice' | 'paid_too_late' | 'returned';

/** The kind of an email (models/messaging/email-outbox names the same ones) with what its words need. `amount` is in subunits of `currency`, the order's unless given. */
export type EmailContent =
  | { kind: 'order_confirmed' }
  /** `amount`: what is being given back; null when nothing had been paid, or when what was paid is `returned` already. */
  | { kind: 'order_cancelled'; why: CancelReason; amount: number | null; returned?: boolean; currency?: Currency }
  | { kind: 'order_shipped'; carrier: string; trackingNumber: string }
  | { kind: 'order_delivered' }
  | { kind: 'refund_started'; why: RefundWhy | null; amount: number; currency?: Currency }
  | { kind: 'refund_done'; amount: number; currency?: Currency }
  | { kind: 'payment_review' };

export interface ShopIdentity {
  shopName: string;
  /** Where the storefront is, with or without a slash at its end. */
  storefrontUrl: string;
}
