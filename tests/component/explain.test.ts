/**
 * Each query of models/ on some thousand documents, as the server's profiler reports it. It must use an index, examine
 * few documents and sort by the index. Sorts in memory are listed with their reasons.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { getOrCreateBySubject } from '../../models/accounts/create-user.ts';
import { findAccount, findUserByEmail } from '../../models/accounts/find-user.ts';
import { readBacklog } from '../../models/backlog.ts';
import { addItem, ensureLines, viewCart } from '../../models/cart/cart-view.ts';
import { addToCart, setCartQuantity } from '../../models/cart/change-cart.ts';
import { findCart } from '../../models/cart/write-cart.ts';
import { findSlugs } from '../../models/catalogue/addresses.ts';
import { findProducts, getProduct } from '../../models/catalogue/browse.ts';
import { previewCount } from '../../models/catalogue/desk/count-stock.ts';
import { getStaffProduct } from '../../models/catalogue/desk/find-product.ts';
import { findStaffProducts } from '../../models/catalogue/desk/find-products.ts';
import { listStockRows } from '../../models/catalogue/desk/stock-rows.ts';
import { archiveProduct } from '../../models/catalogue/edit-catalogue.ts';
import { findVariant } from '../../models/catalogue/find-variants.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { placeOrder } from '../../models/checkout/place-order.ts';
import type { Database } from '../../models/db/database.ts';
import { readSales } from '../../models/figures/roll-up-sales.ts';
import { readSalesOfDay } from '../../models/figures/sales-of-day.ts';
import { readToday } from '../../models/figures/today.ts';
import { claimDueEmails, findEmailsOfOrder } from '../../models/messaging/email-outbox.ts';
import { findFailedEmails } from '../../models/messaging/failed-emails.ts';
import { findDueWebhooks, storeWebhookEvent } from '../../models/messaging/webhook-inbox.ts';
import type { Order } from '../../models/order/order-document.ts';
import { countOrderLists } from '../../models/order/queries/count-lists.ts';
import { findOrderByReference, getOrderOfUser } from '../../models/order/queries/find-order.ts';
import { findOrdersOfUser } from '../../models/order/queries/list-orders.ts';
import { readOrderRecords } from '../../models/order/queries/order-records.ts';
import { searchOrders } from '../../models/order/queries/search-orders.ts';
import { recordCharge } from '../../models/payment/record-charge.ts';
import { claimVerify, findDueVerifies } from '../../models/payment/verify-queue.ts';
import { listPayoutLines, listPayouts, listUnpaidCharges } from '../../models/payout/list-payouts.ts';
import type { PayoutReport } from '../../models/payout/payout-reports.ts';
import { beginReading } from '../../models/payout/store-payout.ts';
import { completePass, findPassState } from '../../models/reconcile/pass-state.ts';
import { claimRefund, findDueRefunds, makeBalanceRefundsDue } from '../../models/refund/refund-queue.ts';
import { rebuildSearch } from '../../models/search/repair-search.ts';
import { settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { settleBatch } from '../../models/settlement/settle-batch.ts';
import { dayOf } from '../../models/shop-time.ts';
import { fillDatabase } from '../support/filled-database.ts';
import {
  claimantAt,
  makePaidOrder,
  makePendingOrder,
  openOwnDatabase,
  reportOf,
  STORED_ADDRESS,
} from '../support/orders.ts';

let db: Database;
let order: Order;
let variant: Variant;
/** A whole second, like the bounds of a day: the range of ids alone then answers a search by time. */
const now = new Date(Math.floor(Date.now() / 1_000) * 1_000);
const PAYOUT: PayoutReport = {
  ...{ payoutId: '1', domain: 'test', status: 'success', currency: 'NGN', paidOn: null, createdAt: null },
  ...{ gross: 0, fees: 0, deductions: 0, net: 0 },
};
const endOfPass = {
  startedAt: now,
  from: now,
  now,
  read: new Set<string>(),
  unread: new Map<string, string>(),
  holds: false,
};
beforeAll(async () => {
  db = await openOwnDatabase();
  ({ order, variant } = await fillDatabase(db, now));
  await rebuildSearch(db);
  await beginReading(db, PAYOUT, 'earlier', now);
}, 30_000);
afterAll(() => db.connection.close());

interface Profiled {
  op: string;
  ns: string;
  planSummary?: string;
  hasSortStage?: boolean;
  docsExamined?: number;
  command?: object;
}

interface Allowance {
  /** The limit of documents that one command may examine. */
  most?: number;
  /** The reason why this sort in memory is right. */
  sorts?: string;
}

/** The profiler's entries for `run`. */
async function profile(run: () => Promise<unknown>): Promise<Profiled[]> {
  const mongo = db.connection.db;
  if (!mongo) throw new Error('not connected');
  await mongo.collection('system.profile').drop();
  await mongo.command({ profile: 2 });
  await run().finally(() => mongo.command({ profile: 0 }));
  const ours = { ns: { $not: /system\.profile$/ }, op: { $in: ['query', 'command', 'update', 'remove', 'getmore'] } };
  return mongo.collection<Profiled>('system.profile').find(ours).toArray();
}

function faultOf(
  { op, ns, planSummary, hasSortStage, docsExamined = 0, command }: Profiled,
  { most = 30, sorts }: Allowance,
) {
  const faults = [
    ...(planSummary?.includes('COLLSCAN') ? ['reads a whole collection'] : []),
    ...(hasSortStage && sorts === undefined ? ['sorts in memory'] : []),
    ...(docsExamined > most ? [`looks at ${docsExamined} documents`] : []),
  ];
  return faults.length === 0
    ? []
    : [`${op} ${ns} ${planSummary}: ${faults.join(', ')}; ${JSON.stringify(command).slice(0, 300)}`];
}

const page = { limit: 20 };
const outsider = { subject: 'https://issuer.example|7', email: 'outsider@example.com', name: 'Outsider' };
const terms = { shippingFees: [{ amount: 0, currency: 'NGN' }], currency: 'NGN' } as const;
const care = { most: 60, sorts: 'what needs care is few, of all kinds together, and shown newest first' };
/** It counts the waiting documents, one in two hundred of each kind, and reads no others. */
const waiting = { most: 60 };
const productId = () => String(order.items[0]?.productSnapshot.productId);
/** With blanks, so that none of its words is stored and only the number is found. */
const phone = '0800 000 0000';
const beginning = { sorts: 'the ids of a beginning, which are in the order of its words' };
/** The rows of the rarest word are compared with the other conditions. */
const rows = { most: 2_100, sorts: 'the ids of a beginning, which are in the order of its words' };
const failed = { most: 100, sorts: 'emails that failed are few, and those of one instant are in no order' };
const ofShop = { timeZone: 'UTC', domain: 'test' } as const;
/** An index of the stock would make every sale slower, so all variants are read. */
const scarce = { most: 2_000, sorts: 'the products with few units, the scarcest first' };
const single = { sorts: 'at most one order has it' };
/** A page's products and one more, each with two variants. */
const cards = { most: 100, sorts: 'the variants of one product, which are few, by currency' };

const QUERIES: [string, () => Promise<unknown>, Allowance?][] = [
  ['a customer’s orders', () => findOrdersOfUser(db, order.userId, page)],
  [
    'a customer’s orders, the next page',
    () => findOrdersOfUser(db, order.userId, { ...page, cursor: String(order._id) }),
  ],
  ['a customer’s orders of one status', () => findOrdersOfUser(db, order.userId, { ...page, status: 'confirmed' })],
  ['the owner’s order', () => getOrderOfUser(db, order._id, order.userId)],
  ['the order of a reference', () => findOrderByReference(db, order.txRef)],
  ['all orders, newest first', () => searchOrders(db, page)],
  ['search by status', () => searchOrders(db, { ...page, status: 'shipped' })],
  ['search by email', () => searchOrders(db, { ...page, email: order.contactSnapshot.email })],
  ['search by code', () => searchOrders(db, { ...page, code: order.code }), single],
  ['search by reference', () => searchOrders(db, { ...page, reference: order.txRef }), single],
  ['search by day', () => searchOrders(db, { ...page, from: new Date(now.getTime() - 3600_000), to: now })],
  ['search by status and day', () => searchOrders(db, { ...page, status: 'shipped', from: new Date(0), to: now })],
  [
    'search by email, the next page',
    () => searchOrders(db, { ...page, email: order.contactSnapshot.email, cursor: String(order._id) }),
  ],
  ['a text search by code', () => searchOrders(db, { ...page, search: order.code }), beginning],
  ['a text search by the beginning of a code', () => searchOrders(db, { ...page, search: 'COPY' }), beginning],
  ['a text search by email', () => searchOrders(db, { ...page, search: order.contactSnapshot.email }), beginning],
  ['a text search by phone number', () => searchOrders(db, { ...page, search: phone })],
  ['a text search by words', () => searchOrders(db, { ...page, search: 'some 7@' }), rows],
  ['a text search by status', () => searchOrders(db, { ...page, search: phone, status: 'shipped' }), { most: 2_100 }],
  ['a text search by day', () => searchOrders(db, { ...page, search: phone, from: new Date(0), to: now })],
  ['a text search, the next page', () => searchOrders(db, { ...page, search: phone, cursor: String(order._id) })],
  ['what is parked', () => searchOrders(db, { ...page, attention: 'parked' }), care],
  ['what is in review', () => searchOrders(db, { ...page, attention: 'review' }), care],
  ['refunds that wait for a person', () => searchOrders(db, { ...page, attention: 'refund' }), care],
  ['stuck work', () => searchOrders(db, { ...page, attention: 'stuck' }), care],
  ['open disputes', () => searchOrders(db, { ...page, attention: 'dispute' }), care],
  ['what to ship, oldest first', () => searchOrders(db, { ...page, status: 'confirmed', oldestFirst: true })],
  ['the list of what to ship', () => searchOrders(db, { ...page, list: 'to_ship' })],
  ['the list of what is unpaid', () => searchOrders(db, { ...page, list: 'unpaid' }), { most: 1_002 }],
  ['the list of what ended', () => searchOrders(db, { ...page, list: 'cancelled' })],
  ['the orders of a product', () => searchOrders(db, { ...page, product: productId(), list: 'shipped' }), rows],
  ['the orders of a channel', () => searchOrders(db, { ...page, channel: 'card', delivery: 'standard' }), rows],
  ['the numbers of the lists', () => countOrderLists(db), { most: 1_002 }],
  ['emails that could not be sent', () => findFailedEmails(db, { ...page, now }), failed],
  ['what waits for staff', () => readToday(db, { domain: 'test', now }), { ...care, most: 1_002 }],
  ['the sales of a day', () => readSalesOfDay(db, { day: dayOf(now, 'UTC'), ...ofShop }, now), { most: 2_000 }],
  ['the rolled-up sales', () => readSales(db)],
  ['staff’s products', () => findStaffProducts(db, page), { most: 100 }],
  ['staff’s products by words', () => findStaffProducts(db, { ...page, search: 'rare thing' }), { most: 1_000 }],
  ['staff’s products by a SKU', () => findStaffProducts(db, { ...page, search: 'PRODUCT-7' }), { most: 1_000 }],
  ['archived products', () => findStaffProducts(db, { ...page, archived: 'only' }), { most: 600 }],
  ['products of which few are left', () => findStaffProducts(db, { ...page, lowStock: true }), scarce],
  ['one of staff’s products', () => getStaffProduct(db, variant.productId)],
  ['the stock ledger of a variant', () => listStockRows(db, variant._id, page)],
  ['a count of the shelf', () => previewCount(db, { variantId: variant._id, counted: 9, shown: 9 }), { most: 400 }],
  ['an order’s timeline', () => readOrderRecords(db, order)],
  ['an order’s emails', () => findEmailsOfOrder(db, order._id)],
  ['attempts to be asked about', () => findDueVerifies(db, now, 500)],
  ['claiming a question', () => claimVerify(db, order._id, { minutes: 60 }, now)],
  ['refunds that are due', () => findDueRefunds(db, now, 500)],
  ['claiming a refund', () => claimRefund(db, order._id, now)],
  ['claiming emails', () => claimDueEmails(db, 'somebody', now, 8)],
  ['webhooks to be applied', () => findDueWebhooks(db, now, 500)],
  ['products, newest first', () => findProducts(db, page), cards],
  ['products of a category', () => findProducts(db, { ...page, category: 'category-3' }), cards],
  ['a search', () => findProducts(db, { ...page, search: 'rare thing' }), { ...cards, most: 1_000 }],
  ['a search with a typing error', () => findProducts(db, { ...page, search: 'thimg' }), { ...cards, most: 1_000 }],
  ['a product by its slug', () => getProduct(db, 'product-7', [])],
  ['the addresses of products', () => findSlugs(db, 50), { most: 50 }],
  ['a cart', async () => viewCart(db, await findCart(db, order.userId), terms)],
  [
    'an addition to a cart',
    async () => {
      const [known, added] = await Promise.all([findCart(db, order.userId), findVariant(db, variant._id)]);
      await addItem(db, known, { added, quantity: 1 }, terms);
    },
  ],
  [
    'ensuring lines of a cart',
    async () => ensureLines(db, await findCart(db, order.userId), [{ variantId: variant._id, quantity: 1 }], terms),
  ],
  ['setting a quantity', () => setCartQuantity(db, order.userId, variant._id, 2)],
  ['an account', () => findAccount(db, order.userId)],
  ['what waits, and for how long', () => readBacklog(db, now, 1_000), waiting],
  ['an account by email', () => findUserByEmail(db, 'user7@example.com')],
  ['an account of an outside issuer', () => getOrCreateBySubject(db, outsider, now)],
  ['when a pass last ended', () => findPassState(db, 'charges')],
  ['the end of a pass', () => completePass(db, 'charges', { unread: [], setAside: [] }, endOfPass)],
  ['a page of payouts', () => listPayouts(db, { limit: 20 })],
  ['the reading of a payout', () => beginReading(db, PAYOUT, 'reading', now)],
  ['a page of the charges in a payout', () => listPayoutLines(db, PAYOUT.payoutId, { limit: 20 })],
  ['charges in no payout', () => listUnpaidCharges(db, { limit: 20 })],
  ['refunds that wait for the balance', () => makeBalanceRefundsDue(db, now, 500)],
  // The query of reconcilePaystack for each charge in Paystack's list.
  ['the order of a charge that is not ours', () => findOrderByReference(db, 'ord-UNKNOWN-1')],
];

test.each(QUERIES)('goes by an index and looks at few documents: %s', async (_name, run, allowance = {}) => {
  const commands = await profile(run);
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.flatMap((one) => faultOf(one, allowance))).toEqual([]);
});

test('placing an order and hearing of its money', async () => {
  const userId = new Types.ObjectId();
  const input = { userId, contact: { email: 'a@example.com', name: 'A' }, shippingAddress: STORED_ADDRESS, now };
  const commands = await profile(async () => {
    await addToCart(db, userId, { variantId: variant._id, price: variant.price, currency: variant.currency }, 1);
    const code = 'EXPLAINED';
    const { order: placed } = await placeOrder(db, {
      ...input,
      checkoutKey: 'explained',
      sent: {},
      code,
      shippingFees: terms.shippingFees,
      reservationMinutes: 15,
      claimant: claimantAt(now),
    });
    await recordCharge(db, { report: reportOf(placed), source: 'verify', domain: 'test', refundId: 'r', now });
    await storeWebhookEvent(db, { _id: 'd'.repeat(64), kind: 'other', event: 'x', reference: null, charge: null }, now);
  });
  expect(commands.flatMap((one) => faultOf(one, {}))).toEqual([]);
});

test('settling a batch, short orders and carts among it', async () => {
  const lines = [{ variant, quantity: 1 }];
  for (let n = 0; n < 5; n += 1) await makePaidOrder(db, { lines, now });
  await makePendingOrder(db, { lines, now });
  const drain = {
    holder: 'explain',
    now: () => now,
    budgetMs: 5_000,
    waitForLease: true,
    refundIdFor: () => 'refund-1',
  };
  const commands = await profile(() => settlePaidOrders(db, drain));
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.flatMap((one) => faultOf(one, {}))).toEqual([]);
});

test('settling a batch after a conflict, its variants written before they are read', async () => {
  for (let n = 0; n < 5; n += 1) await makePaidOrder(db, { lines: [{ variant, quantity: 1 }], now });
  const batch = { limit: 512, now, refundIdFor: () => 'refund-2', lockFirst: true };
  const commands = await profile(() => settleBatch(db, batch));
  expect(commands.some(({ op, command }) => op === 'update' && JSON.stringify(command).includes('lockCount'))).toBe(
    true,
  );
  expect(commands.flatMap((one) => faultOf(one, {}))).toEqual([]);
});

test('archiving a product with its variants', async () => {
  const product = await db.products.findOne({ slug: 'product-9' }).lean();
  if (!product) throw new Error('the house has no such product');
  const commands = await profile(() => archiveProduct(db, product._id, { actor: 'system', now }));
  expect(commands.flatMap((one) => faultOf(one, {}))).toEqual([]);
  expect(await db.variants.countDocuments({ productId: product._id, archivedAt: now })).toBe(2);
});
