/** A payment page is paid after its order has expired. The payment is refunded without staff. */
import { assert } from '../assert.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { checkOut, isRefunded, payAtPage, reportStock, returnToShop, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'COR-3S', quantity: 1 }];
const HOUR_MS = 3_600_000;

export const late: Scenario = {
  flag: 'late',
  title: 'Paid after the order has expired',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const before = await reportStock(shop, 'before', ITEMS);
  const page = await checkOut(shop, ada, ITEMS);
  const order = await ada.follow(page.orderId);
  reporter.note(`She leaves the payment page open; the order waits until ${page.expiresAt}.`);
  shop.advanceClock(25 * HOUR_MS);
  reporter.note('Twenty-five hours pass (by the demo’s own clock).');
  await reporter.step(
    'The sweep verifies a last time at Paystack, and the order expires',
    () => order.until(({ status }) => status === 'cancelled', 'the expiry'),
    ({ cancelReason }) => `cancelled, ${cancelReason}`,
  );
  const callback = await payAtPage(shop, page);
  await returnToShop(shop, callback, page);
  await reporter.step(
    'The order cannot be paid any more: the payment is refunded in full',
    () => order.until(isRefunded, 'the refund'),
    ({ status, paymentStatus }) => `the order stays ${status}, the payment is ${paymentStatus}`,
  );
  const after = await reportStock(shop, 'after', ITEMS);
  assert(after[0] === before[0], 'an expired order has changed the stock');
  await showEmail(shop, page.orderId, 'refund_done');
  order.close();
  await auditShop(shop);
}
