/** A bank transfer of a wrong amount. Paystack sends it back, the order says so, and the exact amount pays it. */
import { assert } from '../assert.ts';
import { pressWay } from '../browser.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { awaitConfirmation, checkOut, money, returnToShop, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'ADI-L', quantity: 1 }];
/** Subunits: a bank took its fee out of the transfer. */
const MISSING = 53_75;

export const wrongTransfer: Scenario = {
  flag: 'wrong-transfer',
  title: 'A bank transfer of a wrong amount',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter, sandbox } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const page = await checkOut(shop, ada, ITEMS);
  const order = await ada.follow(page.orderId);
  const way = `${page.authorizationUrl}?way=bank_transfer`;
  const back = await reporter.step(
    'She chooses bank transfer on the payment page',
    () => pressWay(way, { action: 'begin' }),
    () => `account ${sandbox.transaction(page.txRef).waiting?.target ?? ''}, valid for 30 minutes`,
  );
  assert(back === way, `the page redirected to ${back}`);
  const sent = page.amount - MISSING;
  await reporter.step(`Her bank sends ${money({ amount: sent, currency: page.currency })}`, () =>
    pressWay(way, { action: 'complete-other', amount: (sent / 100).toFixed(2) }),
  );
  const told = await reporter.step(
    'Paystack announces it by the number of the transaction, and the order shows it',
    () => order.until(({ rejectedTransfers }) => rejectedTransfers.length > 0, 'the rejected transfer'),
    ({ status, paymentStatus }) => `the order is still ${status}, ${paymentStatus}`,
  );
  assert(told.payable, 'the order can no longer be paid');
  assert(told.rejectedTransfers[0]?.amount === sent, 'the order shows another amount than was sent');
  assert(sandbox.ledger().charges.length === 0, 'the wrong amount was charged');
  reporter.note('The page says “What you sent comes back to your account by itself. Try again”.');
  const paidAt = performance.now();
  const callback = await reporter.step('She sends exactly what the order costs', () =>
    pressWay(way, { action: 'complete' }),
  );
  await awaitConfirmation(shop, order, paidAt, 'the transfer');
  await returnToShop(shop, callback, page);
  await showEmail(shop, page.orderId, 'order_confirmed');
  order.close();
  await auditShop(shop);
}
