/**
 * One case of the crash matrix: a shopper buys, the victim crashes at the point, and a remaining or restarted process
 * completes the order. The shopper retries with the same checkoutKey.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createTRPCClient, type HTTPLinkOptions, httpLink } from '@trpc/client';
import { Types } from 'mongoose';
import { startMailbox } from '../../../dev/mailbox/mailbox.ts';
import { startPaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import { createUser } from '../../../models/accounts/create-user.ts';
import { createProduct, createVariant } from '../../../models/catalogue/edit-catalogue.ts';
import { type Database, openDatabase } from '../../../models/db/database.ts';
import { migrate } from '../../../models/db/migrations/migrate.ts';
import type { Email } from '../../../models/messaging/email-document.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { hashPassword } from '../../../server/auth/passwords.ts';
import type { AppRouter } from '../../../server/trpc/router.ts';
import { eventually } from '../../support/eventually.ts';
import { assertInvariants, type InvariantOptions } from '../../support/invariants.ts';
import { ADDRESS, changeStock } from '../../support/orders.ts';
import { testMongoUri, uniqueDatabaseName } from '../../support/test-mongo.ts';
import type { Crash, CrashCase, CrashPoint, Moment } from './points.ts';
import { fastClock, type ShopSettings } from './shop-entry.ts';
import { forkShop, type ShopProcess } from './shop-process.ts';
import { expectLeft, expectOneOrder, readState } from './system-state.ts';

/** Claims of two minutes end in eight seconds. Those of an email end in four, still longer than delays on a busy machine. */
const FACTOR = 15;
/** Longer than each lock and than Agenda's 2 s. The settlement's lease uses mongod's clock, the claims the fast clock. */
const PAUSE_MS = { attempt: 2_500, email: 4_500, refund: 8_500, dispute: 8_500, lease: 11_000 };
/** The timeout of one call. */
const TRY_MS = 8_000;
const HEAL_MS = 45_000;

export async function runCase(entry: string, { point, crash, company, rivalDies }: CrashCase): Promise<void> {
  const victim = forkShop(entry);
  const other = company === 'rival' || crash === 'kill' ? forkShop(entry) : null;
  const setup = await setUp(point);
  try {
    const shop: Shop = { url: '' };
    direct(setup, shop, await victim.start({ ...setup.settings, trip: { moments: point.moments, crash } }));
    const buying = buy(setup, shop, point, () => victim.arm());
    await Promise.race([victim.tripped, failLate(`${point.id} was not reached`), buying.then(() => victim.tripped)]);
    if (crash === 'kill') await victim.exited;
    if (crash === 'pause') await victim.paused();
    // After a throw the process continues at once, so its state at the point cannot be read.
    const left = crash === 'throw' ? null : await readState(setup);
    if (left) expectLeft(point.id, point.leaves, left);
    const inFlight = crash === 'kill' ? await emailsInFlight(setup) : [];
    // `other` is the rival, or the restarted process. Without it the victim itself continues.
    if (other) await takeOver(setup, shop, other, rivalDies);
    if (crash === 'pause') {
      // The rival can reach its crash point only after the lock has expired.
      if (other && rivalDies) await Promise.race([other.exited, failLate('the rival did not get the work')]);
      else await delay(PAUSE_MS[point.lock]);
      victim.resume();
    }
    const { orderId, authorizationUrl } = await buying;
    await settled(setup, orderId, point);
    await Promise.all([victim.stop(), other?.stop()]);
    const latePage = point.latePage === true && crash === 'pause';
    expectOneOrder(authorizationUrl, left, await readState(setup), latePage);
    await assertInvariants(
      { db: setup.db, sandbox: setup.sandbox, mailbox: setup.mailbox, ctx: { clock: setup.clock } },
      { copies: allowedCopies(point, crash, inFlight) },
    );
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${victim.output()}\n${other?.output() ?? ''}`, {
      cause: error,
    });
  } finally {
    await Promise.all([victim.stop(), other?.stop()]);
    await setup.close();
  }
}

/**
 * Emails that a killed process had claimed and not marked as sent. The provider may have accepted one of them before the
 * crash; it is sent again when the claim ends.
 */
async function emailsInFlight({ db }: Setup): Promise<string[]> {
  const claimed = await db.emails.find({ state: 'queued', claimedBy: { $exists: true } }).lean<Email[]>();
  return claimed.map(({ _id }) => _id);
}

/**
 * After a kill, one copy of each email in flight is allowed. After a pause past the locks, other processes may have claimed
 * any email. After a throw, a copy is allowed only if the reply to a send was lost.
 */
function allowedCopies(
  point: CrashPoint,
  crash: Crash,
  inFlight: readonly string[],
): NonNullable<InvariantOptions['copies']> {
  if (crash === 'kill') return inFlight;
  return crash === 'pause' || point.copies === true ? 'allowed' : 'forbidden';
}

/** The current URL; it changes when another process takes over. */
interface Shop {
  url: string;
}

/** Routes shoppers and webhooks to the process at `url`. */
function direct({ sandbox }: Setup, shop: Shop, url: string): void {
  shop.url = url;
  sandbox.setWebhookUrl(`${url}/webhooks/paystack`);
}

/** Starts the other process in the victim's place. With `dies` it works on jobs but receives no requests. */
async function takeOver(setup: Setup, shop: Shop, other: ShopProcess, dies?: readonly Moment[]): Promise<void> {
  if (!dies) return direct(setup, shop, await other.start({ ...setup.settings, trip: null }));
  // It may reach its crash point before it reports that it started.
  const started = other.start({ ...setup.settings, trip: { moments: dies, crash: 'kill' } }).catch(() => null);
  other.arm();
  await started;
}

type Setup = Awaited<ReturnType<typeof setUp>>;

async function setUp({ scenario }: CrashPoint) {
  const dbName = uniqueDatabaseName();
  const timing = { since: Date.now(), factor: FACTOR };
  const clock = fastClock(timing);
  const secretKey = `sk_test_${randomBytes(20).toString('hex')}`;
  const [db, sandbox, mailbox] = await Promise.all([
    openDatabase(testMongoUri(), { dbName, maxPoolSize: 5 }),
    startPaystackSandbox({ secretKey, clock, refundStepMs: 50 }),
    startMailbox({ clock }),
  ]);
  await migrate(db);
  const settings: Omit<ShopSettings, 'trip'> = {
    env: {
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      OPS_PORT: '0',
      STOREFRONT_URL: 'http://storefront.example',
      MONGODB_URI: testMongoUri(),
      PAYSTACK_SECRET_KEY: secretKey,
      SENDGRID_API_KEY: 'SG.mailbox',
      JWT_SECRET: randomBytes(32).toString('hex'),
      SHIPPING_FEE: 'NGN 1500',
    },
    dbName,
    paystackBaseUrl: sandbox.url,
    sendgridBaseUrl: mailbox.url,
    clock: timing,
    ...(scenario === 'paid out' ? { reconcileEveryMs: 1_000 } : {}),
  };
  const variantId = await stockOneVariant(db, clock.now());
  const close = async () => {
    await Promise.all([sandbox.close(), mailbox.close()]);
    await db.connection.dropDatabase();
    await db.connection.close();
  };
  return { db, sandbox, mailbox, clock, settings, variantId, scenario, close };
}

async function stockOneVariant(db: Database, now: Date): Promise<string> {
  const product = await createProduct(
    db,
    { slug: 'lamp', title: 'Lamp', description: 'A lamp.', category: 'light' },
    { actor: 'system', now },
  );
  const input = {
    productId: product._id,
    sku: 'LAMP',
    title: 'Brass',
    price: 500_000,
    currency: 'NGN',
    stock: 2,
  } as const;
  return String((await createVariant(db, input, { actor: 'system', now }))._id);
}

interface Bought {
  orderId: string;
  /** The page in the reply to the shopper. */
  authorizationUrl: string;
}

/** Buys up to the payment, with retries against the current process. */
async function buy(setup: Setup, shop: Shop, point: CrashPoint, arm: () => void): Promise<Bought> {
  const { token } = await client(shop).auth.register.mutate({
    email: 'ada@example.com',
    password: 'correct horse',
    name: 'Ada',
  });
  await client(shop, token).cart.addItem.mutate({ variantId: setup.variantId, quantity: 2 });
  // Points that only a refund passes are armed early too; nothing before the refund matches them.
  arm();
  const input = { shippingAddress: ADDRESS, checkoutKey: randomBytes(12).toString('hex') };
  const { orderId, txRef, authorizationUrl } = await persistently('a payment page', () =>
    client(shop, token).orders.initializePayment.mutate(input),
  );
  if (point.scenario === 'short of stock') await sellElsewhere(setup);
  const lost = point.scenario === 'bought, webhook lost';
  setup.sandbox.pay(txRef, { webhook: lost ? 'lose' : 'send' });
  // Paystack redirects the browser even if the webhook is lost; a shopper reloads a page that fails.
  if (lost) await persistently('the way back', () => visit(`${shop.url}/orders/verify-payment/${txRef}`));
  if (point.scenario === 'paid out') await payOut(setup);
  if (point.scenario === 'disputed') await answer(setup, shop, { orderId, reference: txRef });
  return { orderId, authorizationUrl };
}

/** The bank disputes the charge once the order is confirmed, and staff decline that. */
async function answer(
  { db, sandbox, clock }: Setup,
  shop: Shop,
  { orderId, reference }: { orderId: string; reference: string },
): Promise<void> {
  await eventually('the order to be confirmed', () => db.orders.exists({ status: 'confirmed' }), HEAL_MS);
  const { id } = sandbox.openDispute(reference, { category: 'fraud' });
  await eventually('the dispute to be known', () => db.orders.exists({ 'disputes.disputeId': String(id) }), HEAL_MS);
  const staff = { email: 'staff@example.com', name: 'Sola', role: 'manager' } as const;
  await createUser(db, { ...staff, passwordHash: await hashPassword('correct horse') }, clock.now());
  const { token } = await client(shop).auth.login.mutate({ email: staff.email, password: 'correct horse' });
  const input = { id: orderId, disputeId: String(id), resolution: 'decline', message: 'Delivered.' } as const;
  const key = randomBytes(12).toString('hex');
  await persistently('the answer', () => client(shop, token).admin.answerDispute.mutate({ ...input, key }));
}

/** Paystack pays out the charge, once the shop has it. */
async function payOut({ db, sandbox }: Setup): Promise<void> {
  await eventually('the charge to be recorded', () => db.orders.exists({ paymentStatus: 'paid' }), HEAL_MS);
  sandbox.settle();
}

/** Sells one of the two units while the shopper is at Paystack. */
async function sellElsewhere({ db, variantId, clock }: Setup): Promise<void> {
  const actor = { actor: 'system', now: clock.now() };
  await changeStock(db, new Types.ObjectId(variantId), -1, actor);
}

async function visit(url: string): Promise<void> {
  const reply = await fetch(url, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(TRY_MS) });
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
}

function client(shop: Shop, token?: string) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = () => authorization;
  return createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${shop.url}/trpc`, headers, fetch: fetchWithinTry })],
  });
}

const fetchWithinTry: NonNullable<HTTPLinkOptions<AppRouter['_def']['_config']['$types']>['fetch']> = (input, init) =>
  fetch(String(input), {
    method: init?.method ?? 'GET',
    headers: Object.entries(init?.headers ?? {}),
    ...(typeof init?.body === 'string' ? { body: init.body } : {}),
    signal: AbortSignal.timeout(TRY_MS),
  });

async function persistently<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  let last: unknown;
  const tryOnce = async () => {
    try {
      return { value: await attempt() };
    } catch (error) {
      last = error;
      return null;
    }
  };
  try {
    return (await eventually(what, tryOnce, HEAL_MS)).value;
  } catch (error) {
    throw new Error(`${error}; last: ${last}`);
  }
}

/** Waits for the final status, for all emails and for all webhooks. */
async function settled({ db, scenario }: Setup, orderId: string, point: CrashPoint): Promise<void> {
  const end =
    scenario === 'short of stock'
      ? { status: 'cancelled', paymentStatus: 'refunded' }
      : { status: 'confirmed', paymentStatus: 'paid' };
  const isSettled = async () => {
    const order = await db.orders.findById(orderId).lean<Order>();
    const owed = await db.emails.find({ state: { $ne: 'sent' } }).lean<Email[]>();
    const unproved = scenario === 'paid out' && !(await db.payouts.exists({ state: 'proved' }));
    const unanswered =
      scenario === 'disputed' && !(await db.orders.exists({ 'disputes.answer.sentAt': { $exists: true } }));
    const events = await db.webhookEvents.countDocuments({ dueAt: { $exists: true } });
    return (
      order?.status === end.status &&
      order.paymentStatus === end.paymentStatus &&
      owed.length === 0 &&
      events === 0 &&
      !unproved &&
      !unanswered
    );
  };
  await eventually(`${point.id}: the order to be ${end.status}`, isSettled, HEAL_MS);
}

async function failLate(message: string): Promise<never> {
  await delay(HEAL_MS, undefined, { ref: false });
  throw new Error(message);
}
