/** An order as a plain object, composed by checkout's pure function, for unit tests without a database. */
import { Types } from 'mongoose';
import type { Product } from '../../models/catalogue/product.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { composeOrder } from '../../models/checkout/compose-order.ts';
import type { ReportedDispute } from '../../models/dispute/record-dispute.ts';
import type { Order, PaymentAttempt, Refund, Shipment } from '../../models/order/order-document.ts';
import type { DisputeReport } from '../../models/payment/gateway-reports.ts';

export const PLACED_AT = new Date('2026-03-01T12:00:00Z');
export const CODE = 'CODE23456789';
export const REFERENCE = `ord-${CODE}-1`;

const product: Product = {
  _id: new Types.ObjectId('65f0000000000000000000aa'),
  slug: 'shirt',
  slugs: ['shirt'],
  title: 'Shirt',
  description: 'Cotton',
  category: 'tops',
  categoryKey: 'tops',
  createdAt: PLACED_AT,
};
const variant: Variant = {
  _id: new Types.ObjectId('65f0000000000000000000bb'),
  productId: product._id,
  sku: 'SHIRT-1',
  title: 'Blue',
  price: 5_000,
  currency: 'NGN',
  stock: 10,
  reserved: 0,
};

/** A pending, unpaid order of two shirts for 10,000 and 1,000 of shipping, with `overrides` on top. */
export function anOrder(overrides: Partial<Order> = {}): Order {
  const order = composeOrder(
    {
      userId: new Types.ObjectId('65f0000000000000000000cc'),
      contact: { email: 'ada@example.com', name: 'Ada Obi' },
      shippingAddress: {
        name: 'Ada',
        line1: '1 Marina',
        city: 'Lagos',
        state: 'Lagos',
        country: 'NG',
        phone: '+2348000000000',
        phoneE164: '+2348000000000',
      },
      checkoutKey: 'key',
      sent: {},
      shippingFees: [{ amount: 1_000, currency: 'NGN' }],
      reservationMinutes: 0,
      code: CODE,
      now: PLACED_AT,
    },
    { items: [{ variantId: variant._id, quantity: 2, unitPrice: 5_000 }], currency: 'NGN' },
    new Map([[String(variant._id), { ...variant, product }]]),
  );
  return { ...order, ...overrides };
}

/** A captured charge of 11,000, with `overrides` on top. */
export function aCharge(overrides: Partial<PaymentAttempt> = {}): PaymentAttempt {
  return {
    reference: REFERENCE,
    status: 'succeeded',
    createdAt: PLACED_AT,
    gatewayId: '4099260001',
    domain: 'test',
    amount: 11_000,
    requestedAmount: 11_000,
    currency: 'NGN',
    paidAt: PLACED_AT,
    ...overrides,
  };
}

/** A requested refund of the whole charge, with `overrides` on top. */
export function aRefund(overrides: Partial<Refund> = {}): Refund {
  return {
    refundId: 'r1',
    reference: REFERENCE,
    amount: 11_000,
    cause: 'by_staff',
    state: 'requested',
    requestedAt: PLACED_AT,
    requestedBy: 'system',
    attempts: 0,
    ...overrides,
  };
}

/** A parcel with both shirts, with `overrides` on top. */
export function aShipment(overrides: Partial<Shipment> = {}): Shipment {
  return {
    shipmentId: 's1',
    kind: 'parcel',
    lines: [{ lineId: 1, quantity: 2 }],
    carrier: 'GIG',
    trackingNumber: 'T-1',
    shippedAt: PLACED_AT,
    by: 'staff:1',
    ...overrides,
  };
}

/** Paystack's answer about a dispute, open by default and for the whole charge. */
export function aDisputeReport(overrides: Partial<DisputeReport> = {}): DisputeReport {
  return {
    disputeId: '70',
    reference: REFERENCE,
    gatewayId: null,
    status: 'awaiting-merchant-feedback',
    resolution: null,
    category: 'chargeback',
    amount: null,
    hasEvidence: false,
    evidenceId: null,
    currency: 'NGN',
    answerBy: null,
    createdAt: PLACED_AT,
    updatedAt: PLACED_AT,
    ...overrides,
  };
}

/** A dispute of all of the charge that the customer has won. */
export function aLostDispute(reference: string, now: Date): ReportedDispute {
  const report = aDisputeReport({ reference, status: 'resolved', resolution: 'merchant-accepted', updatedAt: now });
  return { report, reference, refundId: 'owed', now };
}

/** A confirmed order, paid by the charge. */
export function aConfirmedOrder(overrides: Partial<Order> = {}): Order {
  return anOrder({
    status: 'confirmed',
    paymentStatus: 'paid',
    paidReference: REFERENCE,
    payments: [aCharge()],
    reservation: 'committed',
    ...overrides,
  });
}
