/** The bank declines a card. The order stays pending, and a second payment page pays the same order. */
import { assert } from '../assert.ts';
import { returnFromPayment } from '../browser.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { awaitConfirmation, checkOut, money, payAtPage, returnToShop, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'ADI-L', quantity: 1 }];

export const declined: Scenario = {
  flag: 'declined',
  title: 'A declined card, and a second try',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const first = await checkOut(shop, ada, ITEMS);
  const order = await ada.follow(first.orderId);
  const back = await payAtPage(shop, first, 'declined');
  assert(back === first.authorizationUrl, `a declined card redirected to ${back} and not to the payment page`);
  reporter.note('The page says “Declined. You were not charged”, and Ada goes back to the shop.');
  await reporter.step('The shop verifies the payment at Paystack', () =>
    returnFromPayment(callbackOf(shop, first.txRef)),
  );
  await reporter.step(
    'orders.watch reports it',
    () => order.until(({ lastAttemptFailed }) => lastAttemptFailed, 'the failed attempt'),
    ({ status, paymentStatus }) => `the order is still ${status}, ${paymentStatus}`,
  );
  const second = await reporter.step(
    'Ada tries again: the same order, the next reference',
    () => ada.checkOut(first.checkoutKey),
    ({ txRef, amount, currency }) => `${txRef}, ${money({ amount, currency })}`,
  );
  assert(second.orderId === first.orderId, 'the second attempt made a second order');
  assert(second.txRef !== first.txRef, 'the second attempt reused the reference that had failed');
  const paidAt = performance.now();
  const callback = await payAtPage(shop, second);
  await awaitConfirmation(shop, order, paidAt);
  await returnToShop(shop, callback, second);
  await showEmail(shop, first.orderId, 'order_confirmed');
  order.close();
  await auditShop(shop);
}

/** The callback address that Paystack would have redirected to. */
function callbackOf({ ctx }: DemoShop, txRef: string): string {
  return `${ctx.config.publicUrl}/orders/verify-payment/${txRef}`;
}
