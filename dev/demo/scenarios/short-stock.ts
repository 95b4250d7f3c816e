/** Another shopper buys a unit first, so a paid order is cancelled and refunded without staff. */
import { assert } from '../assert.ts';
import { payByCard } from '../browser.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { awaitCancelledAndRefunded, checkOut, payAtPage, reportStock, type SkuQuantity, showEmail } from '../steps.ts';

/** All the units that the seed has of it. */
const ITEMS: readonly SkuQuantity[] = [{ sku: 'DRM-L', quantity: 2 }];

export const shortStock: Scenario = {
  flag: 'short-stock',
  title: 'Paid, and out of stock',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  await reportStock(shop, 'before', ITEMS);
  const page = await checkOut(shop, ada, ITEMS);
  const order = await ada.follow(page.orderId);
  await reporter.step('While she looks for her card, Bisi buys one of the two', () => buyOne(shop));
  const before = await reportStock(shop, 'when Ada pays', ITEMS);
  await payAtPage(shop, page);
  await awaitCancelledAndRefunded(shop, order, 'short_stock');
  const after = await reportStock(shop, 'after', ITEMS);
  assert(after[0] === before[0], 'a cancelled order has changed the stock');
  await showEmail(shop, page.orderId, 'order_cancelled');
  await showEmail(shop, page.orderId, 'refund_done');
  order.close();
  await auditShop(shop);
}

async function buyOne(shop: DemoShop): Promise<void> {
  const bisi = await shop.register('Bisi Ade', 'bisi@example.com');
  await bisi.fillCart([{ variantId: await shop.variantId('DRM-L'), quantity: 1 }]);
  const page = await bisi.checkOut();
  const order = await bisi.follow(page.orderId);
  await payByCard(page.authorizationUrl);
  await order.until(({ status }) => status === 'confirmed', 'the confirmation of Bisi’s order');
  order.close();
}
