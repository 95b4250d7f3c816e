/**
 * Two hundred shoppers at once and fifty units, every webhook and every redirect twice: exactly fifty orders are
 * confirmed, and everybody else is refused before paying or gets the money back, once. Told twice: stock is taken at
 * settlement, then held at checkout.
 */

import { assert } from './assert.ts';
import { closeBooks } from './closing.ts';
import { Crowd, type Visit } from './crowd.ts';
import type { Reporter } from './reporter.ts';
import { runScenario, type Scenario } from './scenario.ts';
import type { Story } from './story.ts';

const SHOPPERS = 200;
const UNITS = 50;
const HOLD_MINUTES = 15;
const REFUND_STEP_MS = 20;

export const flashSale: Story = {
  flag: 'flash-sale',
  title: `A flash sale: ${SHOPPERS} shoppers at once, ${UNITS} units, each webhook and redirect twice`,
  async tell(reporter) {
    await sellOut(reporter, 0);
    await sellOut(reporter, HOLD_MINUTES);
  },
};

async function sellOut(reporter: Reporter, reservationMinutes: number): Promise<void> {
  reporter.title(
    reservationMinutes === 0 ? 'Without holds: stock is taken at settlement' : 'With holds: checkout keeps the stock',
  );
  const options = { env: { STOCK_HOLD_MINUTES: String(reservationMinutes) }, refundStepMs: REFUND_STEP_MS };
  await runScenario(reporter, options, async (stage) => {
    const variantId = await reporter.step(`${UNITS} units are put on sale`, () => putOnSale(stage));
    const crowd = await reporter.step(`${SHOPPERS} shoppers gather at the door`, () => Crowd.gather(stage, SHOPPERS));
    const visits = await reporter.step(
      'All of them at once fill a cart, check out, pay, and come back twice',
      () => crowd.rush(variantId),
      (all) => `${count(all, 'paid')} have paid, ${count(all, 'refused')} were refused before paying`,
    );
    await reporter.step('The last of it is settled, refunded and told', () => crowd.untilAtRest());
    await checkOutcome(stage, visits, { variantId, reservationMinutes });
    await closeBooks(stage);
  });
}

const count = (visits: readonly Visit[], outcome: Visit['outcome']) =>
  visits.filter((visit) => visit.outcome === outcome).length;

async function putOnSale(stage: Scenario): Promise<string> {
  const staff = await stage.staff();
  const product = await staff.admin.createProduct.mutate({
    slug: 'independence-day-agbada',
    title: 'Independence Day agbada',
    category: 'Clothing',
    description: 'Green, white, green. Fifty were made.',
  });
  const units = { sku: 'AGB-GWG', title: 'One size', price: 4_500_000, stock: UNITS };
  return (await staff.admin.createVariant.mutate({ productId: product.id, ...units })).id;
}

/** Holds the database, Paystack's own book and the mailbox beside each other. */
async function checkOutcome(
  { reporter, ctx, sandbox, mailbox }: Scenario,
  visits: readonly Visit[],
  { variantId, reservationMinutes }: { variantId: string; reservationMinutes: number },
): Promise<void> {
  const confirmed = await ctx.db.orders.countDocuments({ status: 'confirmed' });
  const variant = await ctx.db.variants.findById(variantId).lean();
  const { charges } = sandbox.ledger();
  const returned = charges.filter(({ amount, refunds }) => refunds.length === 1 && refunds[0]?.amount === amount);
  const kept = charges.filter(({ refunds }) => refunds.length === 0);
  const told = new Set(mailbox.mails().flatMap(({ key }) => (key?.includes(':order_confirmed:') ? [key] : [])));
  const webhooks = sandbox.webhooks({ event: 'charge.success' }).length;
  reporter.note(
    `confirmed ${confirmed}, stock left ${variant?.stock}, reserved ${variant?.reserved}\n` +
      `Paystack: ${charges.length} charges, ${webhooks} webhooks sent, ${kept.length} charges kept, ${returned.length} given back once`,
  );
  assert(confirmed === UNITS, `${confirmed} orders were confirmed and not ${UNITS}`);
  assert(variant?.stock === 0 && variant.reserved === 0, 'stock is left, or still reserved');
  assert(charges.length === count(visits, 'paid'), 'Paystack counts other charges than the shoppers paid');
  assert(charges.length + count(visits, 'refused') === SHOPPERS, 'somebody is neither paid nor refused');
  assert(kept.length === UNITS, `${kept.length} charges were kept and not ${UNITS}`);
  assert(returned.length === charges.length - UNITS, 'a charge that bought nothing was not given back exactly once');
  assert(told.size === UNITS, `${told.size} confirmations were told and not ${UNITS}`);
  assert(reservationMinutes === 0 || returned.length === 0, 'with holds, somebody paid for what was not there');
}
