/** A part is refunded, and Paystack then calls the whole charge reversed. The order goes on, and the rest stays refundable. */
import { randomUUID } from 'node:crypto';
import { assert } from '../assert.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { awaitConfirmation, checkOut, money, payAtPage, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'AYO-STD', quantity: 1 }];
/** In kobo. */
const PARTIAL = 500_000;
/** Longer than the time after which Paystack's word is checked once more. */
const LATER_MS = 3 * 60_000;

export const partRefundThenReversed: Scenario = {
  flag: 'part-refund-then-reversed',
  title: 'Refunded in part, called reversed by Paystack, then refunded in full',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter, sandbox } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const page = await checkOut(shop, ada, ITEMS);
  const { orderId: id, txRef: reference, currency } = page;
  const order = await ada.follow(id);
  const paidAt = performance.now();
  await payAtPage(shop, page);
  await awaitConfirmation(shop, order, paidAt);
  const staff = await reporter.step('Tunde, of the staff, signs in', () => shop.staff());
  await reporter.step(`and refunds ${money({ amount: PARTIAL, currency })} for a scratched lid`, () =>
    staff.admin.refund.mutate({ key: randomUUID(), id, amount: PARTIAL, note: 'scratched lid' }),
  );
  await reporter.step(
    'Paystack carries it out',
    () => order.until(({ paymentStatus }) => paymentStatus === 'partially_refunded', 'the partial refund'),
    ({ status, paymentStatus }) => `${status}, ${paymentStatus}`,
  );
  await showEmail(shop, id, 'refund_done');
  await reporter.step('Paystack calls the whole charge reversed, in a signed event and in every reply', async () => {
    sandbox.setStatus(reference, 'reversed');
    await sandbox.sendWebhook({ event: 'charge.success', reference });
    shop.advanceClock(LATER_MS);
    await sandbox.sendWebhook({ event: 'charge.success', reference });
  });
  await reporter.step(
    'Its refunds explain that: the order goes on, and staff have nothing to decide',
    () => staff.admin.order.query({ id }),
    ({ status, payments, attention }) => {
      const [charge] = payments;
      assert(status === 'confirmed' && attention.length === 0, `the order is ${status}: ${attention.join()}`);
      assert(charge?.returned?.byRefund === PARTIAL, 'another sum than the refund counts as returned');
      return `${status}; ${money({ amount: charge.returned.held, currency })} is held`;
    },
  );
  await reporter.step('Ada sends the board back, and Tunde refunds the rest', () =>
    staff.admin.refund.mutate({ key: randomUUID(), id, note: 'returned' }),
  );
  await reporter.step(
    'Paystack carries that out as well',
    () => order.until(({ status }) => status === 'refunded', 'the rest of the refund'),
    ({ status, paymentStatus }) => `${status}, ${paymentStatus}`,
  );
  order.close();
  await auditShop(shop);
}
