/** The whole story: a cart is filled, paid, confirmed, and told by email. */

import { closeBooks } from './closing.ts';
import { playOnStage, type Stage } from './scenario.ts';
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
  tell: (narrator) => playOnStage(narrator, {}, play),
};

async function play(stage: Stage): Promise<void> {
  const ada = await stage.narrator.step('Ada signs in', () => stage.ada());
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
