/** Prints the report on payouts as text, for `npm run audit -- --payouts`. */
import { describeAmount } from '../../models/contract/money.ts';
import type { Payout } from '../../models/payout/payout-document.ts';
import type { PayoutReportOfShop, PayoutTotals } from '../../models/payout/payout-report.ts';
import { isPaidOut } from '../../models/payout/payout-reports.ts';
import { PASS_WORDS, toPayoutSummary } from '../trpc/views/payout-view.ts';

export function renderPayouts({ payouts, totals, unpaid, unpaidCount, setAside }: PayoutReportOfShop): string {
  const listed = unpaid.map(
    ({ _id, amount, currency, paidAt }) => `  ${_id}: ${describeAmount(amount, currency)}, paid ${dayOf(paidAt)}`,
  );
  const more = unpaidCount - unpaid.length;
  const sections = [
    payouts.length === 0 ? 'Payouts: none was read yet.' : ['Payouts:', ...payouts.map(payoutLines)].join('\n'),
    ...totals.map(totalLines),
    unpaidCount === 0
      ? 'No charge waits for a payout for more than three business days.'
      : [`Captured three business days ago and in no payout: ${unpaidCount}`, ...listed].join('\n') +
        (more > 0 ? `\n  and ${more} more` : ''),
    ...setAside.map(({ pass, rows }) =>
      [
        `Not readable at Paystack (${PASS_WORDS[pass]}): compare them by hand.`,
        ...rows.map(({ id, error, at }) => `  ${id}, since ${dayOf(at)}: ${error}`),
      ].join('\n'),
    ),
  ];
  return sections.join('\n\n');
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

function payoutLines(payout: Payout): string {
  const { id, currency, net, differences } = toPayoutSummary(payout);
  const paid = payout.paidOn === undefined ? dayOf(payout.createdAt) : dayOf(payout.paidOn);
  const head = `  ${paid}  ${id.padEnd(12)} ${describeAmount(net, currency).padStart(18)}  ${stateOf(payout)}`;
  return [head, ...differences.map((difference) => `      ${difference}`)].join('\n');
}

function stateOf({ state, status }: Payout): string {
  if (!isPaidOut({ status })) return `not at the bank: Paystack says “${status}”`;
  return { reading: 'its charges are not all read yet', proved: 'proved', differs: 'differs:' }[state];
}

function totalLines({ currency, count, ...sums }: PayoutTotals): string {
  const money = (amount: bigint | string) => describeAmount(Number(amount), currency);
  const { gross, fees, deductions, net, returned } = sums;
  const difference = describeDeducted(BigInt(returned) - BigInt(deductions), money);
  return [
    `${currency}: ${count === 1 ? '1 payout' : `${count} payouts`} of ${money(gross)}, less fees of ${money(fees)} and deductions of ${money(deductions)}: ${money(net)}.`,
    `  ${money(returned)} went back by refunds and disputes. ${difference}`,
  ].join('\n');
}

/** `waiting`: what went back, less what is deducted. */
function describeDeducted(waiting: bigint, money: (amount: bigint) => string): string {
  if (waiting === 0n) return 'All of it is deducted.';
  if (waiting > 0n) return `${money(waiting)} of that is not deducted yet.`;
  return `${money(-waiting)} more was deducted than went back of the orders here: for another system, or by mistake.`;
}
