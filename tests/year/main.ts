/**
 * `npm run year -- --orders N --days D --seed S` plays a year of a shop, by default 30,000 orders on 365 days. Exits
 * with 1 unless the audit is clean and every subunit is placed.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { formatMoney } from '../../models/contract/money.ts';
import { closeTestServer, openTestServer } from '../support/test-server.ts';
import { runYear, type YearResult } from './run.ts';

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '30000' },
    days: { type: 'string', default: '365' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
});

const naira = (amount: number): string => formatMoney({ amount, currency: 'NGN' });
const listed = (counts: Map<string, number>): string =>
  [...counts].map(([what, count]) => `${what} ${count}`).join(', ') || 'none';

function report({ sales, outside, staff, emails, books }: YearResult): string {
  return [
    `${sales.orders} orders, ${sales.paid} payments, ${emails} emails; refused at checkout: ${listed(sales.refusals)}`,
    `${outside.faults} faults, ${outside.disputes} disputes, ${outside.preArbitrations} opened again, ${outside.dashboardRefunds} refunds at the dashboard`,
    `staff: ${staff.shipped} shipped, ${staff.refunds} refunds, ${staff.cancelled} cancelled, ${staff.answers} disputes answered, ${staff.reviews} reviews, ${staff.accounts} bank accounts; refused: ${listed(staff.refused)}`,
    `captured ${naira(books.captured)} in ${books.charges} charges = held ${naira(books.held)} + refunded ${naira(books.byRefund)} + lost in disputes ${naira(books.byDispute)}`,
    `${books.payouts} payouts: ${naira(books.gross)} − fees ${naira(books.fees)} − deductions ${naira(books.deductions)} = ${naira(books.net)}; not deducted yet: ${naira(books.undeducted)}`,
  ].join('\n');
}

async function main(): Promise<boolean> {
  const [orders, days, seed] = [Number(values.orders), Number(values.days), Number(values.seed)];
  if (![orders, days, seed].every(Number.isSafeInteger) || orders < 1 || days < 1)
    throw new Error('--orders, --days and --seed take whole numbers.');
  const { uri, prefix } = await openTestServer();
  Object.assign(process.env, { TEST_MONGODB_URI: uri, TEST_MONGODB_PREFIX: prefix });
  const startedAt = performance.now();
  const say = (line: string) =>
    console.log(`${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s  ${line}`);
  say(`a shop of ${orders} orders on ${days} days, seed ${seed}`);
  const result = await runYear({ seed, orders, days, say });
  const { problems, evidence } = result.books;
  console.log(`\n${report(result)}\n`);
  for (const problem of problems.slice(0, 50)) console.log(`- ${problem}`);
  for (const order of evidence) console.log(JSON.stringify(order));
  say(
    problems.length === 0 ? 'the audit is clean, and every subunit is placed' : `${problems.length} things are wrong`,
  );
  return problems.length === 0;
}

main()
  .finally(closeTestServer)
  .then(
    (clean) => process.exit(clean ? 0 : 1),
    (error: unknown) => {
      console.error(error);
      process.exit(2);
    },
  );
