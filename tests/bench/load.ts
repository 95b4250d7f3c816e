/**
 * The load of the settlement benchmarks: variants, carts, and paid orders of three lines. The models' pure functions
 * compose the documents, so that they equal those of a real checkout and charge; fill.ts stores them in bulk.
 */

import { Types } from 'mongoose';
import type { Product } from '../../models/catalogue/product.ts';
import { categoryKeyOf } from '../../models/catalogue/search/words.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { composeOrder } from '../../models/checkout/compose-order.ts';
import type { Order } from '../../models/order/order-document.ts';
import { toOrderWrite } from '../../models/order/order-write.ts';
import { evaluateCharge } from '../../models/payment/evaluate-charge.ts';
import { replaceAttempt } from '../../models/payment/replace-attempt.ts';

/** `mixed`: three random variants per order. `hot`: one variant in every order, and two random ones. */
export type Mix = 'mixed' | 'hot';

export interface Load {
  orders: number;
  mix: Mix;
}

export const VARIANTS = 1_000;
export const LINES = 3;
/** Never runs out, so that every order is confirmed. */
const STOCK = 100_000_000;
export const UNITS_PER_LINE = 2;
const PRICE = 125_000;

export interface Shop {
  variants: Variant[];
  products: Product[];
}

/** The same shop every time, so that runs can be compared. */
export function composeShop(now: Date): Shop {
  const products = Array.from({ length: VARIANTS }, (_, n) => ({
    _id: new Types.ObjectId(),
    slug: `product-${n}`,
    slugs: [`product-${n}`],
    title: `Handwoven basket ${n}`,
    description: 'A basket of raffia and grass, woven by hand.',
    category: `category-${n % 20}`,
    categoryKey: categoryKeyOf(`category-${n % 20}`),
    createdAt: now,
  }));
  const variants = products.map(({ _id: productId }, n) => ({
    _id: new Types.ObjectId(),
    productId,
    sku: `SKU-${n}`,
    title: 'Large, natural',
    price: PRICE + n,
    currency: 'NGN' as const,
    stock: STOCK,
    reserved: 0,
  }));
  return { variants, products };
}

/** A repeatable stream of numbers from 0 up to 1 (mulberry32). */
export function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface ComposedOrder {
  order: Order;
  cart: { _id: Types.ObjectId; items: { variantId: Types.ObjectId; quantity: number; unitPrice: number }[] };
}

/** Each order has its own shopper, whose cart still holds its lines. `firstNumber` keeps the codes unique. */
export function composePaidOrders(shop: Shop, load: Load, now: Date, firstNumber: number): Generator<ComposedOrder> {
  return composeOrders(shop, load, now, firstNumber, paid);
}

/** The same orders with a payment page and without a charge. */
export function composeUnpaidOrders(shop: Shop, load: Load, now: Date, firstNumber: number): Generator<ComposedOrder> {
  return composeOrders(shop, load, now, firstNumber, initialized);
}

function* composeOrders(
  shop: Shop,
  { orders, mix }: Load,
  now: Date,
  firstNumber: number,
  complete: (placed: Order, n: number, now: Date) => Order,
): Generator<ComposedOrder> {
  const chance = createChance(firstNumber + 1);
  const products = new Map(shop.products.map((product) => [String(product._id), product]));
  const catalogue = new Map(
    shop.variants.map((variant) => {
      const product = products.get(String(variant.productId));
      return [String(variant._id), { ...variant, ...(product === undefined ? {} : { product }) }] as const;
    }),
  );
  for (let n = firstNumber; n < firstNumber + orders; n += 1) {
    const items = pickVariants(shop.variants, mix, chance).map(({ _id, price }) => ({
      variantId: _id,
      quantity: UNITS_PER_LINE,
      unitPrice: price,
    }));
    const userId = new Types.ObjectId();
    const input = {
      userId,
      contact: { email: `shopper${n}@example.com`, name: 'Ada Obi' },
      shippingAddress: ADDRESS,
      checkoutKey: `checkout-${n}`,
      sent: {},
      shippingFees: [{ amount: 150_000, currency: 'NGN' as const }],
      reservationMinutes: 0,
      code: `B${n.toString(36).toUpperCase().padStart(11, '0')}`,
      now,
    };
    const placed = composeOrder(input, { items, currency: 'NGN' }, catalogue);
    yield { order: complete(placed, n, now), cart: { _id: userId, items } };
  }
}

const ADDRESS = {
  name: 'Ada Obi',
  line1: '12 Marina Road',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
  phoneE164: '+2348000000000',
};

function pickVariants(variants: Variant[], mix: Mix, chance: () => number): Variant[] {
  const picked = new Set<Variant>();
  const [hot] = variants;
  if (mix === 'hot' && hot) picked.add(hot);
  while (picked.size < LINES) {
    const variant = variants[Math.floor(chance() * variants.length)];
    if (variant) picked.add(variant);
  }
  return [...picked];
}

/** The order after a successful `initialize` at Paystack. */
function initialized(placed: Order, n: number, now: Date): Order {
  const [attempt] = placed.payments;
  if (!attempt) throw new Error('An order is placed with its first payment attempt.');
  const accessCode = n.toString(36).padStart(15, 'x');
  const page = `https://checkout.paystack.com/${accessCode}`;
  const payments = replaceAttempt(placed, { ...attempt, status: 'initialized', authorizationUrl: page, accessCode });
  const { after } = toOrderWrite(placed, { set: { payments }, actor: 'system' }, now);
  return withoutUndefined({ ...after, history: placed.history });
}

/** The order after its charge, as evaluateCharge and toOrderWrite change it. */
function paid(placed: Order, n: number, now: Date): Order {
  const after = initialized(placed, n, now);
  const report = {
    gatewayId: String(4_000_000_000 + n),
    reference: after.txRef,
    domain: 'test',
    status: 'success',
    amount: placed.total,
    requestedAmount: placed.total,
    currency: placed.currency,
    paidAt: new Date(now.getTime() - 60_000 + (n % 60_000)),
    channel: 'card',
    gatewayResponse: 'Successful',
    fees: Math.round(placed.total * 0.015),
  };
  const { change } = evaluateCharge(after, { report, source: 'webhook', domain: 'test', refundId: '', now });
  if (!change) throw new Error('A charge of the right amount pays its order.');
  const write = toOrderWrite(after, change, now);
  return withoutUndefined({
    ...write.after,
    history: [...placed.history, ...(write.entry === null ? [] : [write.entry])],
  });
}

/** The driver stores undefined as null; checkout's insert leaves the field out. */
function withoutUndefined(order: Order): Order {
  for (const [field, value] of Object.entries(order)) if (value === undefined) Reflect.deleteProperty(order, field);
  return order;
}
