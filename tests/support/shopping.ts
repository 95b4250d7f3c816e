/**
 * The actions of shoppers, staff, Paystack and jobs, over HTTP, for component tests. The app's clock stands still until
 * a test advances it, and no function sleeps.
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
import { type StockedVariant, type StockInput, stockVariant } from './stocked-variant.ts';
import { fakeClock, type SignedIn, startTestApp, type TestApp, type TestAppOptions } from './test-app.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** An app with a test clock and a member of staff. Paystack's webhooks are addressed to it. */
export interface Shop extends TestApp {
  clock: Clock & { advance(ms: number): void };
  staff: SignedIn;
}

export async function startTestShop(options: TestAppOptions = {}): Promise<Shop> {
  const clock = fakeClock();
  const app = await startTestApp({ ...options, context: { clock, ...options.context } });
  // Tests advance the clock by months, and a token must not expire on the way.
  if (app.ctx.config.auth.kind === 'own')
    app.ctx.config.auth.lifetimes = { customerMs: 365 * DAY_MS, staffMs: 365 * DAY_MS };
  // The clock stands still between steps, so a cached reading would survive into the next step.
  app.ctx.verifications = new SingleFlight(0, clock);
  app.sandbox.setWebhookUrl(`${app.url}/webhooks/paystack`);
  const staff = await app.signUp({ role: 'owner', name: 'Sola Staff' });
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
  item: StockedVariant;
  orderId: string;
  code: string;
  txRef: string;
  /** Subunits. */
  amount: number;
  checkoutKey: string;
  /** Checks out again with the same checkoutKey. */
  again(): Promise<{ orderId: string; txRef: string; authorizationUrl: string; accessCode: string }>;
}

export const newCheckoutKey = () => randomBytes(12).toString('hex');

export interface CheckoutOptions {
  shopper?: SignedIn;
  item?: StockedVariant;
  quantity?: number;
  /** The stock of a new item; ignored if `item` is given. */
  stock?: StockInput['stock'];
}

/** A shopper checks out one item. Shopper and item are new unless given. */
export async function checkOut(shop: Shop, options: CheckoutOptions = {}): Promise<Checkout> {
  const { quantity = 1, stock = 10 } = options;
  const shopper = options.shopper ?? (await shop.signUp());
  const item = options.item ?? (await stockVariant(shop.db, { stock }));
  await shopper.client.cart.addItem.mutate({ variantId: item.variantId, quantity });
  const checkoutKey = newCheckoutKey();
  const again = () => shopper.client.orders.initializePayment.mutate({ shippingAddress: ADDRESS, checkoutKey });
  const { orderId, code, txRef, amount } = await again();
  return { shopper, item, orderId, code, txRef, amount, checkoutKey, again };
}

/** Pays at Paystack and waits until the webhooks, if any are sent, have responses. */
export async function pay(shop: Shop, txRef: string, options: PayOptions = {}): Promise<void> {
  shop.sandbox.pay(txRef, options);
  await shop.sandbox.webhooksIdle();
}

/** Pays, but sends no webhook and does not follow the redirect. */
export const paySilently = (shop: Shop, txRef: string, options: PayOptions = {}) =>
  pay(shop, txRef, { ...options, webhook: 'lose' });

/** A confirmed order of a new shopper, whose first emails are sent. */
export async function buy(shop: Shop, options: CheckoutOptions = {}, payment: PayOptions = {}): Promise<Checkout> {
  const checkout = await checkOut(shop, options);
  await pay(shop, checkout.txRef, payment);
  await work(shop);
  const { status } = await orderOf(shop, checkout);
  if (status !== 'confirmed') throw new Error(`order ${checkout.code} is ${status} instead of confirmed`);
  return checkout;
}

/** Runs the jobs for settlement, refunds and emails once. */
export async function work(shop: Shop): Promise<void> {
  await runSettlementOnce(shop.ctx);
  await runRefundsOnce(shop.ctx);
  await shop.sandbox.webhooksIdle();
  await runEmailsOnce(shop.ctx);
}

/** One run of the sweep that skips no order for its age. */
export const sweep = (shop: Shop) => runSweepOnce(shop.ctx, { lowerAgeMs: 0 });

/** Advances the clock and runs the sweep. */
export async function sweepAfter(shop: Shop, ms: number): Promise<void> {
  shop.clock.advance(ms);
  await sweep(shop);
}

/** Paystack finishes all its refunds. The refund jobs learn of it from listRefunds alone. */
export async function finishRefunds(shop: Shop): Promise<void> {
  await work(shop);
  shop.sandbox.scriptWebhooks({ event: 'refund.*', mode: 'lose' });
  shop.sandbox.finishRefunds();
  shop.sandbox.clearWebhookRules();
  shop.clock.advance(11 * MINUTE_MS);
  await work(shop);
}

/** The browser returns from Paystack. Gives the response for programs. */
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

/** The free and reserved units of the item. */
export async function stockOf(shop: TestApp, item: StockedVariant): Promise<{ stock: number; reserved: number }> {
  const variant = await shop.db.variants.findById(item.variantId).lean();
  return { stock: variant?.stock ?? 0, reserved: variant?.reserved ?? 0 };
}

/** The kinds of the shopper's emails, oldest first, as in the outbox. */
export function mailKinds(shop: TestApp, shopper: SignedIn): string[] {
  return mailsTo(shop, shopper).map(({ key }) => key?.split(':')[1] ?? '');
}

export function mailsTo(shop: TestApp, shopper: SignedIn): Mail[] {
  return shop.mailbox.mails({ to: shopper.email });
}

/** The shopper's one email of this kind. Throws if there is none or more than one. */
export function theMail(shop: TestApp, shopper: SignedIn, kind: string): Mail {
  const [mail, ...more] = mailsTo(shop, shopper).filter(({ key }) => key?.split(':')[1] === kind);
  if (!mail || more.length > 0) throw new Error(`${more.length + (mail ? 1 : 0)} mails of kind ${kind}`);
  return mail;
}

/** The logged alerts, by event. */
export function alerts(shop: TestApp): Record<string, unknown>[] {
  return shop.logged.filter(({ alert }) => alert === true);
}

/** The logged refund requests of one order, by kind and amount. */
export function refundsAnnounced(shop: TestApp, { orderId }: Pick<Checkout, 'orderId'>): unknown[] {
  return shop.logged
    .filter((line) => line.event === 'refund_requested' && line.orderId === orderId)
    .map(({ kind, amount }) => ({ kind, amount }));
}

/** The refunds of one charge at Paystack, without those that repeat the money of a dispute. */
export function refundsAtPaystack(shop: TestApp, txRef: string): { amount: number; status: string }[] {
  return shop.sandbox
    .transaction(txRef)
    .refunds.filter(({ disputeId }) => disputeId === null)
    .map(({ amount, status }) => ({ amount, status }));
}

/** The code of the call's AppError. Rejects if the call succeeds. */
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

/** Runs the sweep once more, then expects no overdue work and the same records in database, ledger and mailbox. */
export async function expectAllConsistent(shop: Shop, options: InvariantOptions = {}): Promise<void> {
  await sweep(shop);
  await shop.sandbox.webhooksIdle();
  await assertInvariants(shop, { now: shop.clock.now(), domain: 'test', ...options });
}
