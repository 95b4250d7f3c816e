/**
 * One case of the crash matrix: a shopper buys, the victim crashes at the point, and whoever is left brings the order to its
 * end. The shopper does what shoppers do: tries again, with the same checkoutKey.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createTRPCClient, type HTTPLinkOptions, httpLink } from '@trpc/client';
import { Types } from 'mongoose';
import { startMailbox } from '../../../dev/mailbox/mailbox.ts';
import { startPaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import { adjustStock, createProduct, createVariant } from '../../../models/catalogue/edit-catalogue.ts';
import { type Database, openDatabase } from '../../../models/db/database.ts';
import { migrate } from '../../../models/db/migrations/migrate.ts';
import type { Email } from '../../../models/messaging/email-document.ts';
import type { Order } from '../../../models/order/order-document.ts';
import type { AppRouter } from '../../../server/trpc/router.ts';
import { eventually } from '../../support/eventually.ts';
import { assertInvariants, type InvariantOptions } from '../../support/invariants.ts';
import { ADDRESS } from '../../support/orders.ts';
import { testMongoUri, uniqueDatabaseName } from '../../support/test-mongo.ts';
import type { Crash, CrashCase, CrashPoint, Moment } from './points.ts';
import { fastClock, type ShopSettings } from './shop-entry.ts';
import { forkShop, type ShopProcess } from './shop-process.ts';
import { expectLeft, expectOneOrder, readStanding } from './standing.ts';

/** Claims of two minutes end in eight seconds; those of an email, in four, are still longer than a busy machine is late. */
const FACTOR = 15;
/** Longer than each lock: on the fast clock, on the server's own for the settlement's lease; and than Agenda's 2 s. */
const PAUSE_MS = { attempt: 2_500, email: 4_500, refund: 8_500, lease: 11_000 };
/** A shopper gives up on one call after so long. */
const TRY_MS = 8_000;
const HEAL_MS = 45_000;

export async function playCase(entry: string, { point, crash, company, rivalDies }: CrashCase): Promise<void> {
  const victim = forkShop(entry);
  const other = company === 'rival' || crash === 'kill' ? forkShop(entry) : null;
  const scene = await setScene(point);
  try {
    const shop: Shop = { url: '' };
    direct(scene, shop, await victim.start({ ...scene.settings, trip: { moments: point.moments, crash } }));
    const buying = buy(scene, shop, point, () => victim.arm());
    await Promise.race([victim.tripped, failLate(`${point.id} was not reached`), buying.then(() => victim.tripped)]);
    if (crash === 'kill') await victim.exited;
    const inFlight = crash === 'kill' ? await emailsInFlight(scene) : [];
    if (crash === 'pause') await victim.paused();
    // One that broke goes on at once, so there is no moment at which to look.
    const left = crash === 'throw' ? null : await readStanding(scene);
    if (left) expectLeft(point.id, point.leaves, left);
    // Killed and alone, it is started again; a rival takes over at once; else the victim itself goes on.
    if (other) await takeOver(scene, shop, other, rivalDies);
    if (crash === 'pause') {
      // A rival that is to die has outwaited the lock before it gets there.
      if (other && rivalDies) await Promise.race([other.exited, failLate('the rival did not get the work')]);
      else await delay(PAUSE_MS[point.lock]);
      victim.resume();
    }
    const { orderId, authorizationUrl } = await buying;
    await settled(scene, orderId, point);
    await Promise.all([victim.stop(), other?.stop()]);
    const latePage = point.latePage === true && crash === 'pause';
    expectOneOrder(authorizationUrl, left, await readStanding(scene), latePage);
    await assertInvariants(
      { db: scene.db, sandbox: scene.sandbox, mailbox: scene.mailbox, ctx: { clock: scene.clock } },
      { copies: rightCopies(point, crash, inFlight) },
    );
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${victim.output()}\n${other?.output() ?? ''}`, {
      cause: error,
    });
  } finally {
    await Promise.all([victim.stop(), other?.stop()]);
    await scene.close();
  }
}

/**
 * Emails that a killed process had claimed and not marked as sent. At any crash point it may have been sending one beside
 * the work that met the point: the provider may have accepted that one, and its claim ends, so it is sent again.
 */
async function emailsInFlight({ db }: Scene): Promise<string[]> {
  const claimed = await db.emails.find({ state: 'queued', claimedBy: { $exists: true } }).lean<Email[]>();
  return claimed.map(({ _id }) => _id);
}

/**
 * After a kill: one copy of each email that was in flight, at whatever point, and of no other. After a pause past the locks
 * others claim what the process had claimed or claims when it goes on. After a throw: only where the reply to a send is lost.
 */
function rightCopies(
  point: CrashPoint,
  crash: Crash,
  inFlight: readonly string[],
): NonNullable<InvariantOptions['copies']> {
  if (crash === 'kill') return inFlight;
  return crash === 'pause' || point.copies === true ? 'allowed' : 'forbidden';
}

/** Where the shop is reached; changes when another process takes over. */
interface Shop {
  url: string;
}

/** From now on shoppers and Paystack reach the process at `url`. */
function direct({ sandbox }: Scene, shop: Shop, url: string): void {
  shop.url = url;
  sandbox.setWebhookUrl(`${url}/webhooks/paystack`);
}

/** Starts the other process in the victim's place. One that is to die takes the work, but nobody calls it. */
async function takeOver(scene: Scene, shop: Shop, other: ShopProcess, dies?: readonly Moment[]): Promise<void> {
  if (!dies) return direct(scene, shop, await other.start({ ...scene.settings, trip: null }));
  // It may be there before it has said that it is up.
  const started = other.start({ ...scene.settings, trip: { moments: dies, crash: 'kill' } }).catch(() => null);
  other.arm();
  await started;
}

type Scene = Awaited<ReturnType<typeof setScene>>;

async function setScene({ story }: CrashPoint) {
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
      STOREFRONT_URL: 'http://storefront.example',
      MONGODB_URI: testMongoUri(),
      PAYSTACK_SECRET_KEY: secretKey,
      SENDGRID_API_KEY: 'SG.mailbox',
      JWT_SECRET: randomBytes(32).toString('hex'),
      SHIPPING_FEE: '1500',
    },
    dbName,
    paystackBaseUrl: sandbox.url,
    sendgridBaseUrl: mailbox.url,
    clock: timing,
  };
  const variantId = await stockOneVariant(db, clock.now());
  const close = async () => {
    await Promise.all([sandbox.close(), mailbox.close()]);
    await db.connection.dropDatabase();
    await db.connection.close();
  };
  return { db, sandbox, mailbox, clock, settings, variantId, story, close };
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
  /** The page that the shopper was shown. */
  authorizationUrl: string;
}

/** The shopper's part, up to the payment. Everything may be tried again at whoever answers. */
async function buy(scene: Scene, shop: Shop, point: CrashPoint, arm: () => void): Promise<Bought> {
  const { token } = await client(shop).auth.register.mutate({
    email: 'ada@example.com',
    password: 'correct horse',
    name: 'Ada',
  });
  await client(shop, token).cart.addItem.mutate({ variantId: scene.variantId, quantity: 2 });
  // What only a refund passes is armed from the start: no other story meets it.
  arm();
  const input = { shippingAddress: ADDRESS, checkoutKey: randomBytes(12).toString('hex') };
  const { orderId, txRef, authorizationUrl } = await persistently('a payment page', () =>
    client(shop, token).orders.initializePayment.mutate(input),
  );
  if (point.story === 'short of stock') await sellElsewhere(scene);
  const lost = point.story === 'bought, webhook lost';
  scene.sandbox.pay(txRef, { webhook: lost ? 'lose' : 'send' });
  // Paystack sends the browser back in any case; a shopper whose page does not load presses reload.
  if (lost) await persistently('the way back', () => visit(`${shop.url}/orders/verify-payment/${txRef}`));
  return { orderId, authorizationUrl };
}

/** One of the two units goes, through the ledger, while the shopper is at Paystack. */
async function sellElsewhere({ db, variantId, clock }: Scene): Promise<void> {
  const actor = { actor: 'system', now: clock.now() };
  await adjustStock(db, new Types.ObjectId(variantId), -1, 'sold at the counter', actor);
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

/** A shopper gives up on one try after a while, and tries again. */
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

/** The order has come to its end, its emails are sent, its refund is through, and nothing waits any more. */
async function settled({ db, story }: Scene, orderId: string, point: CrashPoint): Promise<void> {
  const end =
    story === 'short of stock'
      ? { status: 'cancelled', paymentStatus: 'refunded' }
      : { status: 'confirmed', paymentStatus: 'paid' };
  const look = async () => {
    const order = await db.orders.findById(orderId).lean<Order>();
    const owed = await db.emails.find({ state: { $ne: 'sent' } }).lean<Email[]>();
    const events = await db.webhookEvents.countDocuments({ dueAt: { $exists: true } });
    return (
      order?.status === end.status && order.paymentStatus === end.paymentStatus && owed.length === 0 && events === 0
    );
  };
  await eventually(`${point.id}: the order to be ${end.status}`, look, HEAL_MS);
}

async function failLate(message: string): Promise<never> {
  await delay(HEAL_MS, undefined, { ref: false });
  throw new Error(message);
}
