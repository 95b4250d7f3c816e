/** Whether the charges of a payout account for it. Pure. */
import type { PayoutState } from '../contract/staff/payouts.ts';
import type { Payout, PayoutDifference } from './payout-document.ts';
import type { PayoutLine } from './payout-line-document.ts';

/** Named differences of single charges; the sums name the rest. */
const MAX_NAMED = 20;

export interface PayoutSums {
  rows: number;
  amount: number;
  fees: number;
}

export interface PayoutComparison {
  payout: Pick<Payout, 'gross' | 'fees' | 'deductions' | 'net' | 'currency'>;
  /** How many charges Paystack says that it has; null when it does not say. */
  total: number | null;
  /** Over the stored lines. */
  sums: PayoutSums;
  /** Of the stored lines: those that disagree with our order, and those of another currency. */
  odd: readonly Pick<PayoutLine, 'reference' | 'amount' | 'captured' | 'currency'>[];
  /** Charges of it that another payout has too. */
  twice: readonly { reference: string; payoutId: string; amount: number }[];
}

/**
 * The differences; none of them when the payout is proved. Charges of other systems count in the sums and are no
 * difference. A payout of an unknown number of charges is never proved: rows may be missing whose sum is zero.
 */
export function comparePayout({ payout, total, sums, odd, twice }: PayoutComparison): PayoutDifference[] {
  const { gross, fees, deductions, net } = payout;
  const differ = (kind: PayoutDifference['kind'], expected: number, found: number): PayoutDifference[] =>
    expected === found ? [] : [{ kind, expected, found }];
  return [
    ...(total === null ? [{ kind: 'rows_unknown', expected: 0, found: sums.rows } as const] : []),
    ...(total === null ? [] : differ('rows', total, sums.rows)),
    ...differ('gross', gross, sums.amount),
    ...differ('fees', fees, sums.fees),
    ...differ('net', gross - fees - deductions, net),
    ...odd
      .slice(0, MAX_NAMED)
      .map(({ reference, amount, captured, currency }) =>
        captured === undefined || currency !== payout.currency
          ? { kind: 'currency' as const, expected: 0, found: amount, reference }
          : { kind: 'captured' as const, expected: captured, found: amount, reference },
      ),
    ...twice.slice(0, MAX_NAMED).map(({ reference, payoutId, amount }) => ({
      kind: 'paid_twice' as const,
      expected: 0,
      found: amount,
      reference,
      payoutId,
    })),
  ];
}

export function stateOf(differences: readonly PayoutDifference[]): PayoutState {
  return differences.length === 0 ? 'proved' : 'differs';
}
