/** The order has expired, and then somebody pays on the page that was left open: the money goes back by itself. */

import { assert } from './assert.ts';
import { closeBooks } from './closing.ts';
import { runScenario, type Scenario } from './scenario.ts';
import { checkOut, isRefunded, payAtPage, returnToShop, showEmail, tellStock, type Wanted } from './steps.ts';
import type { Story } from './story.ts';

const WANTED: readonly Wanted[] = [{ sku: 'COR-3S', quantity: 1 }];
const HOUR_MS = 3_600_000;

export const late: Story = {
  flag: 'late',
  title: 'Paid after the order has expired',
  tell: (reporter) => runScenario(reporter, {}, play),
};

async function play(stage: Scenario): Promise<void> {
  const { reporter } = stage;
  const ada = await reporter.step('Ada signs in', () => stage.ada());
  const before = await tellStock(stage, 'before', WANTED);
  const page = await checkOut(stage, ada, WANTED);
  const order = await ada.follow(page.orderId);
  reporter.note(`She leaves the payment page open; the order waits until ${page.expiresAt}.`);
  stage.moveOn(25 * HOUR_MS);
  reporter.note('Twenty-five hours pass (by the demo’s own clock).');
  await reporter.step(
    'The sweep asks Paystack one last time, and the order expires',
    () => order.until(({ status }) => status === 'cancelled', 'the expiry'),
    ({ cancelReason }) => `cancelled, ${cancelReason}`,
  );
  const callback = await payAtPage(stage, page);
  await returnToShop(stage, callback, page);
  await reporter.step(
    'The money cannot buy anything any more: it goes back in full',
    () => order.until(isRefunded, 'the refund'),
    ({ status, paymentStatus }) => `the order stays ${status}, the payment is ${paymentStatus}`,
  );
  const after = await tellStock(stage, 'after', WANTED);
  assert(after[0] === before[0], 'an expired order has touched the stock');
  await showEmail(stage, page.orderId, 'refund_done');
  order.close();
  await closeBooks(stage);
}
