/** The lines of a visitor's cart as values: what the browser stores, and how presses change it. */
import { CURRENCIES, type Currency, type Money } from '../../../../models/contract/money.ts';

export interface GuestLine {
  variantId: string;
  /** 1 to MAX_LINE_UNITS. */
  quantity: number;
  /** The product's, for a message about a line that the shop did not take. */
  title: string;
  /** The price that the visitor last saw, in subunits of `currency`; 0 while none in it was seen. */
  seenPrice: number;
  /** That of all lines. */
  currency: Currency;
}

export interface AddedUnits extends Pick<GuestLine, 'variantId' | 'quantity' | 'title'> {
  /** As they were shown. An empty cart takes the first. */
  prices: readonly Money[];
}

/** Equal to the server's limits. */
export const MAX_LINE_UNITS = 999;
export const MAX_LINES = 100;

/** The stored lines; those of an older shape, or changed by hand, are left out. */
export function parseGuestLines(text: string | null): GuestLine[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(value)) return [];
    const lines = new Map(value.filter(isGuestLine).map((line) => [line.variantId, line]));
    return [...lines.values()].slice(0, MAX_LINES);
  } catch {
    return [];
  }
}

function isGuestLine(value: unknown): value is GuestLine {
  if (typeof value !== 'object' || value === null) return false;
  const { variantId, quantity, title, seenPrice, currency } = value as Partial<Record<keyof GuestLine, unknown>>;
  return (
    typeof variantId === 'string' &&
    /^[0-9a-f]{24}$/.test(variantId) &&
    isWhole(quantity, 1, MAX_LINE_UNITS) &&
    isWhole(seenPrice, 0, Number.MAX_SAFE_INTEGER) &&
    typeof title === 'string' &&
    CURRENCIES.some((known) => known === currency)
  );
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
}

/** The lines with the units added, or why the server would refuse them. */
export function addUnits(lines: readonly GuestLine[], added: AddedUnits): { lines: GuestLine[] } | { refusal: string } {
  const { prices, ...units } = added;
  const kept = lines[0]?.currency ?? prices[0]?.currency;
  const price = prices.find(({ currency }) => currency === kept);
  if (price === undefined) {
    const own = prices.map(({ currency }) => currency).join(' and ');
    return { refusal: `Your cart holds prices in ${kept}; this one is in ${own}. Order them one after the other.` };
  }
  const line = lines.find(({ variantId }) => variantId === added.variantId);
  const quantity = (line?.quantity ?? 0) + added.quantity;
  if (quantity > MAX_LINE_UNITS)
    return { refusal: `Your cart has ${line?.quantity ?? 0} of these already; ${MAX_LINE_UNITS} is the most.` };
  if (line === undefined && lines.length >= MAX_LINES)
    return { refusal: `Your cart is full: it holds at most ${MAX_LINES} different items.` };
  const grown = { ...units, quantity, seenPrice: price.amount, currency: price.currency };
  return { lines: line === undefined ? [...lines, grown] : lines.map((each) => (each === line ? grown : each)) };
}

/** 0 takes the line out. */
export function setUnits(lines: readonly GuestLine[], variantId: string, quantity: number): GuestLine[] {
  return lines
    .map((line) => (line.variantId === variantId ? { ...line, quantity } : line))
    .filter((line) => line.quantity > 0);
}

export interface ShownPrice {
  variantId: string;
  /** In subunits. */
  unitPrice: number;
}

/** Prices in another currency than the line's were shown of another cart. */
export function markSeen(lines: readonly GuestLine[], currency: Currency, prices: readonly ShownPrice[]): GuestLine[] {
  const seen = new Map(prices.map(({ variantId, unitPrice }) => [variantId, unitPrice]));
  return lines.map((line) =>
    line.currency === currency ? { ...line, seenPrice: seen.get(line.variantId) ?? line.seenPrice } : line,
  );
}

/** All lines in another currency, at the prices that the shop has quoted in it. */
export function inCurrency(
  lines: readonly GuestLine[],
  currency: Currency,
  quoted: readonly ShownPrice[],
): GuestLine[] {
  const prices = new Map(quoted.map(({ variantId, unitPrice }) => [variantId, unitPrice]));
  return lines.map((line) =>
    line.currency === currency ? line : { ...line, currency, seenPrice: prices.get(line.variantId) ?? 0 },
  );
}

/**
 * The lines in the currency of a quote of `kept`: the prices in the chosen one may be gone. Null for lines to leave as they are,
 * also because another tab has chosen since.
 */
export function asQuoted(
  lines: readonly GuestLine[],
  kept: readonly GuestLine[],
  quote: { currency: Currency; lines: readonly ShownPrice[] },
): GuestLine[] | null {
  const chosen = kept[0]?.currency;
  const isChosen = lines.every(({ currency }) => currency === chosen);
  return isChosen && quote.currency !== chosen ? inCurrency(lines, quote.currency, quote.lines) : null;
}

interface PricedLine {
  variantId: string;
  /** null when the variant no longer exists. */
  productId: string | null;
  productTitle: string;
}

/** The shop has no title of a variant that is gone, and the visitor knows the one that was chosen. */
export function withKeptTitles<L extends PricedLine>(lines: readonly L[], kept: readonly GuestLine[]): L[] {
  const titles = new Map(kept.map(({ variantId, title }) => [variantId, title]));
  return lines.map((line) => ({
    ...line,
    productTitle: line.productId === null ? (titles.get(line.variantId) ?? line.productTitle) : line.productTitle,
  }));
}

/** The lines that an account's cart did not take. A line that has changed meanwhile stays, too. */
export function withoutTaken(lines: readonly GuestLine[], taken: readonly GuestLine[]): GuestLine[] {
  return lines.filter(
    ({ variantId, quantity }) => !taken.some((line) => line.variantId === variantId && line.quantity === quantity),
  );
}
