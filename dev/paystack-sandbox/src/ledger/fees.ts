/**
 * Paystack's published fees, in subunits, rounded up. Nigeria: local and international. Ghana, Kenya, South Africa: one rate
 * each. For dollars and the CFA franc the sandbox assumes the rate of international and of Ivorian cards.
 */
interface Charge {
  amount: number;
  currency: string;
  channel: string;
  /** Paid by a card of another country. */
  international: boolean;
}

/** Per mille. */
const RATES: ReadonlyMap<string, number> = new Map([
  ['NGN', 15],
  ['GHS', 19.5],
  ['KES', 29],
  ['ZAR', 29],
  ['USD', 39],
  ['XOF', 32],
]);

const INTERNATIONAL_RATE = 39;
const MPESA_RATE = 15;
const NAIRA_FIXED = 10_000;
const NAIRA_FIXED_FROM = 250_000;
const NAIRA_MOST = 200_000;
const RAND_FIXED = 100;

/** Rates have half per milles, so the product is taken in halves of a per mille. */
function share(amount: number, perMille: number): number {
  return Math.ceil((amount * Math.round(perMille * 2)) / 2_000);
}

export function feesOf({ amount, currency, channel, international }: Charge): number {
  const rate = RATES.get(currency) ?? 0;
  if (currency === 'NGN') {
    if (international) return share(amount, INTERNATIONAL_RATE) + NAIRA_FIXED;
    return Math.min(share(amount, rate) + (amount >= NAIRA_FIXED_FROM ? NAIRA_FIXED : 0), NAIRA_MOST);
  }
  if (currency === 'KES' && channel === 'mobile_money') return share(amount, MPESA_RATE);
  return share(amount, rate) + (currency === 'ZAR' ? RAND_FIXED : 0);
}
