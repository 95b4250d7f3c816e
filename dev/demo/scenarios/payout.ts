/** Two orders are paid and a part of one goes back. Days later Paystack pays out, and every kobo of the payout is accounted for. */
import { randomUUID } from 'node:crypto';
import { runReconcileOnce } from '../../../jobs/reconcile/reconcile.ts';
import { readPayoutReport } from '../../../models/payout/payout-report.ts';
import { renderPayouts } from '../../../server/commands/payouts-table.ts';
import { assert } from '../assert.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { buyConfirmed, money } from '../steps.ts';

/** In kobo. */
const PARTIAL = 500_000;
/** Over a weekend: Paystack pays out on business days alone. */
const DAYS_MS = 4 * 24 * 3600_000;

export const payout: Scenario = {
  flag: 'payout',
  title: 'Two orders are paid out, less fees and a refund, and the payout is proved',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter, ctx } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const first = await buyConfirmed(shop, ada, [{ sku: 'AYO-STD', quantity: 1 }]);
  const second = await buyConfirmed(shop, ada, [{ sku: 'AYO-STD', quantity: 2 }]);
  const staff = await reporter.step('Tunde, of the staff, signs in', () => shop.staff());
  const { currency } = first.page;
  await reporter.step(`and refunds ${money({ amount: PARTIAL, currency })} for a scratched lid`, () =>
    staff.admin.refund.mutate({ key: randomUUID(), id: first.page.orderId, amount: PARTIAL, note: 'scratched lid' }),
  );
  await reporter.step('Paystack carries it out', () =>
    first.order.until(({ paymentStatus }) => paymentStatus === 'partially_refunded', 'the partial refund'),
  );
  await reporter.step('Four days pass, and Paystack pays out in the morning of a business day', async () => {
    shop.advanceClock(DAYS_MS);
    const { settlements } = shop.sandbox.ledger();
    assert(settlements.length === 1, `Paystack made ${settlements.length} payouts`);
  });
  await reporter.step(
    'The hourly comparison reads the payout with its charges',
    () => runReconcileOnce(ctx),
    ({ passes }) => `${passes.payouts.applied} payout, ${passes.payouts.ended}`,
  );
  const [paid] = (await staff.admin.payouts.query({})).items;
  assert(paid !== undefined, 'the payout is not stored');
  const { state, gross, fees, deductions, net, differences } = paid;
  assert(state === 'proved', `the payout is ${state}: ${differences.join(' ')}`);
  assert(gross === first.page.amount + second.page.amount, 'the payout holds other charges');
  assert(deductions === PARTIAL && net === gross - fees - deductions, 'the payout does not add up');
  const { payments } = await reporter.step('Tunde looks at the first order', () =>
    staff.admin.order.query({ id: first.page.orderId }),
  );
  const fee = payments[0]?.fees ?? 0;
  assert(fee > 0 && fee < fees, 'the order does not show the fee of its charge');
  reporter.note(`\n${renderPayouts(await readPayoutReport(ctx.db))}\n`);
  first.order.close();
  second.order.close();
  await auditShop(shop);
}
