/** One order as a plain document, for pure functions. Its free texts are canaries, named by their field. */
import { mongo, Types } from 'mongoose';
import type { Order } from '../../models/order/order-document.ts';

export const PLACED_AT = new Date('2026-03-01T10:00:00Z');

const canaryHash = (text: string) => new mongo.Binary(Buffer.from(text));
const id = (digit: string) => new Types.ObjectId(digit.repeat(24));
const statuses = (status: Order['status'], paymentStatus: Order['paymentStatus']) => ({ status, paymentStatus });

const ADDRESS = {
  ...{ name: 'Ada', line1: '1 Marina', city: 'Lagos', state: 'Lagos', country: 'NG' },
  ...{ phone: '0800 000 0000', phoneE164: '+2348000000000' },
};

/** A confirmed order of two units, paid by its first reference. */
export function sampleOrder(changes: Partial<Order> = {}): Order {
  const at = (minutes: number) => new Date(PLACED_AT.getTime() + minutes * 60_000);
  return {
    _id: id('a'),
    shape: 1,
    code: 'AB12CD34EF56',
    userId: id('b'),
    contactSnapshot: { email: 'canary-email@example.com', name: 'Canary Contact' },
    status: 'confirmed',
    version: 4,
    items: [
      {
        variantId: id('c'),
        quantity: 2,
        unitPrice: 500_000,
        lineTotal: 1_000_000,
        productSnapshot: { productId: id('d'), slug: 'shirt', title: 'Shirt' },
        variantSnapshot: { sku: 'SHIRT-M', title: 'M' },
      },
    ],
    shippingAddressSnapshot: ADDRESS,
    currency: 'NGN',
    subtotal: 1_000_000,
    shippingFee: 150_000,
    total: 1_150_000,
    delivery: { methodId: 'standard', label: 'Standard delivery' },
    moneyHash: canaryHash('canary-money-hash'),
    personHash: canaryHash('canary-person-hash'),
    checkoutKey: 'checkout-key-0001',
    checkoutInputHash: canaryHash('canary-input-hash'),
    txRef: 'ord-AB12CD34EF56-1',
    payments: [
      {
        reference: 'ord-AB12CD34EF56-1',
        status: 'succeeded',
        createdAt: at(0),
        authorizationUrl: 'https://canary-url.example',
        accessCode: 'canary-access-code',
        gatewayId: 'canary-gateway-id',
        domain: 'test',
        amount: 1_150_000,
        requestedAmount: 1_150_000,
        currency: 'NGN',
        paidAt: at(1),
        channel: 'canary-channel',
        gatewayResponse: 'canary-gateway-response',
      },
    ],
    refunds: [],
    disputes: [],
    paidReference: 'ord-AB12CD34EF56-1',
    paymentStatus: 'paid',
    reservation: 'committed',
    createdAt: at(0),
    expiresAt: at(24 * 60),
    history: historyOf(at),
    settlement: { attempts: 0, lastError: 'canary-last-error' },
    verifyStep: 0,
    ...changes,
  };
}

function historyOf(at: (minutes: number) => Date): Order['history'] {
  return [
    { seq: 1, at: at(0), actor: 'customer', from: null, to: statuses('pending', 'unpaid'), type: 'order_placed' },
    {
      seq: 3,
      at: at(1),
      actor: 'system',
      from: statuses('pending', 'unpaid'),
      to: statuses('pending', 'paid'),
      type: 'payment_received',
      data: { reference: 'canary-reference' },
    },
    {
      seq: 4,
      at: at(2),
      actor: 'staff:canary-actor',
      from: statuses('pending', 'paid'),
      to: statuses('confirmed', 'paid'),
      type: 'order_confirmed',
    },
  ];
}
