/**
 * `npm run year -- --orders N --days D --seed S` plays D days of a shop on a moved clock and compares its books. Exits with 1 when
 * they do not add up.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { formatMoney } from '../../models/contract/money.ts';
import { playYear } from './year.ts';

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '30000' },
    days: { type: 'string', default: '365' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
});

const MONEY: ReadonlySet<string> = new Set(['captured', 'returned', 'gross', 'fees', 'deductions', 'net']);

async function main(): Promise<boolean> {
  const [orders, days, seed] = [Number(values.orders), Number(values.days), Number(values.seed)];
  if (![orders, days, seed].every(Number.isInteger) || orders < 1 || days < 1)
    throw new Error('--orders and --days take whole numbers above 0, --seed a whole number.');
  const startedAt = performance.now();
  const { figures, violations } = await playYear({ orders, days, seed, say: (line) => console.log(line) });
  console.log(`\nyear ${seed}: ${days} days, ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  for (const [name, value] of Object.entries(figures))
    console.log(`  ${name.padEnd(12)} ${MONEY.has(name) ? formatMoney({ amount: value, currency: 'NGN' }) : value}`);
  console.log(violations.length === 0 ? 'every kobo is in its place' : violations.slice(0, 50).join('\n'));
  return violations.length === 0;
}

main().then(
  (clean) => process.exit(clean ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
