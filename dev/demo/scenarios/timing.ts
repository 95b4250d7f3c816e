/** Twenty purchases, one after the other, timed from the press on Pay to `confirmed` over orders.watch. */
import { payByCard } from '../browser.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';

const PURCHASES = 20;

export const timing: Scenario = {
  flag: 'timing',
  title: 'From payment to confirmed, twenty times',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const ada = await shop.ada();
  const variantId = await shop.variantId('SOA-1');
  const times: number[] = [];
  for (let count = 0; count < PURCHASES; count += 1) {
    await ada.fillCart([{ variantId, quantity: 1 }]);
    const page = await ada.checkOut();
    const order = await ada.follow(page.orderId);
    const paidAt = performance.now();
    await payByCard(page.authorizationUrl);
    await order.until(({ status }) => status === 'confirmed', 'the confirmation');
    times.push(performance.now() - paidAt);
    order.close();
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(0);
  shop.reporter.note(
    `Payment to confirmed, ${PURCHASES} purchases: median ${at(0.5)} ms, fastest ${at(0)}, slowest ${at(0.99)} ms`,
  );
  await auditShop(shop);
}
