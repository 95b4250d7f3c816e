import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import {
  assertTaken,
  buyConfirmed,
  reportStock,
  returnToShop,
  type SkuQuantity,
  showEmail,
  showOrder,
} from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [
  { sku: 'ANK-IND', quantity: 2 },
  { sku: 'SHE-250', quantity: 3 },
  { sku: 'YAJ-HOT', quantity: 1 },
];

export const purchase: Scenario = {
  flag: '',
  title: 'From a cart to a confirmed order',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const ada = await shop.reporter.step('Ada signs in', () => shop.ada());
  const before = await reportStock(shop, 'before', ITEMS);
  const { page, order, callback, confirmed } = await buyConfirmed(shop, ada, ITEMS);
  await returnToShop(shop, callback, page);
  showOrder(shop, confirmed);
  assertTaken(before, await reportStock(shop, 'after', ITEMS), ITEMS);
  await showEmail(shop, page.orderId, 'order_confirmed');
  order.close();
  await auditShop(shop);
}
