export const KINDS = [
  ['slips', 'Slips, A6'],
  ['slips-a4', 'Slips, A4'],
  ['pick-list', 'Pick list'],
  ['receipts', 'Receipts'],
] as const;

export interface PrintSearch {
  what?: (typeof KINDS)[number][0];
  /** Ids, with commas between them. */
  orders?: string;
}

export function readPrintSearch({ what, orders }: Record<string, unknown>): PrintSearch {
  const kind = KINDS.find(([name]) => name === what)?.[0];
  const ids = typeof orders === 'string' ? orders.split(',').filter((id) => /^[0-9a-f]{24}$/.test(id)) : [];
  return {
    ...(kind === undefined ? {} : { what: kind }),
    ...(ids.length === 0 ? {} : { orders: ids.slice(0, MAX_ORDERS).join(',') }),
  };
}

/** Of one printing. */
const MAX_ORDERS = 50;
