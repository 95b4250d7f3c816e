/** The events in a shop's life as fast-check commands. The model records only placed orders and acknowledged calls. */

import fc from 'fast-check';
import { Types } from 'mongoose';
import { newActionKey } from '../../client-sdk/src/index.ts';
import type { CardName, FaultRule, WebhookMode } from '../../dev/paystack-sandbox/src/index.ts';
import { verifyPayment } from '../../jobs/payments/verify-payment.ts';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { addToCart } from '../../models/cart/change-cart.ts';
import { dispute, reversed } from './model-returns.ts';
import { parcelHappenings } from './model-shipments.ts';
import { type DeathAfter, dyingWorker, type ModelShop, PRICE, VARIANTS } from './model-shop.ts';
import { anytime, newestReference, openPage, orDied, orRefused, pick, which, withOrder } from './model-step.ts';
import { actAsPreviewed } from './previewed-act.ts';
import { HOUR_MS, MINUTE_MS, newCheckoutKey, returnFromPaystack, sweep } from './shopping.ts';
import type { SignedIn } from './test-app.ts';

/**
 * Reconciliation lists the last 72 h, and comeToRest passes 26 h before it. An older payment is recorded from its webhook
 * only.
 */
const LONGEST_MS = 45 * HOUR_MS;

/** Writes the cart directly, because this test is not about carts. */
async function fillCart({ db, variants }: ModelShop, { id }: SignedIn, n: number, quantity: number): Promise<void> {
  const userId = new Types.ObjectId(id);
  await db.carts.deleteOne({ _id: userId });
  const variantId = new Types.ObjectId(pick(variants, n).variantId);
  await addToCart(db, userId, { variantId, price: PRICE, currency: 'NGN' }, quantity);
}

export const checkout = fc
  .record({ by: which, item: fc.nat({ max: VARIANTS - 1 }), quantity: fc.integer({ min: 1, max: 3 }) })
  .map(({ by, item, quantity }) =>
    anytime(`checkout(${by}, ${quantity} of ${item})`, async (model, shop) => {
      const shopper = pick(shop.shoppers, by);
      const checkoutKey = newCheckoutKey();
      await fillCart(shop, shopper, item, quantity);
      const placed = { shopper, item, quantity, checkoutKey, cancelled: false, restocked: false, parcels: new Map() };
      const page = await openPage(placed);
      // The order may exist even if Paystack returned no page.
      const order = page ?? (await shop.db.orders.findOne({ checkoutKey }).lean());
      if (!order) return;
      const orderId = page ? page.orderId : String('_id' in order ? order._id : '');
      model.orders.push({ ...placed, orderId, references: page ? [page.txRef] : [] });
    }),
  );

const payAgain = which.map((n) =>
  withOrder(`payAgain(${n})`, async (model) => {
    const order = pick(model.orders, n);
    const page = await openPage(order);
    if (page && !order.references.includes(page.txRef)) order.references.push(page.txRef);
  }),
);

/** Offsets from the amount due: a charge one kobo below it does not agree; above it, the customer bears the fees. */
const difference = fc.constantFrom(0, 0, 0, 0, 0, 0, -1, 1_500);
const cards = fc.constantFrom<CardName>(
  'success',
  'success',
  'success',
  'declined',
  'refund-failed',
  'refund-needs-attention',
);
const modes = fc.constantFrom<WebhookMode>('send', 'lose', 'duplicate', 'hold');
export const pay = fc
  .record({ n: which, page: which, card: cards, webhook: modes, more: difference })
  .map(({ n, page, card, webhook, more }) =>
    withOrder(
      `pay(${n}, page ${page}, ${card}, ${webhook}${more === 0 ? '' : `, ${more} more`})`,
      async (model, shop) => {
        const { references } = pick(model.orders, n);
        if (references.length === 0) return;
        const reference = pick(references, page);
        const amount = shop.sandbox.transaction(reference).requestedAmount + more;
        shop.sandbox.pay(reference, { card, webhook, capture: { amount } });
        await shop.sandbox.webhooksIdle();
      },
    ),
  );

const webhooks = fc.record({
  replay: fc.boolean(),
  n: which,
  order: fc.constantFrom('reversed' as const, 'shuffled' as const),
});
const tell = webhooks.map(({ replay, n, order }) =>
  anytime(replay ? `replay(${n})` : `release(${order})`, async (_, shop) => {
    if (!replay) return shop.sandbox.releaseWebhooks({ order });
    const sent = shop.sandbox.webhooks();
    return sent.length === 0 ? undefined : shop.sandbox.resendWebhook(pick(sent, n).id);
  }),
);

const redirect = which.map((n) =>
  withOrder(`redirect(${n})`, async (model, shop) => {
    const reference = newestReference(pick(model.orders, n));
    return reference === '' ? undefined : returnFromPaystack(shop, reference);
  }),
);

const pass = fc.constantFrom(0.2 * MINUTE_MS, 3 * MINUTE_MS, 20 * MINUTE_MS, HOUR_MS, 25 * HOUR_MS).map((ms) =>
  anytime(`pass(${ms / MINUTE_MS} min)`, async (model, shop) => {
    if (model.elapsedMs + ms > LONGEST_MS) return;
    model.elapsedMs += ms;
    shop.clock.advance(ms);
  }),
);

const WORK = {
  settle: (shop: ModelShop) => runSettlementOnce(shop.ctx),
  refunds: (shop: ModelShop) => runRefundsOnce(shop.ctx),
  emails: (shop: ModelShop) => runEmailsOnce(shop.ctx),
  sweep,
  twoSweeps: (shop: ModelShop) => Promise.all([sweep(shop), sweep(shop)]),
  reconcile: (shop: ModelShop) => runReconcileOnce(shop.ctx, { force: true }),
} as const;
const work = fc
  .constantFrom<keyof typeof WORK>('settle', 'settle', 'refunds', 'emails', 'sweep', 'sweep', 'twoSweeps', 'reconcile')
  .map((kind) => anytime(kind, (_, shop) => WORK[kind](shop)));

const crash = fc.constantFrom<DeathAfter>('verify', 'listRefunds', 'createRefund', 'send').map((after) =>
  anytime(`crash after ${after}`, async (model, shop) => {
    const dying = dyingWorker(shop.ctx, after);
    if (after === 'send') return orDied(runEmailsOnce(dying, 1));
    if (after !== 'verify') return orDied(runRefundsOnce(dying, 1));
    const reference = model.orders[0] ? newestReference(model.orders[0]) : '';
    return reference === '' ? undefined : orDied(verifyPayment(dying, reference, 'sweep'));
  }),
);

const adjust = fc
  .record({ item: fc.nat({ max: VARIANTS - 1 }), delta: fc.constantFrom(-2, -1, 1, 3) })
  .map(({ item, delta }) =>
    anytime(`adjust(${item}, ${delta})`, async (model, shop) => {
      const { variantId } = pick(shop.variants, item);
      const done = await orRefused(
        shop.staff.client.admin.adjustStock.mutate({ key: newActionKey(), variantId, delta, reason: 'count' }),
      );
      if (done) model.adjusted[item] = (model.adjusted[item] ?? 0) + delta;
    }),
  );

const cancel = fc
  .record({ n: which, by: fc.constantFrom('shopper', 'staff', 'staff keeping the units') })
  .map(({ n, by }) =>
    withOrder(`cancel(${n}, ${by})`, async (model, shop) => {
      const order = pick(model.orders, n);
      const id = order.orderId;
      const restockRest = by !== 'staff keeping the units';
      const { orders } = order.shopper.client;
      const { admin } = shop.staff.client;
      const byStaff = () =>
        actAsPreviewed(shop, {
          orderId: id,
          preview: () => admin.previewCancel.mutate({ id, restockRest }),
          act: (expected) => admin.cancel.mutate({ id, restockRest, ...expected }),
        });
      const done = by === 'shopper' ? await orRefused(orders.cancel.mutate({ id })) : await byStaff();
      if (!done || order.cancelled) return;
      order.cancelled = true;
      order.restocked = restockRest;
    }),
  );

/** Refunds by staff: all, an amount, or a unit of the order's line before or after it was shipped. */
const REFUNDS = {
  all: {},
  'a part': { amount: 30_000 },
  'a unit unshipped': { lines: [{ lineId: 1, unshipped: 1, restock: 1 }] },
  'a unit that came back': { lines: [{ lineId: 1, shipped: 1, restock: 1 }] },
  'a broken unit and the delivery': { lines: [{ lineId: 1, shipped: 1 }], delivery: true },
} as const;
const giveBack = fc
  .record({
    n: which,
    what: fc.constantFrom(...(Object.keys(REFUNDS) as (keyof typeof REFUNDS)[])),
    twice: fc.boolean(),
  })
  .map(({ n, what, twice }) =>
    withOrder(`refund(${n}, ${what}${twice ? ', pressed twice' : ''})`, async (model, shop) => {
      const { lines, ...money } = { lines: [], ...REFUNDS[what] };
      const { orderId } = pick(model.orders, n);
      const { admin } = shop.staff.client;
      const chosen = { id: orderId, ...money, lines: [...lines] };
      const input = { ...chosen, key: newActionKey() };
      await actAsPreviewed(shop, {
        orderId,
        preview: () => admin.previewRefund.mutate(chosen),
        act: (expected) => admin.refund.mutate({ ...input, ...expected }),
      });
      if (twice) await orRefused(admin.refund.mutate(input));
    }),
  );

/** Staff resolve payments in review. */
const decide = fc
  .record({ n: which, resolution: fc.constantFrom('accept' as const, 'refund' as const) })
  .map(({ n, resolution }) =>
    withOrder(`decide(${n}, ${resolution})`, async (model, shop) => {
      const { orderId: id, references } = pick(model.orders, n);
      const { admin } = shop.staff.client;
      for (const reference of references) {
        const input = { id, reference, resolution };
        await actAsPreviewed(shop, {
          orderId: id,
          preview: () => admin.previewResolveReview.mutate(input),
          act: (expected) => admin.resolveReview.mutate({ ...input, ...expected }),
        });
      }
    }),
  );

const retry = which.map((n) =>
  withOrder(`retryRefund(${n})`, async (model, shop) => {
    const { orderId: id } = pick(model.orders, n);
    const { admin } = shop.staff.client;
    const { refunds } = await admin.order.query({ id });
    for (const { id: refundId } of refunds) await orRefused(admin.retryRefund.mutate({ id, refundId }));
  }),
);

const FAULTS: FaultRule['fault'][] = [
  { kind: 'drop' },
  { kind: 'status', status: 500 },
  { kind: 'html' },
  { kind: 'html', status: 200 },
  { kind: 'malformed' },
];
const fault = fc
  .record({
    route: fc.constantFrom(
      'verify' as const,
      'refund.create' as const,
      'refund.list' as const,
      'initialize' as const,
      'mail' as const,
    ),
    fault: fc.constantFrom(...FAULTS),
    carriedOut: fc.boolean(),
  })
  .map(({ route, fault, carriedOut }) =>
    anytime(`fault(${route}, ${JSON.stringify(fault)}${carriedOut ? ', carried out' : ''})`, async (_, shop) => {
      if (route !== 'mail') shop.sandbox.script({ route, times: 1, carriedOut, fault });
      else if (fault.kind !== 'override') shop.mailbox.script({ times: 1, carriedOut, fault });
    }),
  );

const race = fc.record({ n: which, cancels: fc.boolean() }).map(({ n, cancels }) =>
  withOrder(`race(${n}${cancels ? ', cancelling' : ''})`, async (model, shop) => {
    const order = pick(model.orders, n);
    const reference = newestReference(order);
    const [last] = shop.sandbox.webhooks({ reference });
    const cancelled = cancels ? orRefused(order.shopper.client.orders.cancel.mutate({ id: order.orderId })) : null;
    const settled = [runSettlementOnce(shop.ctx), runSettlementOnce(shop.ctx)];
    if (last)
      settled.push(
        ...[shop.sandbox.resendWebhook(last.id)].map((sent) => sent.then(() => runSettlementOnce(shop.ctx))),
      );
    await Promise.all([...settled, reference === '' ? null : returnFromPaystack(shop, reference)]);
    if ((await cancelled) && !order.cancelled) Object.assign(order, { cancelled: true, restocked: true });
  }),
);

/** Weighted by repetition: the other commands need placed and paid orders. */
export const happenings = [
  checkout,
  checkout,
  checkout,
  pay,
  pay,
  pay,
  pay,
  payAgain,
  tell,
  redirect,
  pass,
  work,
  work,
  work,
  crash,
  adjust,
  cancel,
  giveBack,
  dispute,
  dispute,
  reversed,
  decide,
  retry,
  ...parcelHappenings,
  fault,
  fault,
  race,
];
