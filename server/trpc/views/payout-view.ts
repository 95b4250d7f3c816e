/** Payouts as staff see them, with a sentence for each difference. */
import { describeAmount } from '../../../models/contract/money.ts';
import type {
  AwaitedPayoutView,
  PayoutCharge,
  PayoutDifferenceKind,
  PayoutSummary,
  UnpaidChargeView,
} from '../../../models/contract/staff/payouts.ts';
import { codeOfReference } from '../../../models/order/ids/reference.ts';
import type { AwaitedPayout } from '../../../models/payout/awaited-payout.ts';
import type { Payout, PayoutDifference } from '../../../models/payout/payout-document.ts';
import { type PayoutLine, payoutOfLine } from '../../../models/payout/payout-line-document.ts';
import type { UnpaidCharge } from '../../../models/payout/unpaid-charge-document.ts';
import type { PassName } from '../../../models/reconcile/pass-state.ts';

export function toPayoutSummary(payout: Payout): PayoutSummary {
  const { _id: id, status, state, currency, gross, fees, deductions, net, paidOn, createdAt } = payout;
  return {
    ...{ id, status, state, currency, gross, fees, deductions, net },
    paidOn: paidOn?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    differences: (payout.differences ?? []).map((difference) => describeDifference(payout, difference)),
  };
}

export function toPayoutCharge(line: PayoutLine): PayoutCharge {
  const { _id, reference, amount, fees, currency, orderId } = line;
  return {
    transactionId: _id.slice(payoutOfLine(line).length + 1),
    ...{ reference, amount, fees, currency },
    orderId: orderId === undefined ? null : String(orderId),
    code: orderId === undefined ? null : codeOfReference(reference),
  };
}

export function toUnpaidCharge({ _id: reference, orderId, amount, currency, paidAt }: UnpaidCharge): UnpaidChargeView {
  const code = codeOfReference(reference);
  return { reference, orderId: String(orderId), code, amount, currency, paidAt: paidAt.toISOString() };
}

export function toAwaitedPayout(awaited: AwaitedPayout | null): AwaitedPayoutView {
  return { countedAt: awaited?.countedAt.toISOString() ?? null, sums: awaited?.sums ?? [] };
}

/** The lists of Paystack's that reconcile reads, in words. */
export const PASS_WORDS: Record<PassName, string> = {
  charges: 'charges',
  refunds: 'refunds',
  disputes: 'disputes',
  payouts: 'payouts',
  charges_daily: 'charges of the last 30 days',
};

type Describe = (difference: PayoutDifference, money: (amount: number) => string) => string;

const charges = (count: number) => (count === 1 ? '1 charge' : `${count} charges`);

const DIFFERENCES: Record<PayoutDifferenceKind, Describe> = {
  rows: ({ expected, found }) => `Paystack says that it holds ${charges(expected)}, and lists ${found}.`,
  rows_unknown: ({ found }) => `Paystack lists ${charges(found)}, and does not say how many there are.`,
  gross: ({ expected, found }, money) => `Its charges add up to ${money(found)}, and Paystack says ${money(expected)}.`,
  fees: ({ expected, found }, money) =>
    `The fees of its charges add up to ${money(found)}, and Paystack says ${money(expected)}.`,
  net: ({ expected, found }, money) =>
    `${money(found)} reached the bank, and ${expected < 0 ? 'less than nothing' : money(expected)} is left after fees and deductions.`,
  currency: ({ reference = '', found }, money) => `The charge ${reference} (${money(found)}) is in another currency.`,
  captured: ({ reference = '', expected, found }, money) =>
    `Paystack paid out ${money(found)} for the charge ${reference}, and ${expected === 0 ? 'nothing' : money(expected)} was captured with it.`,
  paid_twice: ({ reference = '', payoutId = '', found }, money) =>
    `The charge ${reference} (${money(found)}) is also in the payout ${payoutId}.`,
};

export function describeDifference({ currency }: Pick<Payout, 'currency'>, difference: PayoutDifference): string {
  return DIFFERENCES[difference.kind](difference, (amount) => describeAmount(amount, currency));
}
