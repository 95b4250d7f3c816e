import type { Currency } from '../../models/contract/money.ts';
import { parseAmounts } from '../../models/pricing/parse-amounts.ts';
import type { ShippingFees } from '../../models/pricing/shipping-fee.ts';

const FORM = 'must be an amount with its currency, like NGN 1500 or NGN 1500, USD 5.50';

/**
 * `NGN 1500, USD 5.50`, or one amount alone, which is in `currency`; that currency must have a fee. A problem passed to
 * `report` completes the sentence "SHIPPING_FEE …". Without a `currency`, which is then reported itself, nothing is parsed.
 */
export function parseShippingFees(
  text: string,
  currency: Currency | null,
  report: (problem: string) => void,
): ShippingFees {
  if (currency === null) return [];
  const fees = parseAmounts(text, { currency, form: FORM, report });
  if (fees === null) return [];
  if (!fees.some((fee) => fee.currency === currency))
    report(`must have a fee in ${currency}, the currency of new prices (CURRENCY); ${currency} 0 is free delivery`);
  return fees;
}
