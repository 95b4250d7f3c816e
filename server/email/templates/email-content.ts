import type { Currency } from '../../../models/contract/money.ts';
import type { CancelReason, RefundCause, ReviewCause, ShipmentKind } from '../../../models/contract/statuses.ts';
import type { PaidAndReturned } from '../../../models/order/money/paid-and-returned.ts';
import type { Address } from '../../../models/order/order-document.ts';
import type { EmailLooks } from '../looks.ts';

export interface EmailOrderItem {
  title: string;
  variant: string;
  quantity: number;
  /** Subunits of the order's currency, as `lineTotal`. */
  unitPrice: number;
  lineTotal: number;
  /** The address of its picture, a square; missing when there is none. */
  picture?: string;
}

export interface EmailUnits {
  title: string;
  variant: string;
  quantity: number;
}

/** A shipment as it is stored when the email is rendered. */
export interface EmailShipment {
  kind: ShipmentKind;
  /** null: the shop's own rider, or a pick-up. */
  carrier: string | null;
  trackingNumber: string | null;
  /** The carrier's page about the parcel. */
  trackingUrl: string | null;
  state: 'under_way' | 'delivered' | 'voided';
  /** Nothing else of the order was shipped or is to be shipped. */
  isWhole: boolean;
  units: EmailUnits[];
  /** Of the order, still to be shipped. */
  remaining: EmailUnits[];
}

/** The snapshots of an order, never live data. Amounts are in subunits of `currency`. */
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
  /** Of the payment, at the time of rendering; null before there is one. */
  money: PaidAndReturned | null;
  shippingAddress: Address;
}

export interface AboutRefund {
  /** null when the email gives no reason. */
  why: RefundCause | null;
  amount: number;
  currency?: Currency;
  /** `ends`: all of the money is on its way back, and the order ends with it. */
  order: 'stands' | 'ends' | 'ended';
  /** A part of the order was sent. */
  hasShipped: boolean;
  /** The units that are yet to be sent. */
  coming: EmailUnits[];
}

/**
 * The kind of an email, as in models/messaging/email-outbox, with its data. `amount` is in subunits of `currency`, by
 * default the order's.
 */
export type EmailContent =
  | { kind: 'order_confirmed' }
  /** `amount` is the refund that begins with it, or null. `returned` and `underWay` went back, or were to, before. */
  | {
      kind: 'order_cancelled';
      why: CancelReason;
      amount: number | null;
      returned?: number;
      underWay?: number;
      currency?: Currency;
      /** A part of the order was sent before. */
      hasShipped?: boolean;
    }
  | { kind: 'order_shipped' | 'order_delivered' | 'tracking_corrected'; shipment: EmailShipment }
  | ({
      kind: 'refund_started';
      /** The units that leave the order with it. */
      units: EmailUnits[];
      delivery: boolean;
    } & AboutRefund)
  /** `bank`: it took the money back in a dispute. `elsewhere`: staff paid it outside Paystack. */
  | ({ kind: 'refund_done'; by?: 'shop' | 'bank' | 'elsewhere' } & AboutRefund)
  | { kind: 'payment_review'; why?: ReviewCause }
  /** `payable`: false once there is nothing to pay any more. */
  | { kind: 'payment_link'; payable: boolean }
  | { kind: 'payment_reminder' };

export interface ShopIdentity {
  shopName: string;
  /** How customers reach the shop beside replying; nothing where it is absent. */
  contact?: { email?: string; phone?: string };
  looks?: EmailLooks;
  /** With or without a slash at its end. */
  storefrontUrl: string;
}
