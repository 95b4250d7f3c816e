/**
 * What people and Paystack do to a shop, over HTTP, for component tests: a shopper checks out and pays, Paystack tells or
 * keeps silent, a worker's rounds come by. The app's clock stands still until a test moves it; nothing here sleeps.
 */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { Mail } from '../../dev/mailbox/mailbox.ts';
import type { PayOptions } from '../../dev/paystack-sandbox/src/index.ts';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import type { Clock } from '../../jobs/ports.ts';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import type { Order } from '../../models/order/order-document.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { assertInvariants, type InvariantOptions } from './invariants.ts';
import { type Goods, type GoodsInput, stockGoods } from './shop-goods.ts';
import { fakeClock, type SignedIn, startTestApp, type TestApp, type TestAppOptions } from './test-app.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** An app whose time is the test's, with a member of staff, and Paystack's webhooks addressed to it. */
export interface Shop extends TestApp {
  clock: Clock & { advance(ms: number): void };
  staff: SignedIn;
}

export async function startTestShop(options: TestAppOptions = {}): Promise<Shop> {
  const clock = fakeClock();
  const app = await startTestApp({ ...options, context: { clock, ...options.context } });
  // Tests move months ahead; a token should not end a story that is not about tokens.
  if (app.ctx.config.auth.kind === 'own') app.ctx.config.auth.lifetimeSeconds = (365 * DAY_MS) / 1000;
  // The test's clock stands still between steps, and an answer of the step before should not serve the next.
  app.ctx.verifications = new SingleFlight(0, clock);
  app.sandbox.setWebhookUrl(`${app.url}/webhooks/paystack`);
  const staff = await app.signUp({ role: 'staff', name: 'Sola Staff' });
  return Object.assign(app, { clock, staff });
}

export const ADDRESS = {
  name: 'Ada Obi',
  line1: '1 Marina',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
};

export interface Checkout {
  shopper: SignedIn;
  goods: Goods;
  orderId: string;
  code: string;
  txRef: string;
  /** Subunits. */
  amount: number;
  checkoutKey: string;
  /** The same checkoutKey again: the shopper presses "pay" once more. */
  again(): Promise<{ orderId: string; txRef: string; authorizationUrl: string }>;
}

export const newCheckoutKey = () => randomBytes(12).toString('hex');

export interface CheckoutOptions {
  shopper?: SignedIn;
  goods?: Goods;
  quantity?: number;
  /** Of the new goods, when none are given. */
  stock?: GoodsInput['stock'];
}

/** A shopper with one kind of goods in the cart checks out; both are new unless given. */
export async function checkOut(shop: Shop, options: CheckoutOptions = {}): Promise<Checkout> {
  const { quantity = 1, stock = 10 } = options;
  const shopper = options.shopper ?? (await shop.signUp());
  const goods = options.goods ?? (await stockGoods(shop.db, { stock }));
  await shopper.client.cart.addItem.mutate({ variantId: goods.variantId, quantity });
  const checkoutKey = newCheckoutKey();
  const again = () => shopper.client.orders.initializePayment.mutate({ shippingAddress: ADDRESS, checkoutKey });
  const { orderId, code, txRef, amount } = await again();
  return { shopper, goods, orderId, code, txRef, amount, checkoutKey, again };
}

/** Pays at Paystack and waits until its webhooks, if any are sent, are answered. */
export async function pay(shop: Shop, txRef: string, options: PayOptions = {}): Promise<void> {
  shop.sandbox.pay(txRef, options);
  await shop.sandbox.webhooksIdle();
}

/** Pays in silence: no webhook comes, and nobody visits the redirect. */
export const paySilently = (shop: Shop, txRef: string, options: PayOptions = {}) =>
  pay(shop, txRef, { ...options, webhook: 'lose' });

/** A confirmed order of a shopper of its own; its first emails are sent. */
export async function buy(shop: Shop, options: CheckoutOptions = {}, payment: PayOptions = {}): Promise<Checkout> {
  const checkout = await checkOut(shop, options);
  await pay(shop, checkout.txRef, payment);
  await work(shop);
  const { status } = await orderOf(shop, checkout);
  if (status !== 'confirmed') throw new Error(`order ${checkout.code} is ${status} instead of confirmed`);
  return checkout;
}

/** What the jobs of one moment do: settle, refund, write emails. */
export async function work(shop: Shop): Promise<void> {
  await runSettlementOnce(shop.ctx);
  await runRefundsOnce(shop.ctx);
  await shop.sandbox.webhooksIdle();
  await runEmailsOnce(shop.ctx);
}

/** One round of the sweep alone, nothing being too young. */
export const sweep = (shop: Shop) => runSweepOnce(shop.ctx, { lowerAgeMs: 0 });

/** Time passes, the sweep comes by. */
export async function sweepAfter(shop: Shop, ms: number): Promise<void> {
  shop.clock.advance(ms);
  await sweep(shop);
}

/** Paystack finishes every refund it was sent, and we hear of it by asking alone. */
export async function finishRefunds(shop: Shop): Promise<void> {
  await work(shop);
  shop.sandbox.scriptWebhooks({ event: 'refund.*', mode: 'lose' });
  shop.sandbox.finishRefunds();
  shop.sandbox.clearWebhookRules();
  shop.clock.advance(11 * MINUTE_MS);
  await work(shop);
}

/** The browser comes back from Paystack. Gives the answer that programs get. */
export async function returnFromPaystack(
  shop: TestApp,
  txRef: string,
): Promise<{ httpStatus: number; status?: string }> {
  const reply = await fetch(`${shop.url}/orders/verify-payment/${txRef}`, { headers: { accept: 'application/json' } });
  const body: unknown = await reply.json();
  const status = typeof body === 'object' && body !== null && 'status' in body ? String(body.status) : undefined;
  return { httpStatus: reply.status, ...(status === undefined ? {} : { status }) };
}

export function orderOf(shop: TestApp, { orderId }: Pick<Checkout, 'orderId'>): Promise<Order> {
  return getOrder(shop.db, new mongoose.Types.ObjectId(orderId));
}

/** Free and held units of the goods. */
export async function stockOf(shop: TestApp, goods: Goods): Promise<{ stock: number; reserved: number }> {
  const variant = await shop.db.variants.findById(goods.variantId).lean();
  return { stock: variant?.stock ?? 0, reserved: variant?.reserved ?? 0 };
}

/** The kinds of the emails that came for one shopper, oldest first, as the outbox names them. */
export function mailKinds(shop: TestApp, shopper: SignedIn): string[] {
  return mailsTo(shop, shopper).map(({ key }) => key?.split(':')[1] ?? '');
}

export function mailsTo(shop: TestApp, shopper: SignedIn): Mail[] {
  return shop.mailbox.mails({ to: shopper.email });
}

/** The mail of one kind to one shopper; fails when there is none or more than one. */
export function theMail(shop: TestApp, shopper: SignedIn, kind: string): Mail {
  const [mail, ...more] = mailsTo(shop, shopper).filter(({ key }) => key?.split(':')[1] === kind);
  if (!mail || more.length > 0) throw new Error(`${more.length + (mail ? 1 : 0)} mails of kind ${kind}`);
  return mail;
}

/** What was logged as an alert, by event. */
export function alerts(shop: TestApp): Record<string, unknown>[] {
  return shop.logged.filter(({ alert }) => alert === true);
}

/** What was logged as refunds requested for one order, by kind and amount. */
export function refundsAnnounced(shop: TestApp, { orderId }: Pick<Checkout, 'orderId'>): unknown[] {
  return shop.logged
    .filter((line) => line.event === 'refund_requested' && line.orderId === orderId)
    .map(({ kind, amount }) => ({ kind, amount }));
}

/** Refunds that Paystack holds for one charge, failed ones apart. */
export function refundsAtPaystack(shop: TestApp, txRef: string): { amount: number; status: string }[] {
  return shop.sandbox.transaction(txRef).refunds.map(({ amount, status }) => ({ amount, status }));
}

/** The code of the AppError that the call answers with; fails when it succeeds. */
export async function errorCodeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const data = error instanceof Error && 'data' in error ? error.data : null;
    if (typeof data === 'object' && data !== null && 'code' in data) return String(data.code);
    throw error;
  }
  throw new Error('the call succeeded');
}

/** The end of every story: after one more round of the sweep nothing is overdue, and database, ledger and mailbox agree. */
export async function expectBooksInOrder(shop: Shop, options: InvariantOptions = {}): Promise<void> {
  await sweep(shop);
  await shop.sandbox.webhooksIdle();
  await assertInvariants(shop, { now: shop.clock.now(), domain: 'test', ...options });
}
