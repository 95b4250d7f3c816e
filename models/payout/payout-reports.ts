/** Paystack's reports on payouts, as plain data. Amounts are integers in the subunit of `currency`. */

/** Paystack calls it a settlement. */
export interface PayoutReport {
  payoutId: string;
  domain: string;
  /** success, processing, pending, failed, or an unknown word. Old rows stay pending for ever. */
  status: string;
  currency: string;
  /** The sum of its charges. */
  gross: number;
  fees: number;
  /** For refunds and disputes, as one sum. */
  deductions: number;
  /** The sum that reaches the bank. */
  net: number;
  paidOn: Date | null;
  createdAt: Date | null;
}

/** One charge in a payout. */
export interface PayoutChargeReport {
  /** Paystack's transaction id. */
  gatewayId: string;
  reference: string;
  amount: number;
  /** null when Paystack does not say. */
  fees: number | null;
  currency: string;
}

/** The word of a payout that has reached the bank. */
export function isPaidOut({ status }: Pick<PayoutReport, 'status'>): boolean {
  return status === 'success';
}
