/** What a visitor wanted to put into the cart before signing in; put there right after. Kept by the tab. */
import type { Cart } from '@orders-module/client';
import { client } from './client.ts';
import { sayFailedChange } from './errors.ts';
import { tabNotes } from './notes.ts';

const NOTE = 'wanted-item';
const MISSED = 'wanted-item-missed';

export function rememberWanted(variantId: string, quantity: number): void {
  tabNotes.keep(NOTE, `${variantId}:${quantity}`);
}

/** Adds what was wanted, once. Null when there was nothing, or it failed: the cart's page then says why, once. */
export async function addWanted(): Promise<Cart | null> {
  const [variantId, quantity] = (tabNotes.read(NOTE) ?? '').split(':');
  tabNotes.drop(NOTE);
  if (!variantId || !quantity) return null;
  try {
    return await client.cart.addItem.mutate({ variantId, quantity: Number(quantity) });
  } catch (error) {
    tabNotes.keep(MISSED, sayFailedChange(error));
    return null;
  }
}

/** Why what was wanted did not come into the cart; null when it did. */
export function readMissed(): string | null {
  return tabNotes.read(MISSED);
}

export function forgetMissed(): void {
  tabNotes.drop(MISSED);
}
