import { MAX_PRICE } from '../contract/limits.ts';
import { CURRENCIES, type Currency, type Money, parseMoney } from '../contract/money.ts';
import { findCurrency } from '../money.ts';

interface AmountsRule {
  /** Of an amount alone; null: each must name its own. */
  currency: Currency | null;
  /** Completes the sentence "It …" for a text that cannot be read. */
  form: string;
  /** Receives what completes the same sentence. */
  report: (problem: string) => void;
}

/** "NGN 1500, USD 5.50" → the amounts, each currency once. Null after a report of a text that cannot be read. */
export function parseAmounts(text: string, { currency, form, report }: AmountsRule): Money[] | null {
  const parts = text.split(',').map((part) => part.trim());
  const amounts: Money[] = [];
  for (const part of parts) {
    const amount = parseAmount(part, { currency: parts.length === 1 ? currency : null, form, report });
    if (amount === null) return null;
    if (amounts.some((other) => other.currency === amount.currency)) report(`names ${amount.currency} twice`);
    amounts.push(amount);
  }
  return amounts;
}

function parseAmount(part: string, { currency, form, report }: AmountsRule): Money | null {
  const notUsable = () => {
    report(`${form}, not ${JSON.stringify(part.slice(0, 100))}`);
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
