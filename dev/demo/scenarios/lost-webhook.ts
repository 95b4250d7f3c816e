/** The webhook is lost and the browser never follows the redirect, so the sweep finds the payment. */
import { pressButton } from '../browser.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { awaitConfirmation, checkOut, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'COF-BEAN', quantity: 2 }];
/** The sweep verifies an unpaid order two minutes after its payment page was made. */
const UNTIL_VERIFIED_MS = 2 * 60_000;

export const lostWebhook: Scenario = {
  flag: 'lost-webhook',
  title: 'The webhook is lost and the tab is closed',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const page = await checkOut(shop, ada, ITEMS);
  const order = await ada.follow(page.orderId);
  await reporter.step('Ada pays; Paystack’s webhook is lost on its way', () =>
    pressButton(page.authorizationUrl, 'lose-webhook'),
  );
  reporter.note('Her phone’s battery dies before the redirect: the shop has received nothing.');
  shop.advanceClock(UNTIL_VERIFIED_MS);
  const clockAdvancedAt = performance.now();
  reporter.note('Two minutes pass (by the demo’s own clock).');
  await awaitConfirmation(shop, order, clockAdvancedAt, 'then; the sweep has verified at Paystack');
  await showEmail(shop, page.orderId, 'order_confirmed');
  order.close();
  await auditShop(shop);
}
