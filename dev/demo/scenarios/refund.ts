/** Staff ship and deliver an order, refund a part of it, and then the rest. */

import { randomUUID } from 'node:crypto';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { buyConfirmed, money, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'AYO-STD', quantity: 1 }];
/** In kobo. */
const PARTIAL = 500_000;

export const refund: Scenario = {
  flag: 'refund',
  title: 'Shipped, delivered, refunded in part, then in full',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const { page, order } = await buyConfirmed(shop, ada, ITEMS);
  const staff = await reporter.step('Tunde, of the staff, signs in', () => shop.staff());
  const id = page.orderId;
  await reporter.step('ships the board', () =>
    staff.admin.ship.mutate({ id, key: randomUUID(), carrier: 'GIG Logistics', trackingNumber: 'GIG-20481' }),
  );
  await reporter.step('and records its delivery', () => staff.admin.deliver.mutate({ id }));
  const amount = { amount: PARTIAL, currency: page.currency };
  await reporter.step(`The lid is scratched: Tunde refunds ${money(amount)}`, () =>
    staff.admin.refund.mutate({ key: randomUUID(), id, amount: PARTIAL, note: 'scratched lid' }),
  );
  await reporter.step(
    'Paystack carries it out',
    () => order.until(({ paymentStatus }) => paymentStatus === 'partially_refunded', 'the partial refund'),
    ({ status, paymentStatus }) => `${status}, ${paymentStatus}`,
  );
  await reporter.step('Ada sends it back, and Tunde refunds the rest', () =>
    staff.admin.refund.mutate({ key: randomUUID(), id, note: 'returned' }),
  );
  await reporter.step(
    'Paystack carries that out as well',
    () => order.until(({ status }) => status === 'refunded', 'the rest of the refund'),
    ({ status, paymentStatus }) => `${status}, ${paymentStatus}`,
  );
  const { timeline } = await staff.admin.order.query({ id });
  reporter.quote(timeline.map(({ kind, what }) => `${kind.padEnd(8)} ${what}`).join('\n'));
  await showEmail(shop, id, 'refund_done');
  order.close();
  await auditShop(shop);
}
