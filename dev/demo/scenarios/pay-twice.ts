/** Two tabs pay two references of one order. One charge pays the order; the other is refunded once. */
import { z } from 'zod';
import { assert } from '../assert.ts';
import { returnFromPayment } from '../browser.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { awaitConfirmation, checkOut, isRefunded, money, payAtPage, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'SLP-TAN-42', quantity: 1 }];

export const payTwice: Scenario = {
  flag: 'pay-twice',
  title: 'Two tabs, both paid',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

/** As a program reads it: the reply waits for Paystack. */
async function paymentStatus(address: string): Promise<void> {
  const reply = await fetch(address, { headers: { accept: 'application/json' } });
  const { status } = z.object({ status: z.string() }).parse(await reply.json());
  assert(status === 'failed', `the payment is ${status}`);
}

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter, sandbox } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const first = await checkOut(shop, ada, ITEMS);
  const order = await ada.follow(first.orderId);
  await payAtPage(shop, first, 'insufficient-funds');
  await reporter.step('The card has no funds; Ada looks at her order in a second tab', () =>
    returnFromPayment(`${shop.ctx.config.publicUrl}/orders/verify-payment/${first.txRef}`),
  );
  await reporter.step('The shop asks Paystack, and learns that the card has failed', () =>
    paymentStatus(`${shop.ctx.config.publicUrl}/orders/verify-payment/${first.txRef}`),
  );
  const second = await reporter.step(
    'and opens another payment page there',
    () => ada.checkOut(first.checkoutKey),
    ({ txRef }) => txRef,
  );
  const paidAt = performance.now();
  await payAtPage(shop, second);
  await awaitConfirmation(shop, order, paidAt);
  reporter.note('The first tab is still open, and Ada’s husband pays there as well.');
  await payAtPage(shop, first);
  await reporter.step(
    'The second charge is a duplicate payment: it is refunded in full',
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
  reporter.note('Paystack’s ledger: two charges, one refund.');
  await showEmail(shop, first.orderId, 'refund_started');
  order.close();
  await auditShop(shop);
}
