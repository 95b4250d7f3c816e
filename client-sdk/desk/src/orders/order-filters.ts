/** The filters of the list of orders, as they stand in the address. */
import type { OrderCounts, StaffOrdersInput } from '@orders-module/client';
import { wordOf } from '../app/search-params.ts';

export type Tab = keyof OrderCounts;

export const TABS: readonly [Tab, string][] = [
  ['to_ship', 'To ship'],
  ['unpaid', 'Unpaid'],
  ['shipped', 'Shipped'],
  ['delivered', 'Delivered'],
  ['cancelled', 'Cancelled'],
  ['all', 'All'],
];

/** Paystack's words for the ways of paying, with ours. */
export const CHANNELS: readonly [string, string][] = [
  ['card', 'Card'],
  ['bank_transfer', 'Bank transfer'],
  ['bank', 'Bank account'],
  ['ussd', 'USSD'],
  ['qr', 'QR code'],
  ['mobile_money', 'Mobile money'],
];

export interface OrderFilters {
  tab?: Tab;
  q?: string;
  tag?: string;
  /** Days, like 2026-11-28. */
  from?: string;
  to?: string;
  channel?: string;
  delivery?: string;
  product?: string;
}

const LENGTHS = { q: 254, tag: 40, from: 10, to: 10, channel: 40, delivery: 40, product: 24 } as const;

/** Of an address that somebody may have typed: what cannot be used is left out. */
export function readOrderFilters(search: Record<string, unknown>): OrderFilters {
  const words = Object.entries(LENGTHS).flatMap(([name, length]) => {
    const word = wordOf(search[name], length);
    return word === undefined || !isUsable(name, word) ? [] : [[name, word]];
  });
  const tab = TABS.find(([name]) => name === search.tab)?.[0];
  return { ...Object.fromEntries(words), ...(tab === undefined ? {} : { tab }) };
}

function isUsable(name: string, word: string): boolean {
  if (name === 'from' || name === 'to') return /^\d{4}-\d{2}-\d{2}$/.test(word);
  return name !== 'product' || /^[0-9a-f]{24}$/.test(word);
}

/** Without a tab, the day's work; a search looks everywhere. */
export function tabOf({ tab, q, tag }: OrderFilters): Tab {
  return tab ?? (q === undefined && tag === undefined ? 'to_ship' : 'all');
}

export function inputOf(filters: OrderFilters): Omit<StaffOrdersInput, 'cursor' | 'limit'> {
  const { tab: _, q, ...others } = filters;
  const tab = tabOf(filters);
  return { ...others, ...(q === undefined ? {} : { search: q }), ...(tab === 'all' ? {} : { list: tab }) };
}

/** How many filters beside tab and search are on. */
export function countFilters({ tag, from, to, channel, delivery, product }: OrderFilters): number {
  return [tag, from, to, channel, delivery, product].filter((value) => value !== undefined).length;
}
