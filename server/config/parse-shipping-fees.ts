import { MAX_PRICE } from '../../models/contract/limits.ts';
import { CURRENCIES, type Currency, type Money, parseMoney } from '../../models/contract/money.ts';
import { findCurrency } from '../../models/money.ts';
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
  const parts = text.split(',').map((part) => part.trim());
  const fees: Money[] = [];
  for (const part of parts) {
    const fee = parseFee(part, parts.length === 1 ? currency : null, report);
    if (fee === null) return [];
    if (fees.some((other) => other.currency === fee.currency)) report(`names ${fee.currency} twice`);
    fees.push(fee);
  }
  if (!fees.some((fee) => fee.currency === currency))
    report(`must have a fee in ${currency}, the currency of new prices (CURRENCY); ${currency} 0 is free delivery`);
  return fees;
}

/** `currency` is that of an amount alone; null: each amount must name its own. */
function parseFee(part: string, currency: Currency | null, report: (problem: string) => void): Money | null {
  const notUsable = () => {
    report(`${FORM}, not ${JSON.stringify(part.slice(0, 100))}`);
    return null;
  };
  const match = /^(?:([A-Za-z]{3})\s+)?(\d+(?:\.\d+)?)$/.exec(part);
  if (match === null) return notUsable();
  const [, code, digits = ''] = match;
  const named = code === undefined ? currency : findCurrency(code.toUpperCase());
  if (named === null && code !== undefined) {
    report(`names ${code.toUpperCase()}, which is not one of ${CURRENCIES.join(', ')}`);
    return null;
  }
  const amount = named === null ? null : parseMoney(digits, named);
  return named === null || amount === null || amount > MAX_PRICE ? notUsable() : { amount, currency: named };
}
