/** composeOrder: the contents of an order, and the reasons against one. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import type { Variant } from '../../models/catalogue/variant.ts';
import { type ComposeOrderInput, composeOrder } from '../../models/checkout/compose-order.ts';
import type { Currency } from '../../models/contract/money.ts';
import { isAppError } from '../../models/errors.ts';
import { referenceOf } from '../../models/order/ids/reference.ts';
import { moneyHash, personHash } from '../../models/order/snapshot/order-hashes.ts';

const now = new Date('2026-03-01T10:00:00Z');
const input: ComposeOrderInput = {
  userId: new Types.ObjectId(),
  contact: { email: 'ada@example.com', name: 'Ada' },
  shippingAddress: { name: 'Ada', line1: '1', city: 'L', state: 'L', country: 'NG', phone: '+234', phoneE164: '+234' },
  checkoutKey: 'key',
  sent: {},
  shippingFees: [{ amount: 150_000, currency: 'NGN' }],
  reservationMinutes: 0,
  code: 'CODE',
  now,
};

const FREE = [{ amount: 0, currency: 'NGN' as const }];

interface Sold {
  price: number;
  quantity: number;
  stock?: number;
  currency?: Currency;
  archivedAt?: Date;
}

function cartAndCatalogueOf(sold: Sold[]) {
  const product = {
    _id: new Types.ObjectId(),
    slug: 's',
    slugs: ['s'],
    title: 'T',
    description: '',
    category: 'c',
    createdAt: now,
  };
  const variants = sold.map(
    ({ price, stock = 999, currency = 'NGN', archivedAt }, index): Variant => ({
      _id: new Types.ObjectId(),
      productId: product._id,
      sku: `SKU-${index}`,
      title: `V${index}`,
      price,
      currency,
      stock,
      reserved: 0,
      ...(archivedAt ? { archivedAt } : {}),
    }),
  );
  const items = variants.map(({ _id: variantId }, index) => ({
    variantId,
    quantity: sold[index]?.quantity ?? 1,
    // The cart's stored price is not the price of the order.
    unitPrice: 1,
  }));
  const catalogue = new Map(variants.map((variant) => [String(variant._id), { ...variant, product }]));
  return { cart: { items, currency: sold[0]?.currency ?? 'NGN' }, catalogue };
}

function compose(sold: Sold[], changes: Partial<ComposeOrderInput> = {}) {
  const { cart, catalogue } = cartAndCatalogueOf(sold);
  return composeOrder({ ...input, ...changes }, cart, catalogue);
}

function refusal(sold: Sold[], changes: Partial<ComposeOrderInput> = {}) {
  try {
    compose(sold, changes);
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('an order was made');
}

test('sums are exact for whatever is sold: lines, subtotal, total', () => {
  const line = fc.record({ price: fc.integer({ min: 1, max: 1_000_000 }), quantity: fc.integer({ min: 1, max: 999 }) });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (sold) => {
      const order = compose(sold);
      const exact = sold.reduce((sum, { price, quantity }) => sum + BigInt(price) * BigInt(quantity), 0n);
      expect([BigInt(order.subtotal), BigInt(order.total)]).toEqual([exact, exact + 150_000n]);
      expect(order.items.map(({ lineTotal }) => lineTotal)).toEqual(
        sold.map(({ price, quantity }) => price * quantity),
      );
      expect(order.moneyHash).toEqual(moneyHash(order));
      expect(order.personHash).toEqual(personHash(order));
    }),
  );
});

describe('an order', () => {
  test('begins pending and unpaid, with its first reference, its history and its first question due', () => {
    expect(compose([{ price: 500_000, quantity: 1 }])).toMatchObject({
      status: 'pending',
      paymentStatus: 'unpaid',
      version: 1,
      reservation: 'none',
      txRef: 'ord-CODE-1',
      payments: [{ reference: 'ord-CODE-1', status: 'created' }],
      history: [{ seq: 1, actor: 'customer', from: null }],
      expiresAt: new Date(now.getTime() + 24 * 3600_000),
      verifyDueAt: new Date(now.getTime() + 2 * 60_000),
    });
  });

  test('with a reservation expires with it, and is verified no later', () => {
    const end = new Date(now.getTime() + 60_000);
    expect(compose([{ price: 500_000, quantity: 1 }], { reservationMinutes: 1 })).toMatchObject({
      reservation: 'reserved',
      expiresAt: end,
      verifyDueAt: end,
    });
  });

  test('has references within Paystack’s alphabet', () => {
    expect(referenceOf('AB12CD34EF56', 10)).toMatch(/^[A-Za-z0-9.=-]{1,100}$/);
  });
});

describe('no order is made', () => {
  test('of currencies mixed', () => {
    const sold: Sold[] = [
      { price: 500_000, quantity: 1 },
      { price: 500_000, quantity: 1, currency: 'USD' },
    ];
    expect(refusal(sold).message).toMatch(/“T, V1” has no price in NGN; take it out/);
  });

  test('in a currency that the shop has no fee in, whatever its fees are in others', () => {
    const dollars: Sold[] = [{ price: 20_00, quantity: 1, currency: 'USD' }];
    expect(() => compose(dollars)).toThrow(/no delivery fee in USD.* priced in NGN/);
    const both = [
      { amount: 150_000, currency: 'NGN' as const },
      { amount: 5_00, currency: 'USD' as const },
    ];
    for (const shippingFees of [both, [...both].reverse()])
      expect(compose(dollars, { shippingFees })).toMatchObject({ shippingFee: 5_00, total: 25_00, currency: 'USD' });
  });

  test.each([
    ['below Paystack’s minimum', [{ price: 49_99, quantity: 1 }]],
    ['above 10¹² subunits', Array.from({ length: 11 }, () => ({ price: 100_000_000_000, quantity: 1 }))],
  ])('at a total %s', (_name, sold) => {
    expect(refusal(sold, { shippingFees: FREE }).code).toBe('INVALID_INPUT');
  });

  test('at exactly Paystack’s minimum one is', () => {
    expect(compose([{ price: 50_00, quantity: 1 }], { shippingFees: FREE }).total).toBe(50_00);
  });

  test('at another total than the shopper was shown', () => {
    const { code, details } = refusal([{ price: 500_000, quantity: 2 }], { expectedTotal: 1_149_999 });
    expect([code, details]).toEqual(['PRICE_CHANGED', { expectedTotal: 1_149_999, total: 1_150_000, currency: 'NGN' }]);
  });

  test('of short or archived items, each listed with its available units', () => {
    const sold: Sold[] = [
      { price: 500_000, quantity: 3, stock: 2 },
      { price: 500_000, quantity: 1, archivedAt: now },
      { price: 500_000, quantity: 1 },
    ];
    expect(refusal(sold).details).toMatchObject({
      shortages: [
        { sku: 'SKU-0', requested: 3, available: 2 },
        { sku: 'SKU-1', requested: 1, available: 0 },
      ],
    });
  });
});
