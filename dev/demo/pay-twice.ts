/** Two tabs, two references, two charges for one order: one pays it, the other goes back, once. */

import { assert } from './assert.ts';
import { comeBack } from './browser.ts';
import { closeBooks } from './closing.ts';
import { runScenario, type Scenario } from './scenario.ts';
import { awaitConfirmation, checkOut, isRefunded, money, payAtPage, showEmail, type Wanted } from './steps.ts';
import type { Story } from './story.ts';

const WANTED: readonly Wanted[] = [{ sku: 'SLP-TAN-42', quantity: 1 }];

export const payTwice: Story = {
  flag: 'pay-twice',
  title: 'Two tabs, both paid',
  tell: (reporter) => runScenario(reporter, {}, play),
};

async function play(stage: Scenario): Promise<void> {
  const { reporter, sandbox } = stage;
  const ada = await reporter.step('Ada signs in', () => stage.ada());
  const first = await checkOut(stage, ada, WANTED);
  const order = await ada.follow(first.orderId);
  await payAtPage(stage, first, 'insufficient-funds');
  await reporter.step('The card has no funds; Ada looks at her order in a second tab', () =>
    comeBack(`${stage.ctx.config.publicUrl}/orders/verify-payment/${first.txRef}`),
  );
  const second = await reporter.step(
    'and opens another payment page there',
    () => ada.checkOut(first.checkoutKey),
    ({ txRef }) => txRef,
  );
  const paidAt = performance.now();
  await payAtPage(stage, second);
  await awaitConfirmation(stage, order, paidAt);
  reporter.note('The first tab is still open, and Ada’s husband pays there as well.');
  await payAtPage(stage, first);
  await reporter.step(
    'The second charge cannot buy anything: it goes back in full',
    () => order.until(isRefunded, 'the refund of the second charge'),
    ({ status, refunds, currency }) =>
      `${refunds.map(({ amount, state }) => `${money({ amount, currency })} ${state}`).join(', ')}; the order stays ${status}`,
  );
  const charges = sandbox.ledger().charges.filter(({ reference }) => [first.txRef, second.txRef].includes(reference));
  const refunds = charges.flatMap((charge) => charge.refunds);
  assert(
    charges.length === 2 && refunds.length === 1,
    `Paystack has ${charges.length} charges, ${refunds.length} refunds`,
  );
  reporter.note('Paystack’s own book: two charges, one refund.');
  await showEmail(stage, first.orderId, 'refund_started');
  order.close();
  await closeBooks(stage);
}
