/**
 * 200 shoppers and 50 units; each webhook is sent twice and each redirect followed twice. Exactly 50 orders are confirmed.
 * Every other shopper is refused before paying or refunded once. It runs without and with reservations.
 */
import { assert } from '../assert.ts';
import { Crowd, type Visit } from '../crowd.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Reporter } from '../reporter.ts';
import type { Scenario } from '../scenario.ts';

const SHOPPERS = 200;
const UNITS = 50;
const RESERVATION_MINUTES = 15;
const REFUND_STEP_MS = 20;

export const flashSale: Scenario = {
  flag: 'flash-sale',
  title: `A flash sale: ${SHOPPERS} shoppers at once, ${UNITS} units, each webhook and redirect twice`,
  async run(reporter) {
    await sellOut(reporter, 0);
    await sellOut(reporter, RESERVATION_MINUTES);
  },
};

async function sellOut(reporter: Reporter, reservationMinutes: number): Promise<void> {
  reporter.title(
    reservationMinutes === 0
      ? 'Without reservations: settlement takes the stock'
      : 'With reservations: checkout reserves the stock',
  );
  const options = {
    env: { STOCK_HOLD_MINUTES: String(reservationMinutes) },
    refundStepMs: REFUND_STEP_MS,
    withPages: true,
  };
  await withDemoShop(reporter, options, async (shop) => {
    const variantId = await reporter.step(`${UNITS} units are put on sale`, () => putOnSale(shop));
    const crowd = await reporter.step(`${SHOPPERS} accounts are created`, () => Crowd.create(shop, SHOPPERS));
    const visits = await reporter.step(
      'All of them at once fill a cart, check out, pay, and follow the redirect to the order’s page twice',
      () => crowd.rush(variantId),
      (all) => `${count(all, 'paid')} have paid, ${count(all, 'refused')} were refused before paying`,
    );
    await reporter.step('The remaining orders are settled, refunded and emailed', () => crowd.untilAtRest());
    await checkOutcome(shop, visits, { variantId, reservationMinutes });
    await auditShop(shop);
  });
}

const count = (visits: readonly Visit[], outcome: Visit['outcome']) =>
  visits.filter((visit) => visit.outcome === outcome).length;

async function putOnSale(shop: DemoShop): Promise<string> {
  const staff = await shop.staff();
  const product = await staff.admin.createProduct.mutate({
    slug: 'independence-day-agbada',
    title: 'Independence Day agbada',
    category: 'Clothing',
    description: 'Green, white, green. Fifty were made.',
  });
  const units = { sku: 'AGB-GWG', title: 'One size', price: 4_500_000, stock: UNITS };
  return (await staff.admin.createVariant.mutate({ productId: product.id, ...units })).id;
}

/** Compares the database, the sandbox's ledger and the mailbox. */
async function checkOutcome(
  { reporter, ctx, sandbox, mailbox }: DemoShop,
  visits: readonly Visit[],
  { variantId, reservationMinutes }: { variantId: string; reservationMinutes: number },
): Promise<void> {
  const confirmed = await ctx.db.orders.countDocuments({ status: 'confirmed' });
  const variant = await ctx.db.variants.findById(variantId).lean();
  const { charges } = sandbox.ledger();
  const returned = charges.filter(({ amount, refunds }) => refunds.length === 1 && refunds[0]?.amount === amount);
  const kept = charges.filter(({ refunds }) => refunds.length === 0);
  const confirmations = new Set(
    mailbox.mails().flatMap(({ key }) => (key?.includes(':order_confirmed:') ? [key] : [])),
  );
  const webhooks = sandbox.webhooks({ event: 'charge.success' }).length;
  reporter.note(
    `confirmed ${confirmed}, stock left ${variant?.stock}, reserved ${variant?.reserved}\n` +
      `Paystack: ${charges.length} charges, ${webhooks} webhooks sent, ${kept.length} charges kept, ${returned.length} refunded once`,
  );
  assert(confirmed === UNITS, `${confirmed} orders were confirmed and not ${UNITS}`);
  assert(variant?.stock === 0 && variant.reserved === 0, 'stock is left, or still reserved');
  assert(charges.length === count(visits, 'paid'), 'the number of charges at Paystack is not the number of payments');
  assert(charges.length + count(visits, 'refused') === SHOPPERS, 'a shopper has neither paid nor been refused');
  assert(kept.length === UNITS, `${kept.length} charges were kept and not ${UNITS}`);
  assert(returned.length === charges.length - UNITS, 'a charge without an order was not refunded exactly once');
  assert(confirmations.size === UNITS, `${confirmations.size} confirmations were sent and not ${UNITS}`);
  assert(
    reservationMinutes === 0 || returned.length === 0,
    'with reservations, a shopper paid for units that were gone',
  );
}
