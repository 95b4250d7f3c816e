/** Of three units one is sent and delivered; the other two cannot be sent and are refunded by their line. */
import { randomUUID } from 'node:crypto';
import { assert } from '../assert.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { buyConfirmed, money, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'AYO-STD', quantity: 3 }];

export const lineRefund: Scenario = {
  flag: 'line-refund',
  title: 'One of three is sent, the other two are refunded by their line',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const { page, order } = await buyConfirmed(shop, ada, ITEMS);
  const staff = await reporter.step('Tunde, of the staff, signs in', () => shop.staff());
  const id = page.orderId;
  const parcel = { carrier: 'GIG Logistics', trackingNumber: 'GIG-20481', lines: [{ lineId: 1, quantity: 1 }] };
  await reporter.step('sends one of the three boards', () =>
    staff.admin.ship.mutate({ id, key: randomUUID(), ...parcel }),
  );
  await reporter.step('and records its delivery', () => staff.admin.deliver.mutate({ id }));
  const lines = [{ lineId: 1, unshipped: 2, restock: 2 }];
  const input = { id, lines, cause: 'unavailable' } as const;
  const preview = await reporter.step(
    'Two boards cannot be sent: the preview says what a refund of them does',
    () => staff.admin.previewRefund.mutate(input),
    ({ money: effects, stock }) => `${effects.map(money).join()} goes back, ${stock[0]?.stock} units into stock`,
  );
  await reporter.step('Tunde presses it twice, and it is one refund', async () => {
    const press = { ...input, key: randomUUID(), expect: preview.digest };
    await staff.admin.refund.mutate(press);
    const { refunds } = await staff.admin.refund.mutate(press);
    assert(refunds.length === 1, `there are ${refunds.length} refunds`);
  });
  await reporter.step(
    'Paystack carries it out, and the order is delivered with what was sent',
    () => order.until(({ paymentStatus }) => paymentStatus === 'partially_refunded', 'the refund of two boards'),
    ({ status, paymentStatus }) => `${status}, ${paymentStatus}`,
  );
  await showEmail(shop, id, 'refund_started');
  order.close();
  await auditShop(shop);
}
