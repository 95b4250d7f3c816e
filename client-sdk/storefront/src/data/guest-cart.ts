/**
 * The cart of a visitor who is not signed in. The browser keeps its lines, for all tabs; the shop prices them. With the
 * first read of the cart after a sign-in they go into the account's cart, by the larger quantity of each.
 */
import { type Cart, isOrdersError } from '@orders-module/client';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { client } from '../../../parts/data/client.ts';
import { FormError, sayError } from '../../../parts/data/errors.ts';
import { sharedNotes, tabNotes } from '../../../parts/data/notes.ts';
import {
  type AddedUnits,
  addUnits,
  asQuoted,
  type GuestLine,
  inCurrency,
  parseGuestLines,
  setUnits,
  withKeptTitles,
  withoutTaken,
} from './guest-lines.ts';

const LINES = 'cart';
const MISSED = 'cart-missed';
const CHANGED = 'storefront:cart';

/** The last text and what it says, so that an unchanged text gives the same value. */
let known: { text: string | null; lines: readonly GuestLine[] } = { text: null, lines: [] };

export function readGuestLines(): readonly GuestLine[] {
  const text = sharedNotes.read(LINES);
  if (text !== known.text) known = { text, lines: parseGuestLines(text) };
  return known.lines;
}

function writeGuestLines(lines: readonly GuestLine[]): void {
  if (lines.length === 0) sharedNotes.drop(LINES);
  else sharedNotes.keep(LINES, JSON.stringify(lines));
  window.dispatchEvent(new Event(CHANGED));
}

/** Changes in this tab and in others. Returns a function that ends the subscription. */
export function onGuestCart(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  window.addEventListener('storage', onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener('storage', onChange);
  };
}

/** On the server, and while the browser takes its page over. */
const NO_LINES: readonly GuestLine[] = [];

export function useGuestLines(): readonly GuestLine[] {
  return useSyncExternalStore(onGuestCart, readGuestLines, () => NO_LINES);
}

/** Throws a FormError for what the shop would refuse. */
export function addToGuestCart(added: AddedUnits): void {
  const result = addUnits(readGuestLines(), added);
  if ('refusal' in result) throw new FormError(result.refusal);
  writeGuestLines(result.lines);
}

export function setGuestQuantity(variantId: string, quantity: number): void {
  writeGuestLines(setUnits(readGuestLines(), variantId, quantity));
}

export function changeGuestLines(change: (lines: readonly GuestLine[]) => GuestLine[]): void {
  writeGuestLines(change(readGuestLines()));
}

/** The lines as the shop takes them, in the currency that the visitor chose. */
function toWanted(kept: readonly GuestLine[]) {
  const [first] = kept;
  const lines = kept.map(({ variantId, quantity, seenPrice }) => ({
    variantId,
    quantity,
    ...(seenPrice === 0 ? {} : { seenPrice }),
  }));
  return { lines, ...(first === undefined ? {} : { currency: first.currency }) };
}

/** The visitor's lines in another currency, once the shop has a price of each in it. Throws a FormError otherwise. */
export async function setGuestCurrency(currency: GuestLine['currency']): Promise<void> {
  const { lines } = toWanted(readGuestLines());
  const unseen = lines.map(({ variantId, quantity }) => ({ variantId, quantity }));
  const cart = await client.cart.quote.mutate({ lines: unseen, currency });
  if (!cart.currencies.includes(currency)) throw new FormError(`Something in your cart has no price in ${currency}.`);
  changeGuestLines((kept) => inCurrency(kept, currency, cart.lines));
}

/** The lines at today's prices, with what is short. */
export const guestCartQuery = queryOptions({
  queryKey: ['guest-cart'],
  queryFn: async ({ signal }) => {
    const kept = readGuestLines();
    if (kept.length === 0) return EMPTY;
    const cart = await client.cart.quote.mutate(toWanted(kept), { signal });
    const quoted = asQuoted(readGuestLines(), kept, cart);
    if (quoted !== null) writeGuestLines(quoted);
    return { ...cart, lines: withKeptTitles(cart.lines, kept) };
  },
});

const EMPTY: Cart = {
  lines: [],
  itemCount: 0,
  subtotal: 0,
  shippingFee: 0,
  total: 0,
  currency: 'NGN',
  currencies: ['NGN'],
  refusal: null,
  problems: [],
};

/** Reads the priced lines again after a change by another tab. */
export function followGuestCart(queryClient: QueryClient): void {
  window.addEventListener('storage', ({ key }) => {
    if (key === LINES || key === null) void queryClient.invalidateQueries({ queryKey: guestCartQuery.queryKey });
  });
}

/**
 * The account's cart, with the visitor's lines in it. They are dropped here once the shop has them. May be repeated: the
 * larger quantity of each line stays.
 */
export async function readMergedCart(signal: AbortSignal): Promise<Cart> {
  const kept = readGuestLines();
  if (kept.length === 0) return client.cart.get.query(undefined, { signal });
  try {
    const { cart, missed } = await client.cart.ensure.mutate(toWanted(kept));
    const titles = new Map(kept.map(({ variantId, title }) => [variantId, title]));
    writeGuestLines(withoutTaken(readGuestLines(), kept));
    keepMissed(missed.map(({ variantId, message }) => `${titles.get(variantId) ?? 'One item'}: ${message}`));
    return cart;
  } catch (error) {
    if (isOrdersError(error, 'UNAUTHENTICATED')) throw error;
    // The lines stay here, and the next read tries again.
    keepMissed([sayError(error)]);
    return client.cart.get.query(undefined, { signal });
  }
}

function keepMissed(messages: readonly string[]): void {
  if (messages.length === 0) tabNotes.drop(MISSED);
  else tabNotes.keep(MISSED, messages.join('\n'));
  window.dispatchEvent(new Event(CHANGED));
}

/** Why lines of the visitor's cart are not in the account's; empty if all are, or the shopper has read it. */
export function useMissed(): { missed: readonly string[]; forget: () => void } {
  const text = useSyncExternalStore(
    onGuestCart,
    () => tabNotes.read(MISSED),
    () => null,
  );
  return { missed: text === null ? [] : text.split('\n'), forget: () => keepMissed([]) };
}
