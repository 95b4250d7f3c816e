/** Somebody else is faster: what was paid for is gone, so the order is cancelled and the money goes back by itself. */

import { assert } from './assert.ts';
import { payByCard } from './browser.ts';
import { closeBooks } from './closing.ts';
import { runScenario, type Scenario } from './scenario.ts';
import { awaitCancelledAndRefunded, checkOut, payAtPage, showEmail, tellStock, type Wanted } from './steps.ts';
import type { Story } from './story.ts';

/** There are two of them. */
const WANTED: readonly Wanted[] = [{ sku: 'DRM-L', quantity: 2 }];

export const shortStock: Story = {
  flag: 'short-stock',
  title: 'Paid, and out of stock',
  tell: (reporter) => runScenario(reporter, {}, play),
};

async function play(stage: Scenario): Promise<void> {
  const { reporter } = stage;
  const ada = await reporter.step('Ada signs in', () => stage.ada());
  await tellStock(stage, 'before', WANTED);
  const page = await checkOut(stage, ada, WANTED);
  const order = await ada.follow(page.orderId);
  await reporter.step('While she looks for her card, Bisi buys one of the two', () => buyOne(stage));
  const before = await tellStock(stage, 'when Ada pays', WANTED);
  await payAtPage(stage, page);
  await awaitCancelledAndRefunded(stage, order, 'short_stock');
  const after = await tellStock(stage, 'after', WANTED);
  assert(after[0] === before[0], 'a cancelled order has touched the stock');
  await showEmail(stage, page.orderId, 'order_cancelled');
  await showEmail(stage, page.orderId, 'refund_done');
  order.close();
  await closeBooks(stage);
}

async function buyOne(stage: Scenario): Promise<void> {
  const bisi = await stage.register('Bisi Ade', 'bisi@example.com');
  await bisi.fillCart([{ variantId: await stage.variantId('DRM-L'), quantity: 1 }]);
  const page = await bisi.checkOut();
  const order = await bisi.follow(page.orderId);
  await payByCard(page.authorizationUrl);
  await order.until(({ status }) => status === 'confirmed', 'the confirmation of Bisi’s order');
  order.close();
}
