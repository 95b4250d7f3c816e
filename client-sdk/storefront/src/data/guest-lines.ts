/** The lines of a visitor's cart as values: what the browser stores, and how presses change it. */

export interface GuestLine {
  variantId: string;
  /** 1 to MAX_LINE_UNITS. */
  quantity: number;
  /** The product's, for a message about a line that the shop did not take. */
  title: string;
  /** The price that the visitor last saw, in subunits of `currency`. */
  seenPrice: number;
  currency: string;
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
    isWhole(quantity, MAX_LINE_UNITS) &&
    isWhole(seenPrice, Number.MAX_SAFE_INTEGER) &&
    typeof title === 'string' &&
    typeof currency === 'string'
  );
}

function isWhole(value: unknown, most: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= most;
}

/** The lines with the units added, or why the server would refuse them. */
export function addUnits(lines: readonly GuestLine[], added: GuestLine): { lines: GuestLine[] } | { refusal: string } {
  const other = lines.find(({ currency }) => currency !== added.currency);
  if (other !== undefined)
    return {
      refusal: `Your cart holds prices in ${other.currency}; this one is in ${added.currency}. Order them one after the other.`,
    };
  const line = lines.find(({ variantId }) => variantId === added.variantId);
  const quantity = (line?.quantity ?? 0) + added.quantity;
  if (quantity > MAX_LINE_UNITS)
    return { refusal: `Your cart has ${line?.quantity ?? 0} of these already; ${MAX_LINE_UNITS} is the most.` };
  if (line === undefined && lines.length >= MAX_LINES)
    return { refusal: `Your cart is full: it holds at most ${MAX_LINES} different items.` };
  const grown = { ...added, quantity };
  return { lines: line === undefined ? [...lines, grown] : lines.map((each) => (each === line ? grown : each)) };
}

/** 0 takes the line out. */
export function setUnits(lines: readonly GuestLine[], variantId: string, quantity: number): GuestLine[] {
  return lines
    .map((line) => (line.variantId === variantId ? { ...line, quantity } : line))
    .filter((line) => line.quantity > 0);
}

export function markSeen(
  lines: readonly GuestLine[],
  prices: readonly { variantId: string; unitPrice: number }[],
): GuestLine[] {
  const seen = new Map(prices.map(({ variantId, unitPrice }) => [variantId, unitPrice]));
  return lines.map((line) => ({ ...line, seenPrice: seen.get(line.variantId) ?? line.seenPrice }));
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
