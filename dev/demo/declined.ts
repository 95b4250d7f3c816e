/** The bank declines; the order stays, and a second try with another card pays the same order. */

import { assert } from './assert.ts';
import { comeBack } from './browser.ts';
import { closeBooks } from './closing.ts';
import { runScenario, type Scenario } from './scenario.ts';
import { awaitConfirmation, checkOut, money, payAtPage, returnToShop, showEmail, type Wanted } from './steps.ts';
import type { Story } from './story.ts';

const WANTED: readonly Wanted[] = [{ sku: 'ADI-L', quantity: 1 }];

export const declined: Story = {
  flag: 'declined',
  title: 'A declined card, and a second try',
  tell: (reporter) => runScenario(reporter, {}, play),
};

async function play(stage: Scenario): Promise<void> {
  const { reporter } = stage;
  const ada = await reporter.step('Ada signs in', () => stage.ada());
  const first = await checkOut(stage, ada, WANTED);
  const order = await ada.follow(first.orderId);
  const back = await payAtPage(stage, first, 'declined');
  assert(back === first.authorizationUrl, `a declined card led to ${back} and not back to the page`);
  reporter.note('The page says “Declined. You were not charged”, and Ada goes back to the shop.');
  await reporter.step('The shop asks Paystack', () => comeBack(callbackOf(stage, first.txRef)));
  await reporter.step(
    'orders.watch tells of it',
    () => order.until(({ lastAttemptFailed }) => lastAttemptFailed, 'the failed attempt'),
    ({ status, paymentStatus }) => `the order is still ${status}, ${paymentStatus}`,
  );
  const second = await reporter.step(
    'Ada tries again: the same order, the next reference',
    () => ada.checkOut(first.checkoutKey),
    ({ txRef, amount, currency }) => `${txRef}, ${money({ amount, currency })}`,
  );
  assert(second.orderId === first.orderId, 'the second try made a second order');
  assert(second.txRef !== first.txRef, 'the second try took the reference that had failed');
  const paidAt = performance.now();
  const callback = await payAtPage(stage, second);
  await awaitConfirmation(stage, order, paidAt);
  await returnToShop(stage, callback, second);
  await showEmail(stage, first.orderId, 'order_confirmed');
  order.close();
  await closeBooks(stage);
}

/** Where Paystack would have sent the browser: the shop's own address of this reference. */
function callbackOf({ ctx }: Scenario, txRef: string): string {
  return `${ctx.config.publicUrl}/orders/verify-payment/${txRef}`;
}
