/** After the sale: staff ship and deliver, give a part back, and then the rest. */

import { closeBooks } from './closing.ts';
import { runScenario, type Scenario } from './scenario.ts';
import { awaitConfirmation, checkOut, money, payAtPage, showEmail, type Wanted } from './steps.ts';
import type { Story } from './story.ts';

const WANTED: readonly Wanted[] = [{ sku: 'AYO-STD', quantity: 1 }];
/** Kobo: the lid was scratched. */
const PARTIAL = 500_000;

export const refund: Story = {
  flag: 'refund',
  title: 'Shipped, delivered, refunded in part, then in full',
  tell: (reporter) => runScenario(reporter, {}, play),
};

async function play(stage: Scenario): Promise<void> {
  const { reporter } = stage;
  const ada = await reporter.step('Ada signs in', () => stage.ada());
  const page = await checkOut(stage, ada, WANTED);
  const order = await ada.follow(page.orderId);
  const paidAt = performance.now();
  await payAtPage(stage, page);
  await awaitConfirmation(stage, order, paidAt);
  const staff = await reporter.step('Tunde, of the staff, signs in', () => stage.staff());
  const id = page.orderId;
  await reporter.step('ships the board', () =>
    staff.admin.ship.mutate({ id, carrier: 'GIG Logistics', trackingNumber: 'GIG-20481' }),
  );
  await reporter.step('and notes its delivery', () => staff.admin.deliver.mutate({ id }));
  const amount = { amount: PARTIAL, currency: page.currency };
  await reporter.step(`The lid is scratched: Tunde gives ${money(amount)} back`, () =>
    staff.admin.refund.mutate({ id, amount: PARTIAL, reason: 'scratched lid' }),
  );
  await reporter.step(
    'Paystack carries it out',
    () => order.until(({ paymentStatus }) => paymentStatus === 'partially_refunded', 'the partial refund'),
    ({ status, paymentStatus }) => `${status}, ${paymentStatus}`,
  );
  await reporter.step('Ada sends it back, and Tunde gives back the rest', () =>
    staff.admin.refund.mutate({ id, reason: 'returned' }),
  );
  await reporter.step(
    'Paystack carries that out as well',
    () => order.until(({ status }) => status === 'refunded', 'the rest of the refund'),
    ({ status, paymentStatus }) => `${status}, ${paymentStatus}`,
  );
  const { timeline } = await staff.admin.order.query({ id });
  reporter.quote(timeline.map(({ kind, what }) => `${kind.padEnd(8)} ${what}`).join('\n'));
  await showEmail(stage, id, 'refund_done');
  order.close();
  await closeBooks(stage);
}
