/** The order as both layouts print it, formatted once, so that text and HTML cannot disagree about a figure. */

import { countryName } from '../../../models/address/country.ts';
import { formatMoney } from '../../../models/contract/money.ts';
import type { PaidAndReturned } from '../../../models/order/money/paid-and-returned.ts';
import type { EmailOrderView } from './email-content.ts';
import { oneLine } from './plain-text.ts';

export interface OrderSummary {
  code: string;
  customer: string;
  lines: { name: string; quantity: number; unitPrice: string; lineTotal: string; picture: string | null }[];
  /** Goods, shipping, total, and what went back of it or is on its way. */
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
      picture: item.picture ?? null,
    })),
    sums: [
      { label: 'Goods', amount: money(order.subtotal), isTotal: false },
      { label: 'Shipping', amount: money(order.shippingFee), isTotal: false },
      { label: 'Total', amount: money(order.total), isTotal: true },
      ...(order.money ? returnedRows(order.money) : []).map(([label, amount], index, rows) => ({
        label,
        amount,
        isTotal: index === rows.length - 1,
      })),
    ],
    address: address.map((line) => oneLine(line)).filter((line) => line !== ''),
  };
}

/** Below the total: what went back, what is on its way, and what was paid in the end. Empty while nothing goes back. */
export function returnedRows({ paid, returned, returning, currency }: PaidAndReturned): (readonly [string, string])[] {
  if (returned + returning === 0) return [];
  const say = (amount: number) => formatMoney({ amount, currency });
  return [
    ...(returned === 0 ? [] : [['Refunded', `-${say(returned)}`] as const]),
    ...(returning === 0 ? [] : [['Refund on its way', `-${say(returning)}`] as const]),
    ['Paid in the end', say(paid - returned - returning)],
  ];
}
