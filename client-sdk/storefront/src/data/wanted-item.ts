/** An item that a visitor added before signing in. The tab stores it, and it is added to the cart after the sign-in. */
import type { Cart } from '@orders-module/client';
import { client } from './client.ts';
import { sayError } from './errors.ts';
import { tabNotes } from './notes.ts';

const NOTE = 'wanted-item';
const MISSED = 'wanted-item-missed';

export function rememberWanted(variantId: string, quantity: number): void {
  tabNotes.keep(NOTE, `${variantId}:${quantity}`);
}

/**
 * Makes sure that the stored item is in the cart, so that a second sign-in does not add it again. Null if there is none or
 * the call failed; the cart page then shows the failure.
 */
export async function addWanted(): Promise<Cart | null> {
  const [variantId, quantity] = (tabNotes.read(NOTE) ?? '').split(':');
  tabNotes.drop(NOTE);
  if (!variantId || !quantity) return null;
  try {
    const { cart, missed } = await client.cart.ensure.mutate({ lines: [{ variantId, quantity: Number(quantity) }] });
    if (missed[0] !== undefined) tabNotes.keep(MISSED, missed[0].message);
    return cart;
  } catch (error) {
    tabNotes.keep(MISSED, sayError(error));
    return null;
  }
}

/** The text of the failure; null if there was none. */
export function readMissed(): string | null {
  return tabNotes.read(MISSED);
}

export function forgetMissed(): void {
  tabNotes.drop(MISSED);
}
