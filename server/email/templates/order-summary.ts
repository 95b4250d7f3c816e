/** The order as both layouts print it, formatted once, so that text and HTML cannot disagree about a figure. */

import { countryName } from '../../../models/address/country.ts';
import { formatMoney } from '../../../models/contract/money.ts';
import type { EmailOrderView } from './email-content.ts';
import { oneLine } from './plain-text.ts';

export interface OrderSummary {
  code: string;
  customer: string;
  lines: { name: string; quantity: number; unitPrice: string; lineTotal: string }[];
  /** Subtotal, shipping, total, in this order; the last is the total. */
  sums: { label: string; amount: string; isTotal: boolean }[];
  /** One entry a line, without empty lines. */
  address: string[];
}

/** Throws INVALID_INPUT when an amount is no amount. The texts are not escaped for HTML yet. */
export function summarize(order: EmailOrderView): OrderSummary {
  const money = (amount: number) => formatMoney({ amount, currency: order.currency });
  const { name, line1, line2, city, state, postalCode, country, phone } = order.shippingAddress;
  const town = [[city, state].filter((part) => part !== undefined).join(', '), postalCode ?? ''].join(' ');
  const address = [name, line1, line2 ?? '', town, countryName(country), phone];
  return {
    code: oneLine(order.code),
    customer: oneLine(order.contactName, 100),
    lines: order.items.map((item) => ({
      name: [oneLine(item.title), oneLine(item.variant)].filter((part) => part !== '').join(', '),
      quantity: item.quantity,
      unitPrice: money(item.unitPrice),
      lineTotal: money(item.lineTotal),
    })),
    sums: [
      { label: 'Subtotal', amount: money(order.subtotal), isTotal: false },
      { label: 'Shipping', amount: money(order.shippingFee), isTotal: false },
      { label: 'Total', amount: money(order.total), isTotal: true },
    ],
    address: address.map((line) => oneLine(line)).filter((line) => line !== ''),
  };
}
