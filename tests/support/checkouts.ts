/**
 * The steps of shoppers over HTTP: fill a cart, check out, pay at the sandbox, return through the verify route, await
 * settlement. Each test creates its own variants and shoppers.
 */
import { randomBytes } from 'node:crypto';
import { Types } from 'mongoose';
import type { PayOptions } from '../../dev/paystack-sandbox/src/index.ts';
import { createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import type { Currency } from '../../models/contract/money.ts';
import type { Order } from '../../models/order/order-document.ts';
import { getCommittedOrder } from '../../models/order/queries/find-order.ts';
import { eventually } from './eventually.ts';
import type { Client, SignedIn, TestApp } from './test-app.ts';

export interface StockedVariant {
  productId: string;
  variantId: string;
  sku: string;
  slug: string;
  /** Subunits. */
  price: number;
}

export interface StockInput {
  stock?: number;
  /** Subunits; 5,000.00 by default. */
  price?: number;
  currency?: Currency;
}

export const PRICE = 500_000;
/** The app's flat fee, in subunits. */
export const SHIPPING_FEE = 150_000;

let made = 0;

/** Creates a product with one variant per input and records the first stock in the ledger. */
export async function makeVariants<const Inputs extends readonly StockInput[]>(
  app: TestApp,
  ...inputs: Inputs
): Promise<{ [K in keyof Inputs]: StockedVariant }> {
  made += 1;
  const slug = `variants-${made}`;
  const now = app.ctx.clock.now();
  const fields = { slug, title: `Product ${made}`, description: 'Made for a test.', category: 'tests' };
  const product = await createProduct(app.db, fields, { actor: 'system', now });
  const variants: StockedVariant[] = [];
  for (const [index, { stock = 100, price = PRICE, currency = 'NGN' }] of inputs.entries()) {
    const sku = `SKU-${made}-${index}`;
    const input = { productId: product._id, sku, title: `Variant ${index}`, price, currency, stock };
    const variant = await createVariant(app.db, input, { actor: 'system', now });
    variants.push({ productId: String(product._id), variantId: String(variant._id), sku, slug, price });
  }
  // There is one entry per input, in the same order.
  return variants as { [K in keyof Inputs]: StockedVariant };
}

export const ADDRESS = {
  name: 'Ada Obi',
  line1: '12 Broad Street',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+234 803 123 4567',
};

export function newCheckoutKey(): string {
  return randomBytes(12).toString('hex');
}

export type Line = readonly [variants: StockedVariant, quantity: number];

/** Adds the lines to the shopper's cart over HTTP, one after the other. */
export async function fillCart(shopper: SignedIn, lines: readonly Line[]): Promise<void> {
  for (const [{ variantId }, quantity] of lines) await shopper.client.cart.addItem.mutate({ variantId, quantity });
}

export type CheckoutInput = Partial<Parameters<Client['orders']['initializePayment']['mutate']>[0]>;

/** Places an order from the shopper's cart. */
export function checkout(shopper: SignedIn, input: CheckoutInput = {}) {
  return shopper.client.orders.initializePayment.mutate({
    shippingAddress: ADDRESS,
    checkoutKey: newCheckoutKey(),
    ...input,
  });
}

/** Signs up a new shopper and checks out these lines. */
export async function order(app: TestApp, lines: readonly Line[], input: CheckoutInput = {}) {
  const shopper = await app.signUp();
  await fillCart(shopper, lines);
  return { shopper, ...(await checkout(shopper, input)) };
}

/** Follows Paystack's redirect as a program does; returns `{txRef, status}`. */
export async function returnFromPaystack(app: TestApp, txRef: string): Promise<{ txRef: string; status: string }> {
  const reply = await fetch(`${app.url}/orders/verify-payment/${txRef}/?trxref=${txRef}&reference=${txRef}`, {
    headers: { accept: 'application/json' },
  });
  if (reply.status !== 200) throw new Error(`the verify route answered ${reply.status}`);
  return (await reply.json()) as { txRef: string; status: string };
}

/** Pays on the sandbox's page and follows the redirect. Returns the status from the verify route. */
export async function pay(app: TestApp, txRef: string, options?: PayOptions): Promise<string> {
  app.sandbox.pay(txRef, options);
  return (await returnFromPaystack(app, txRef)).status;
}

/** As shoppers read it: a commit is seen here no sooner than by the API. */
export function readOrder(app: TestApp, orderId: string): Promise<Order> {
  return getCommittedOrder(app.db, new Types.ObjectId(orderId));
}

/** Resolves once the order is confirmed or cancelled. */
export function settled(app: TestApp, orderId: string): Promise<Order> {
  return eventually(`order ${orderId} to be settled`, async () => {
    const found = await readOrder(app, orderId);
    return found.status !== 'pending' && found;
  });
}

export async function stockOf(app: TestApp, { variantId }: Pick<StockedVariant, 'variantId'>): Promise<number> {
  const variant = await app.db.variants.findById(variantId).lean<Variant>();
  if (!variant) throw new Error(`no variant ${variantId}`);
  return variant.stock;
}

/** Resolves with the accepted emails of one order once there are `count` of them. */
export function mailsOf(app: TestApp, orderId: string, count = 1) {
  return eventually(`${count} mails about order ${orderId}`, () => {
    const mails = app.mailbox.mails().filter(({ key }) => key?.startsWith(`${orderId}:`));
    return mails.length >= count && mails;
  });
}

export interface Refusal {
  code: string;
  details: unknown;
}

/** The code and details of the call's error. Rejects if the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (outcome === null) throw new Error('the call was expected to be refused and succeeded');
  const { error } = outcome;
  const data: unknown = error instanceof Error && 'data' in error ? error.data : null;
  if (typeof data !== 'object' || data === null || !('code' in data) || typeof data.code !== 'string') throw error;
  return { code: data.code, details: 'details' in data ? data.details : undefined };
}
