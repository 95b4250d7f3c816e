/** The whole story: a cart is filled, paid, confirmed, and told by email. */

import { closeBooks } from './closing.ts';
import { runScenario, type Scenario } from './scenario.ts';
import {
  assertTaken,
  awaitConfirmation,
  checkOut,
  payAtPage,
  returnToShop,
  showEmail,
  showOrder,
  tellStock,
  type Wanted,
} from './steps.ts';
import type { Story } from './story.ts';

const WANTED: readonly Wanted[] = [
  { sku: 'ANK-IND', quantity: 2 },
  { sku: 'SHE-250', quantity: 3 },
  { sku: 'YAJ-HOT', quantity: 1 },
];

export const purchase: Story = {
  flag: '',
  title: 'From a cart to a confirmed order',
  tell: (reporter) => runScenario(reporter, {}, play),
};

async function play(stage: Scenario): Promise<void> {
  const ada = await stage.reporter.step('Ada signs in', () => stage.ada());
  const before = await tellStock(stage, 'before', WANTED);
  const page = await checkOut(stage, ada, WANTED);
  const order = await ada.follow(page.orderId);
  const paidAt = performance.now();
  const callback = await payAtPage(stage, page);
  const confirmed = await awaitConfirmation(stage, order, paidAt);
  await returnToShop(stage, callback, page);
  showOrder(stage, confirmed);
  assertTaken(before, await tellStock(stage, 'after', WANTED), WANTED);
  await showEmail(stage, page.orderId, 'order_confirmed');
  order.close();
  await closeBooks(stage);
}
